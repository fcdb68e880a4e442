"""What the rules must leave possible: ceilings that forbid all would prove every theorem and serve nobody."""

from dataclasses import dataclass
from typing import Final

from catalogue.classification import Sensitivity
from gateway.proofs.symbolic_request import itself, published_red_list, scene_asks
from gateway.proofs.theorem import Condition


@dataclass(frozen=True, slots=True)
class Possibility:
    """Something that the rules must allow to somebody who holds a purpose, or they forbid too much."""

    name: str
    zh: str
    en: str
    allowed: Condition


def _reads(purpose: str, data_class: str) -> Condition:
    """Whether fields of a class are read for a purpose."""
    return lambda request: request.under(purpose) & request.makes("read") & request.of(data_class)


def _reads_of_itself(data_class: str) -> Condition:
    """Whether the subject reads a sensitive field of a class about itself."""
    return lambda request: (
        itself(request)
        & request.makes("read")
        & request.of(data_class)
        & request.at_least(Sensitivity.SENSITIVE)
    )


POSSIBLE: Final[tuple[Possibility, ...]] = (
    Possibility(
        "reward-reads-honours",
        "激励可读荣誉和红名单",
        "A reward can rest on honours and red lists",
        lambda request: _reads("reward", "INCENTIVE")(request) & request.at_least(Sensitivity.PERSONAL),
    ),
    Possibility(
        "scene-gets-its-answer",
        "激励场景可得到自己的单向回答",
        "A scene that rewards gets its one-sided answer",
        lambda request: (
            scene_asks(request) & request.makes("read") & request.of("INCENTIVE") & request.serves_its_scene()
        ),
    ),
    Possibility(
        "subject-reads-its-standing",
        "本人可见自己的激励资格",
        "The subject can see which incentives it may enjoy",
        lambda request: itself(request) & request.makes("read") & request.has_scene,
    ),
    Possibility(
        "subject-is-told-the-reasons",
        "本人可见未获激励的原因",
        "The subject can be told why an incentive is not granted",
        lambda request: itself(request) & request.takes("XY-STD-002") & request.makes("read"),
    ),
    Possibility(
        "answers-rest-on-records",
        "单向回答可由失信信息推导",
        "A one-sided answer can be derived from adverse records, which nobody who rewards sees",
        lambda request: scene_asks(request) & request.makes("derive") & request.of("ADVERSE"),
    ),
    Possibility(
        "subject-reads-its-score",
        "本人可读自己的积分",
        "The subject can read its score",
        _reads_of_itself("INCENTIVE"),
    ),
    Possibility(
        "subject-reads-its-number",
        "本人可读自己的身份证号",
        "The person can read the identity number",
        _reads_of_itself("IDENTITY"),
    ),
    Possibility(
        "guardian-reads-its-ward",
        "监护人可读被监护人的敏感信息",
        "The guardian can read what is sensitive of the ward",
        lambda request: (
            request.under("subject")
            & request.through("ward")
            & request.makes("read")
            & request.of("IDENTITY")
            & request.at_least(Sensitivity.SENSITIVE)
        ),
    ),
    Possibility(
        "supervision-reads-grades",
        "监管可读评级",
        "Supervision can read grades",
        _reads("supervision", "GRADE"),
    ),
    Possibility(
        "social-insurance-reads-its-grade",
        "社会保险缴费监管可读缴费信用等级",
        "Supervision of social insurance can read the payment grade",
        lambda request: _reads("supervision.social_insurance", "GRADE")(request) & request.takes("XY-SS-002"),
    ),
    Possibility(
        "answers-rest-on-the-payment-grade",
        "单向回答可由缴费信用等级推导",
        "A one-sided answer can be derived from the payment grade",
        lambda request: request.under("reward") & request.makes("derive") & request.takes("XY-SS-002"),
    ),
    Possibility(
        "collectors-read-insurance-arrears",
        "征缴机关可读社会保险费欠缴",
        "Those who collect them can read insurance arrears",
        lambda request: (
            _reads("supervision.social_insurance", "ADVERSE")(request) & request.takes("XY-SS-003")
        ),
    ),
    Possibility(
        "responsible-persons-are-marked",
        "税务监管可见决定所认定的责任人员",
        "Supervision of taxpayers can read whom a decision marks as responsible",
        lambda request: (
            request.under("supervision.tax") & request.makes("read") & request.takes("XY-TAX-004")
        ),
    ),
    Possibility(
        "measure-reads-judgments",
        "惩戒措施可读司法信息",
        "A measure can rest on judgments",
        _reads("measure", "JUDICIAL"),
    ),
    Possibility(
        "rights-read-rights",
        "权益保障可读异议和修复",
        "Rights officers can read objections and repairs",
        _reads("rights", "RIGHTS"),
    ),
    Possibility(
        "officers-are-named",
        "经企业可见任职人员姓名",
        "The name of an enterprise's officer can be read",
        lambda request: request.through("person") & request.makes("read") & request.of("IDENTITY"),
    ),
    Possibility(
        "person-is-found-by-number",
        "可以身份证号查找本人",
        "A person can be found by the identity number",
        lambda request: request.takes("XY-REG-001") & request.makes("argument"),
    ),
    Possibility(
        "catalogue-is-open",
        "目录对所有人公开",
        "The catalogue can be read for no other purpose",
        _reads("open", "OPEN"),
    ),
    Possibility(
        "adverse-records-are-published",
        "依法公开的失信信息可以公示",
        "An adverse record that is public by law can be published",
        _reads("disclosure", "ADVERSE"),
    ),
    Possibility(
        "red-lists-are-published",
        "依法公开的红名单可以公示",
        "A red list that is public by law can be published",
        lambda request: (
            _reads("disclosure", "INCENTIVE")(request)
            & request.at_least(Sensitivity.PERSONAL)
            & published_red_list(request)
        ),
    ),
)

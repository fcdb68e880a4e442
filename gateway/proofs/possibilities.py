"""What the rules must leave possible: ceilings that forbid all would prove every theorem and serve nobody."""

from __future__ import annotations

from typing import Final

from catalogue.classification import Sensitivity
from gateway.proofs.solver import every
from gateway.proofs.statement import Possibility
from gateway.proofs.theorems import itself, scene_asks

POSSIBLE: Final[tuple[Possibility, ...]] = (
    Possibility(
        "reward-reads-honours",
        "激励可读荣誉和红名单",
        "A reward can rest on honours and red lists",
        lambda request: every(
            (
                request.under("reward"),
                request.makes("read"),
                request.of("INCENTIVE"),
                request.at_least(Sensitivity.PERSONAL),
            )
        ),
    ),
    Possibility(
        "scene-gets-its-answer",
        "激励场景可得到自己的单向回答",
        "A scene that rewards gets its one-sided answer",
        lambda request: every(
            (scene_asks(request), request.makes("read"), request.of("INCENTIVE"), request.serves_its_scene())
        ),
    ),
    Possibility(
        "subject-reads-its-standing",
        "本人可见自己的激励资格",
        "The subject can see which incentives it may enjoy",
        lambda request: every((itself(request), request.makes("read"), request.has_scene)),
    ),
    Possibility(
        "answers-rest-on-records",
        "单向回答可由失信信息推导",
        "A one-sided answer can be derived from adverse records, which nobody who rewards sees",
        lambda request: every((scene_asks(request), request.makes("derive"), request.of("ADVERSE"))),
    ),
    Possibility(
        "subject-reads-its-score",
        "本人可读自己的积分",
        "The subject can read its score",
        lambda request: every(
            (
                itself(request),
                request.makes("read"),
                request.of("INCENTIVE"),
                request.at_least(Sensitivity.SENSITIVE),
            )
        ),
    ),
    Possibility(
        "subject-reads-its-number",
        "本人可读自己的身份证号",
        "The person can read the identity number",
        lambda request: every(
            (
                itself(request),
                request.makes("read"),
                request.of("IDENTITY"),
                request.at_least(Sensitivity.SENSITIVE),
            )
        ),
    ),
    Possibility(
        "supervision-reads-grades",
        "监管可读评级",
        "Supervision can read grades",
        lambda request: every((request.under("supervision"), request.makes("read"), request.of("GRADE"))),
    ),
    Possibility(
        "measure-reads-judgments",
        "惩戒措施可读司法信息",
        "A measure can rest on judgments",
        lambda request: every((request.under("measure"), request.makes("read"), request.of("JUDICIAL"))),
    ),
    Possibility(
        "rights-read-rights",
        "权益保障可读异议和修复",
        "Rights officers can read objections and repairs",
        lambda request: every((request.under("rights"), request.makes("read"), request.of("RIGHTS"))),
    ),
    Possibility(
        "officers-are-named",
        "经企业可见任职人员姓名",
        "The name of an enterprise's officer can be read",
        lambda request: every((request.through("person"), request.makes("read"), request.of("IDENTITY"))),
    ),
    Possibility(
        "person-is-found-by-number",
        "可以身份证号查找本人",
        "A person can be found by the identity number",
        lambda request: every((request.takes("XY-REG-001"), request.makes("argument"))),
    ),
    Possibility(
        "catalogue-is-open",
        "目录对所有人公开",
        "The catalogue can be read for no other purpose",
        lambda request: every((request.under("open"), request.makes("read"), request.of("OPEN"))),
    ),
    Possibility(
        "adverse-records-are-published",
        "依法公开的失信信息可以公示",
        "An adverse record that is public by law can be published",
        lambda request: every((request.under("disclosure"), request.makes("read"), request.of("ADVERSE"))),
    ),
)

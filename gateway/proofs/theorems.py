"""What the ceilings are for, as theorems: each holds whatever permit anybody adds.

A ceiling that is added adds its theorem here, or in `record_theorems.py` where it is about a class of record or one item.
`possibilities.py` has what must stay possible.
"""

from collections.abc import Collection, Mapping
from typing import Final

from catalogue.classification import Sensitivity, Use
from gateway.proofs.record_theorems import RECORD_THEOREMS
from gateway.proofs.solver import fixed
from gateway.proofs.symbolic_request import (
    ENTERPRISES,
    OFFICES,
    RED_LISTS,
    itself,
    itself_or_guardian,
    names_and,
    ordinary,
    public_by_law,
    published_red_list,
    scene_asks,
)
from gateway.proofs.theorem import Theorem
from gateway.proofs.vocabulary import STRING

BRANCHES: Final = (
    *("open", "reward", "supervision", "measure", "approval", "financing", "procurement", "personnel"),
    *("recognition", "disclosure", "subject", "rights", "push", "oversight", "statistics"),
)
ABOUT_PERSONS: Final = (
    *("reward", "approval", "supervision", "measure", "financing", "personnel", "subject", "rights"),
)
"""The branches whose duties are about persons, so that one may be looked for by number."""
MENTIONED: Final[Mapping[str, Collection[str]]] = {
    "Purpose": (*BRANCHES, "supervision.social_insurance", "supervision.tax", "procurement.supplier"),
    "CallerKind": ("organ",),
    STRING: ("own", "asked", "ward", "person", "PUBLIC"),
    "Item": (
        *("XY-CRT-002", "XY-REG-001", ENTERPRISES, OFFICES, "XY-SS-002", "XY-SS-003"),
        *("XY-STD-001", "XY-STD-002", "XY-TAX-003", "XY-TAX-004", RED_LISTS),
    ),
}
"""The names of purposes, items and texts that theorems may use, by sort; classes may all be used."""


def _declared(use: Use) -> Theorem:
    name = use.value.replace("_", "-")
    return Theorem(
        f"{name}-only-where-declared",
        f"字段未声明的用途不存在：{use.value}",
        f"A field that does not declare the use {use.value} is not used so",
        lambda request: request.makes(use.value),
        lambda request: request.declares(use.value),
        (f"no-{name}-undeclared",),
    )


THEOREMS: Final[tuple[Theorem, ...]] = (
    Theorem(
        "only-holders",
        "任何主体只能以其持有的目的提出请求",
        "Nobody uses a purpose that its kind does not hold",
        lambda _: fixed(True),
        lambda request: request.held,
    ),
    Theorem(
        "only-leaves",
        "目的须为末级",
        "A purpose is a leaf",
        lambda _: fixed(True),
        lambda request: request.leaf,
        ("only-leaf-purposes",),
    ),
    Theorem(
        "incentive-only-rewards",
        "激励信息只用于激励，此外仅本人及其监护人可用，依法公开的红名单可公示",
        "Incentive data serves a reward, its subject or the guardian of a minor, and public red lists are published",
        lambda request: request.of("INCENTIVE"),
        lambda request: (
            request.under("reward")
            | itself_or_guardian(request)
            | (request.under("disclosure") & published_red_list(request))
        ),
    ),
    Theorem(
        "incentive-only-read",
        "激励信息不用于筛选、排序、汇总、探查、关联或查找",
        "Incentive data is read or derived from, and never filters, sorts, counts, probes, joins or finds",
        lambda request: request.of("INCENTIVE"),
        lambda request: request.makes("read", "derive", "history"),
    ),
    Theorem(
        "score-for-its-subject-alone",
        "积分和等级仅本人及其监护人可见",
        "A score or a band is seen by its subject, or the guardian of a minor, alone",
        lambda request: request.of("INCENTIVE") & request.at_least(Sensitivity.SENSITIVE) & request.sees(),
        itself_or_guardian,
        ("sensitive-only-for-the-subject",),
    ),
    Theorem(
        "measures-rest-on-lists",
        "惩戒措施不使用激励、评级、政务信息和权益信息，失信信息仅限名单",
        "A measure uses no incentive data, grade, administrative record or rights, and of adverse records a list",
        lambda request: request.under("measure"),
        lambda request: (
            ~request.of("INCENTIVE", "GRADE", "ADMINISTRATIVE", "RIGHTS")
            & (~request.of("ADVERSE") | request.takes("XY-TAX-003"))
        ),
        ("measures-rest-on-lists", "incentive-only-rewards"),
    ),
    Theorem(
        "rewards-see-no-adverse-record",
        "激励看不到失信和司法信息",
        "Whoever rewards sees no adverse and no judicial record",
        lambda request: request.under("reward") & request.sees(),
        lambda request: ~request.of("ADVERSE", "JUDICIAL"),
    ),
    Theorem(
        "partners-see-public-registers",
        "互认城市只见一般敏感度的公开登记、身份和目录",
        "A partner city sees ordinary public record and identity, and the catalogue",
        lambda request: request.under("recognition") & request.sees(),
        lambda request: ordinary(request, "PUBLIC_RECORD", "IDENTITY", "OPEN"),
    ),
    Theorem(
        "statistics-only-count",
        "统计只汇总，只读统计表和目录",
        "Statistics count, and read nothing but tables and the catalogue",
        lambda request: request.under("statistics") & ~request.makes("aggregate"),
        lambda request: request.of("STATISTIC", "OPEN"),
    ),
    Theorem(
        "only-statistics-count",
        "只有统计可以汇总",
        "Nothing is counted but for statistics",
        lambda request: request.makes("aggregate"),
        lambda request: request.under("statistics"),
    ),
    Theorem(
        "open-is-the-catalogue",
        "公开用途只限目录",
        "What is open to all is the catalogue",
        lambda request: request.under("open"),
        lambda request: request.of("OPEN"),
    ),
    Theorem(
        "publications-show-what-is-public",
        "公示只限依法公开的登记和红名单、一般敏感度的身份和目录",
        "A publication shows records and red lists that are public by law, ordinary identity, and the catalogue",
        lambda request: request.under("disclosure") & request.sees(),
        lambda request: request.of("OPEN") | ordinary(request, "IDENTITY") | public_by_law(request),
        ("publications-show-what-is-public", "incentive-only-rewards"),
    ),
    Theorem(
        "duties-use-named-items",
        "监管、惩戒措施、审批、采购和人事核查只用其列明的信息项和目录",
        "Supervision, a measure, an approval, a procurement and a personnel check use the items that are named for them,"
        " and the catalogue",
        lambda request: request.under("supervision", "measure", "approval", "procurement", "personnel"),
        lambda request: request.named | request.of("OPEN"),
        ("unnamed-items-serve-no-duty",),
    ),
    Theorem(
        "scene-only",
        "激励资格只对其场景和本人可见",
        "Whether an incentive may be enjoyed is seen for its own scene and by the subject",
        lambda request: request.has_scene & request.sees(),
        lambda request: request.serves_its_scene() | request.under("subject"),
    ),
    Theorem(
        "scenes-see-one-sided-answers",
        "行政机关以外的激励者只见单向回答和目录",
        "Whoever rewards and is no organ sees one-sided answers and the catalogue",
        lambda request: scene_asks(request) & request.sees(),
        lambda request: (
            request.serves_its_scene()
            | (request.takes("XY-STD-001") & request.at_most(Sensitivity.ORDINARY))
            | request.of("OPEN")
        ),
        ("scenes-see-one-sided-answers", "scene-only"),
    ),
    Theorem(
        "scenes-probe-nobody",
        "行政机关以外的激励者不探查、不关联任何主体",
        "Whoever rewards and is no organ probes nobody and follows nobody to another",
        lambda request: scene_asks(request) & request.makes("exists", "join_key"),
        lambda _: fixed(False),
        used=False,
    ),
    Theorem(
        "derive-only-to-reward",
        "推导只用于激励和本人",
        "Nothing is derived from but to reward, and for the subject",
        lambda request: request.makes("derive"),
        lambda request: request.under("reward", "subject"),
    ),
    Theorem(
        "identity-number-for-its-person-alone",
        "身份证号仅本人及其监护人可见",
        "An identity number is seen by its person, or the guardian of a minor, alone",
        lambda request: request.of("IDENTITY") & request.at_least(Sensitivity.SENSITIVE) & request.sees(),
        itself_or_guardian,
        ("sensitive-only-for-the-subject",),
    ),
    Theorem(
        "sensitive-for-its-subject-alone",
        "敏感信息仅本人及其监护人可见",
        "What is sensitive is seen by its subject, or the guardian of a minor, alone",
        lambda request: request.at_least(Sensitivity.SENSITIVE) & request.sees(),
        itself_or_guardian,
        ("sensitive-only-for-the-subject",),
    ),
    Theorem(
        "reasons-for-the-subject-alone",
        "未获激励的原因仅告知本人",
        "Why an incentive is not granted is told to the subject alone",
        lambda request: request.takes("XY-STD-002"),
        itself,
    ),
    Theorem(
        "subject-asks-of-itself",
        "本人用途不涉及他人",
        "Under the subject's own purposes nobody is asked about but the subject",
        lambda request: request.under("subject"),
        lambda request: ~request.through("asked"),
    ),
    Theorem(
        "subject-sees-others-in-public",
        "本人用途只见本人和被监护人信息，对他人只见姓名、任职和企业登记",
        "Under the subject's own purposes others but its own ward are seen by name, office and registration at most",
        lambda request: request.under("subject") & ~itself_or_guardian(request) & request.sees(),
        lambda request: names_and(request, ENTERPRISES, OFFICES),
        ("subject-sees-others-in-public", "subject-asks-of-itself"),
    ),
    Theorem(
        "borrower-authorises-for-itself",
        "授权只及于借款人本身，经由其到达的他人只见姓名、任职和企业登记",
        "Under a borrower's authorisation others are seen by name, office and registration at most",
        lambda request: request.under("financing") & ~request.through("asked") & request.sees(),
        lambda request: names_and(request, ENTERPRISES, OFFICES),
    ),
    Theorem(
        "persons-are-found-for-duties",
        "只有涉及自然人的职责可按身份证号查找",
        "A person is looked for by number only for a duty that is about persons",
        lambda request: request.of("IDENTITY") & request.makes("argument", "exists"),
        lambda request: request.under(*ABOUT_PERSONS),
    ),
    Theorem(
        "nobody-through-another",
        "经由他人只能看到姓名和任职",
        "A person reached through another shows name and office at most",
        lambda request: request.through("person") & request.sees(),
        lambda request: names_and(request, OFFICES),
    ),
    Theorem(
        "wards-for-their-guardian-alone",
        "被监护人仅其监护人以本人用途可见，其他人只见姓名和任职",
        "A ward is seen by the guardian who asks as such; anybody else sees name and office at most",
        lambda request: request.through("ward") & request.sees(),
        lambda request: request.under("subject") | names_and(request, OFFICES),
        ("nobody-through-another",),
    ),
    Theorem(
        "rights-for-subject-and-officers",
        "权益信息仅本人及其监护人、权益保障和监督可见",
        "Consents, objections and repairs are seen by the subject, the guardian of a minor, rights officers and oversight alone",
        lambda request: request.of("RIGHTS") & request.sees(),
        lambda request: request.under("rights", "oversight") | itself_or_guardian(request),
        ("rights-only-for-subject-and-officers",),
    ),
    *RECORD_THEOREMS,
    *(_declared(use) for use in Use),
)

"""One-sided answers: whether a subject may enjoy an incentive, as TRUE or nothing; one field an incentive.

Nothing stands alike for a subject that is unknown, a minor, dead, erased, not enrolled, without consent, or below the
condition (宛信用办〔2022〕4号: the score is for incentives only; 个人信息保护法 art. 6). All answers of a scene are at one
bar, so that none of them tells beside another what it may not: `catalogue.incentives.scene_threshold`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

import strawberry

from catalogue.incentives.incentive_catalogue import Beneficiary, Incentive
from catalogue.incentives.scene_threshold import answerable
from schema.classification import (
    Classification,
    DataClass,
    Sensitivity,
    Use,
    bilingual,
    classified,
    inputs,
)

ITEM: Final = "XY-STD-001"
DECLASSIFICATION: Final = "one-sided-eligibility"
STANDING: Final = Classification(ITEM, DataClass.INCENTIVE)

ALWAYS: Final[Mapping[Beneficiary, tuple[str, ...]]] = {
    "person": (
        "Person.birthDate",
        "Person.deceased",
        "CreditScore.enrolledOn",
        "Consent.scene",
        "Consent.grantee",
        "Consent.givenOn",
        "Consent.until",
        "Consent.withdrawnOn",
    ),
    "enterprise": ("Enterprise.status",),
}
"""What every answer about a kind of subject is derived from."""
STATED: Final[Mapping[str, tuple[str, ...]]] = {
    "least_score": ("CreditScore.score",),
    "clean_years": (
        "TaxArrears.since",
        "TaxArrears.clearedOn",
        "SeriousTaxViolation.delistedOn",
        "InsuranceArrears.since",
        "InsuranceArrears.clearedOn",
        "JudgmentDefault.performance",
        "JudgmentDefault.listedOn",
        "JudgmentDefault.expiresOn",
        "ClosedEnforcement.closedOn",
        "ClosedEnforcement.unperformedFen",
        "TransportViolation.decidedOn",
    ),
    "red_list": ("RedListEntry.listedOn", "RedListEntry.until"),
    "honour_levels": ("Honour.level",),
    "tax_grades": ("TaxGrade.grade",),
    "transport_grades": ("TransportGrade.grade",),
    "payment_grades": ("SocialSecurityGrade.grade",),
}
"""What each line of a condition is derived from."""


@strawberry.enum(description=bilingual("单向回答", "A one-sided answer: there is no other value than this"))
class OneSided(Enum):
    """单向回答: TRUE, or null, which says nothing."""

    TRUE = strawberry.enum_value("TRUE", description=bilingual("符合条件", "The condition is met"))


def derived_from(incentive: Incentive) -> tuple[str, ...]:
    """Return the coordinates that the answer to an incentive is derived from, each once."""
    return tuple(dict.fromkeys(_derived_from(incentive)))


def _derived_from(incentive: Incentive) -> Iterator[str]:
    for kind in sorted(incentive.beneficiaries):
        yield from ALWAYS[kind]
        yield from ("CreditScore.programme",) if kind == "person" and incentive.city.programme else ()
        for alternative in incentive.alternatives(kind):
            for name in sorted(alternative.stated):
                yield from STATED[name]


def _field(incentive: Incentive) -> Any:
    assert incentive.condition is not None  # noqa: S101 only answerable ones have a field
    classification = Classification(
        ITEM,
        DataClass.INCENTIVE,
        Sensitivity.PERSONAL,
        inputs=inputs(*derived_from(incentive), use=Use.DERIVE),
        declassification=DECLASSIFICATION,
        scene=incentive.scene,
    )
    city, condition = incentive.city, incentive.condition
    zh = f"{city.zh}{incentive.place}：{incentive.zh}（{condition.zh}；{city.document}）"
    en = f"{city.en}, {incentive.scene}: {incentive.en} ({condition.en})"
    return classified(classification, zh, en)


def _standing() -> type[Any]:
    fields = {each.field: _field(each) for each in answerable().values()}
    annotations = dict.fromkeys(fields, OneSided | None)
    return type("Standing", (), {**fields, "__annotations__": annotations, "__module__": __name__})


if TYPE_CHECKING:

    class Standing:
        """激励资格: a subject's one-sided answers."""

else:
    Standing = strawberry.type(
        _standing(),
        description=bilingual(
            "激励资格：每项激励一个单向回答，同一场景各项回答统一门槛",
            "Which incentives a subject may enjoy: one answer an incentive, TRUE or null, at one bar a scene",
        ),
    )

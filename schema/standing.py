"""One-sided answers: whether a subject may enjoy an incentive, as TRUE or nothing; one field an incentive.

Null is the same for a subject that is unknown, a minor, dead, erased, not enrolled, without consent, or below the
condition (个人信息保护法 art. 6; of enterprises our rule). All answers of a scene have one
threshold, so two answers together reveal no more than one: `catalogue.incentives.scene_threshold`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from catalogue.catalogue_item import SubjectKind
from catalogue.classification import Classification, DataClass, Sensitivity, Use, inputs
from catalogue.declarations import Bureau, DeclarationError, adverse_datasets, datasets_by_name
from catalogue.declared_codes import bilingual
from catalogue.derived_items import STANDING_ITEM
from catalogue.incentives.incentive_catalogue import Incentive
from catalogue.incentives.incentive_marks import configuration_of, reading_of, units_text
from catalogue.incentives.requirement_kinds import REQUIREMENT_KINDS, Beneficiary, RequirementKind
from catalogue.incentives.scene_threshold import answerable
from catalogue.record_forms import STATE
from schema.reason_types import add_reasons, ends_of, told_fields
from schema.type_builder import Member, Types

DECLASSIFICATION: Final = "one-sided-eligibility"
STANDING: Final = Classification(STANDING_ITEM.code, DataClass.INCENTIVE)

ALWAYS: Final[Mapping[Beneficiary, tuple[str, ...]]] = {
    "person": ("Person.birthDate", "Person.deceased"),
    "enterprise": ("Enterprise.status",),
}
"""What every answer about a kind of subject is derived from."""
CONSENT: Final = (
    "Consent.scene",
    "Consent.grantee",
    "Consent.givenOn",
    "Consent.until",
    "Consent.withdrawnOn",
)
OF_OWN_WILL: Final[Mapping[Beneficiary, tuple[str, ...]]] = {
    "person": CONSENT,
    "enterprise": ("Enterprise.kind", *CONSENT),
}
"""What an answer is derived from where a person is asked first."""


def add_standing(types: Types, bureaus: Sequence[Bureau], city: str) -> None:
    """Make the type of the one-sided answers, a field for each incentive of the city that can be answered."""
    text = bilingual("单向回答", "A one-sided answer: there is no other value than this")
    types.add_enum("OneSided", text, {"TRUE": bilingual("符合条件", "The condition is met")})
    text = bilingual(
        "激励资格：每项激励一个单向回答，同一场景各项回答统一门槛",
        "Which incentives a subject may enjoy: one answer an incentive, TRUE or null, at one bar a scene",
    )
    answers = [_field(each, bureaus) for each in answerable(city).values()]
    looked_at = [
        each.field for answer in answers if answer.classification for each in answer.classification.inputs
    ]
    add_reasons(types)
    told = told_fields((*looked_at, *ends_of(bureaus, looked_at)))
    types.add_object("Standing", text, [*answers, *told])


def adverse_inputs(bureaus: Iterable[Bureau], kind: Beneficiary | None = None) -> tuple[str, ...]:
    """Return the coordinates by which adverse records count, of one kind of subject or of all."""
    return tuple(
        f"{each.type_name}.{column.field_name}"
        for each in adverse_datasets(bureaus, kind and SubjectKind(kind)).values()
        for column in each.columns
        if each.adverse and column.name in (STATE, each.adverse.within)
    )


def _derived_from(incentive: Incentive, bureaus: Sequence[Bureau]) -> Iterator[str]:
    for kind in sorted(incentive.beneficiaries):
        yield from ALWAYS[kind]
        if incentive.asks_for_score(kind):
            yield from ("CreditScore.enrolledOn", "CreditScore.programme")
        if incentive.needs_consent(kind):
            yield from OF_OWN_WILL[kind]
        for alternative in incentive.alternatives(kind):
            for name in sorted(alternative):
                yield from _inputs_of(incentive, REQUIREMENT_KINDS[name], kind, bureaus)


def _inputs_of(
    incentive: Incentive, kind: RequirementKind, subject: Beneficiary, bureaus: Sequence[Bureau]
) -> Iterator[str]:
    """Yield the coordinates that a requirement looks at: its own columns, or those by which adverse records count."""
    if not kind.dataset:
        yield from adverse_inputs(bureaus, subject)
        return
    dataset = datasets_by_name(bureaus).get(kind.dataset)
    if dataset is None:
        raise DeclarationError(
            f"Standing.{incentive.field} rests on {kind.dataset}, which no bureau declares"
        )
    for name in kind.columns:
        column = dataset.by_name.get(name)
        if column is None:
            raise DeclarationError(
                f"Standing.{incentive.field} rests on {kind.dataset}.{name}, which is no column of it: declare it"
            )
        yield f"{dataset.type_name}.{column.field_name}"


def _field(incentive: Incentive, bureaus: Sequence[Bureau]) -> Member:
    assert incentive.condition is not None  # noqa: S101 only answerable ones have a field
    derived_from = dict.fromkeys(_derived_from(incentive, bureaus))
    classification = Classification(
        STANDING_ITEM.code,
        DataClass.INCENTIVE,
        Sensitivity.PERSONAL,
        inputs=inputs(*derived_from, use=Use.DERIVE),
        declassification=DECLASSIFICATION,
        scene=incentive.scene,
    )
    city, condition = incentive.city, incentive.condition
    units = units_text(incentive.bureaus) or "文件未指定责任单位"
    zh = f"{city.zh}{incentive.place}：{incentive.zh}（{condition.zh}；{city.document}；{units}）"
    en = f"{city.en}, {incentive.scene}: {incentive.en} ({condition.en})"
    marks = (
        ("我们的理解", "our reading", reading_of(incentive)),
        ("配置", "configuration", configuration_of(condition)),
    )
    for in_zh, in_en, mark in marks:
        if mark is not None:
            zh_mark, _, en_mark = mark.partition(" · ")
            zh, en = f"{zh}；{in_zh}：{zh_mark}", f"{en}; {in_en}: {en_mark}"
    return Member(incentive.field, "OneSided | None", bilingual(zh, en), classification)

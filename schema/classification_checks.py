"""How every field must be classified at least, known without a policy and checked once, when a schema is composed.

A decision on a derived field includes its inputs: allowed purposes intersect, prohibitions unite.

Ceilings act on the declared class and sensitivity (our rule: the score is for incentives only, as in Nanyang 宛信用办〔2022〕4号;
nearest 个人信息保护法 art. 28: sensitive information). If a score were declared as a grade, every proof would still pass and no
ceiling would protect it. This module therefore fixes the classification of the most sensitive fields.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from catalogue.classification import Classification, DataClass, Sensitivity, Use

LIFTED: Final = frozenset({Use.DERIVE, Use.AGGREGATE})
"""The uses of an input that only a named declassification may make."""
OF_INCENTIVES: Final = frozenset({Use.READ, Use.DERIVE, Use.HISTORY})
"""The uses that incentive data can have at all."""
CLASS_OF_ITEM: Final[Mapping[str, DataClass]] = {
    "XY-CRO-001": DataClass.INCENTIVE,
    "XY-CRO-002": DataClass.INCENTIVE,
    "XY-CRO-003": DataClass.INCENTIVE,
    "XY-CRO-004": DataClass.INCENTIVE,
    "XY-CRO-005": DataClass.INCENTIVE,
    "XY-CRO-006": DataClass.RIGHTS,
    "XY-STD-001": DataClass.INCENTIVE,
    "XY-STD-002": DataClass.INCENTIVE,
}
"""Catalogue items of which every field is of one class."""
SENSITIVE: Final = (
    "CreditScore.programme",
    "CreditScore.enrolledOn",
    "CreditScore.score",
    "CreditScore.band",
    "Person.identityNumber",
    "Standing.why",
)
"""Fields that their subject alone sees."""


def unprotected_fields(classifications: Mapping[str, Classification]) -> Iterator[str]:
    """Yield one line for each field that is looser than the ceilings take it to be, or gone from its type."""
    for coordinate, classification in classifications.items():
        found, asked = classification.data_class, CLASS_OF_ITEM.get(classification.item)
        if asked not in (None, found):
            yield f"{coordinate} is {found.name}, and every field of {classification.item} is {asked.name}"
        if coordinate in SENSITIVE and classification.sensitivity < Sensitivity.SENSITIVE:
            yield f"{coordinate} is {classification.sensitivity.name}, and ceilings rest on it being SENSITIVE"
    types = {coordinate.partition(".")[0] for coordinate in classifications}
    for coordinate in SENSITIVE:
        if coordinate not in classifications and coordinate.partition(".")[0] in types:
            yield f"{coordinate} is not there, and ceilings rest on it being SENSITIVE"


def loose_fields(classifications: Mapping[str, Classification]) -> Iterator[str]:
    """Yield one line for each way in which a field is looser than its class or its inputs allow."""
    for coordinate, classification in classifications.items():
        if classification.data_class is DataClass.INCENTIVE:
            for use in _sorted(classification.uses - OF_INCENTIVES):
                yield f"{coordinate} is INCENTIVE and never has the use {use.value}"
        if classification.inputs:
            missing = [*_missing(coordinate, classifications)]
            yield from missing or _looser(coordinate, classifications)


def _missing(coordinate: str, classifications: Mapping[str, Classification]) -> Iterator[str]:
    owner = coordinate.split(".", maxsplit=1)[0]
    classification = classifications[coordinate]
    for each in classification.inputs:
        field = classifications.get(each.coordinate(owner))
        if field is None:
            yield f"{coordinate} names {each.field}, which {owner} does not have"
        elif each.use not in field.uses:
            yield f"{coordinate} makes the use {each.use.value} of {each.field}, which does not exist for it"
        elif each.use in LIFTED and classification.declassification is None:
            yield f"{coordinate} makes the use {each.use.value} of {each.field} without a named declassification"
        elif each.use is Use.AGGREGATE and classification.data_class is not DataClass.STATISTIC:
            yield f"{coordinate} counts by {each.field} and is no statistic"


def _looser(coordinate: str, classifications: Mapping[str, Classification]) -> Iterator[str]:
    """Compare a field with its direct inputs; a declassification, or a registered table, lifts sensitivity alone."""
    found, owner = classifications[coordinate], coordinate.split(".", maxsplit=1)[0]
    inputs = [(each.use, classifications[each.coordinate(owner)]) for each in found.inputs]
    kept = [field.sensitivity for use, field in inputs if use not in LIFTED]
    if found.sensitivity < max(kept, default=Sensitivity.ORDINARY):
        yield f"{coordinate} is {found.sensitivity.name}, and an input is {max(kept).name}"
    shared = frozenset(Use).intersection(*(field.uses | {Use.READ} for _, field in inputs))
    for use in _sorted(found.uses - shared):
        yield f"{coordinate} has the use {use.value}, and an input has not"
    incentive = any(field.data_class is DataClass.INCENTIVE for _, field in inputs)
    if incentive and found.data_class is not DataClass.INCENTIVE:
        yield f"{coordinate} is {found.data_class.name}, and an input is INCENTIVE"


def _sorted(uses: frozenset[Use]) -> list[Use]:
    return sorted(uses, key=lambda each: each.value)

"""What the ceilings rest on: fields that no declaration may make looser than the ceilings take them to be.

A ceiling forbids by class and by sensitivity, and what is proved of it holds for whatever is declared so
(宛信用办〔2022〕4号: the score is for incentives only; 个人信息保护法 art. 28: sensitive information). A score that
is declared a grade, or ordinary, is beyond every ceiling, with every proof intact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from catalogue.classification import Classification, DataClass, Sensitivity

CLASS_OF_ITEM: Final[Mapping[str, DataClass]] = {
    "XY-CRO-001": DataClass.INCENTIVE,
    "XY-CRO-002": DataClass.INCENTIVE,
    "XY-CRO-003": DataClass.INCENTIVE,
    "XY-CRO-004": DataClass.INCENTIVE,
    "XY-CRO-005": DataClass.INCENTIVE,
    "XY-CRO-006": DataClass.RIGHTS,
    "XY-STD-001": DataClass.INCENTIVE,
}
"""Catalogue items of which every field is of one class."""
SENSITIVE: Final = ("CreditScore.score", "CreditScore.band", "Person.identityNumber")
"""Fields that their subject alone sees."""


def violations(classifications: Mapping[str, Classification]) -> Iterator[str]:
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

"""Derived fields: what their inputs leave of them, and a refusal of a field that is looser than they are.

Which purposes may read a derived field is decided together with its inputs every time: allowed purposes
intersect and prohibitions unite. What can be known without a policy is checked here, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from catalogue.classification import Classification, DataClass, Sensitivity, Use

LIFTED: Final = frozenset({Use.DERIVE, Use.AGGREGATE})
"""The uses of an input that only a named declassification may make."""

OF_INCENTIVES: Final = frozenset({Use.READ, Use.DERIVE})
"""The uses that incentive data can have at all."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The loosest that a derived field may be: what all of its inputs have in common."""

    sensitivity: Sensitivity
    uses: frozenset[Use]
    incentive: bool
    """Whether an input is incentive data, which nothing derived from it ceases to be."""


def limits_of(coordinate: str, classifications: Mapping[str, Classification]) -> Limits:
    """Return the limits that a field's direct inputs set; a declassification lifts sensitivity alone.

    What is counted in a registered table is lifted like what a declassification derives from.
    """
    classification = classifications[coordinate]
    owner = coordinate.split(".", maxsplit=1)[0]
    found = [(each, classifications[each.coordinate(owner)]) for each in classification.inputs]
    kept = [field for each, field in found if each.use not in LIFTED]
    return Limits(
        max((field.sensitivity for field in kept), default=Sensitivity.ORDINARY),
        frozenset(Use).intersection(*(field.uses | {Use.READ} for _, field in found)),
        any(field.data_class is DataClass.INCENTIVE for _, field in found),
    )


def violations(classifications: Mapping[str, Classification]) -> Iterator[str]:
    """Yield one line for each way in which a field is looser than its class or its inputs allow."""
    for coordinate, classification in classifications.items():
        yield from _beyond_reading(coordinate, classification)
        if classification.inputs:
            missing = [*_missing(coordinate, classifications)]
            yield from missing or _looser(coordinate, classifications)


def _beyond_reading(coordinate: str, classification: Classification) -> Iterator[str]:
    if classification.data_class is DataClass.INCENTIVE:
        for use in sorted(classification.uses - OF_INCENTIVES, key=lambda each: each.value):
            yield f"{coordinate} is INCENTIVE and never has the use {use.value}"


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
    classification = classifications[coordinate]
    limits = limits_of(coordinate, classifications)
    if classification.sensitivity < limits.sensitivity:
        yield f"{coordinate} is {classification.sensitivity.name}, and an input is {limits.sensitivity.name}"
    for use in sorted(classification.uses - limits.uses, key=lambda each: each.value):
        yield f"{coordinate} has the use {use.value}, and an input has not"
    if limits.incentive and classification.data_class is not DataClass.INCENTIVE:
        yield f"{coordinate} is {classification.data_class.name}, and an input is INCENTIVE"

"""The declassifications: where the gateway releases less than it reads, each named, justified and bounded."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from catalogue.classification import Classification
from catalogue.incentives.city_files import CITIES
from catalogue.toml_files import read_toml
from schema.classification_checks import LIFTED

FILE: Final = CITIES.parent / "declassifications.toml"


class Declassification(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a field may release of what it reads, why, on which source, who reviewed it.

    `inputs` are the coordinates that the review covers; a field under this name reads no other. With `adverse_rules`
    it covers the columns that declared adverse rules read too, of every bureau that there is.
    """

    zh: str
    en: str
    releases: str
    why: str
    source: str
    review: str
    inputs: frozenset[str]
    adverse_rules: bool = False


@cache
def declassifications(file: Path = FILE) -> Mapping[str, Declassification]:
    """Return every declassification by its name; TomlError where the file does not say what it must."""
    return read_toml(file, dict[str, Declassification])


def violations(
    classifications: Mapping[str, Classification],
    reviewed: Mapping[str, Declassification],
    adverse: Collection[str] = (),
) -> Iterator[str]:
    """Yield one line for each field that declassifies what no review covers; `adverse` is what adverse rules read."""
    for coordinate, classification in classifications.items():
        name = classification.declassification
        if name is None:
            continue
        review = reviewed.get(name)
        if review is None:
            yield f"{coordinate} names the declassification {name}, which is not in {FILE.name}"
            continue
        owner = coordinate.split(".", maxsplit=1)[0]
        covered = review.inputs.union(adverse if review.adverse_rules else ())
        for each in classification.inputs:
            if each.use in LIFTED and each.coordinate(owner) not in covered:
                yield f"{coordinate} derives from {each.field}, which the review of {name} does not cover"

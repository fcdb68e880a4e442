"""The declassifications: where the gateway releases less than it reads, each named, justified and bounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from catalogue.incentives.incentive_catalogue import CATALOGUE
from catalogue.toml_files import read_toml
from schema.classification import Classification
from schema.derivation import LIFTED

FILE: Final = CATALOGUE.parent / "declassifications.toml"


class Declassification(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a field may release of what it reads, why, on which source, who reviewed it.

    `inputs` are the coordinates that the review covers; a field under this name reads no other.
    """

    zh: str
    en: str
    releases: str
    why: str
    source: str
    review: str
    inputs: frozenset[str]


@cache
def declassifications(file: Path = FILE) -> Mapping[str, Declassification]:
    """Return every declassification by its name; TomlError where the file does not say what it must."""
    return read_toml(file, dict[str, Declassification])


def violations(
    classifications: Mapping[str, Classification], reviewed: Mapping[str, Declassification]
) -> Iterator[str]:
    """Yield one line for each field that declassifies what no review covers."""
    for coordinate, classification in classifications.items():
        name = classification.declassification
        if name is None:
            continue
        if name not in reviewed:
            yield f"{coordinate} names the declassification {name}, which is not in {FILE.name}"
            continue
        owner = coordinate.split(".", maxsplit=1)[0]
        for each in classification.inputs:
            if each.use in LIFTED and each.coordinate(owner) not in reviewed[name].inputs:
                yield f"{coordinate} derives from {each.field}, which the review of {name} does not cover"

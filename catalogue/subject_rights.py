"""The rights of the subject and the steps of the service, as data: `subject_rights.toml`, checked as it is read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from catalogue.dated_rules import dated_rules
from catalogue.toml_files import Text, TomlError, read_toml

FILE: Final = Path(__file__).with_name("subject_rights.toml")
_BOTH: Final = r"^.+ · .+$"


class ServiceStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step of the service; with `needs` it exists only where the city has a programme, or scenes of duty."""

    zh: Text
    en: Text
    source: Text
    needs: Literal["programme", "duty"] | None = None


class RightTerm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A term of a right: a rule of `dated_rules.toml`, and what it is about."""

    rule: Text
    zh: Text
    en: Text


class SubjectRight(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A right: its law, the organ to turn to, how to use it, the operations that serve it and its terms."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]+$")]
    zh: Text
    en: Text
    source: Text
    organ: Annotated[str, msgspec.Meta(pattern=_BOTH)]
    how: Annotated[str, msgspec.Meta(pattern=_BOTH)]
    operations: tuple[str, ...] = ()
    terms: tuple[RightTerm, ...] = ()
    needs: Literal["programme", "duty"] | None = None


class RightsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file holds: the steps in their order, and the rights."""

    step: tuple[ServiceStep, ...]
    right: tuple[SubjectRight, ...]


@cache
def subject_rights(file: Path = FILE) -> RightsFile:
    """Return the steps and the rights, or raise TomlError where a term names no rule, or a right stands twice."""
    found = read_toml(file, RightsFile)
    names = [each.name for each in found.right]
    for each in found.right:
        if names.count(each.name) > 1:
            raise TomlError(f"{file.name}: the right {each.name} stands twice")
        for term in each.terms:
            if term.rule not in dated_rules().rows:
                raise TomlError(
                    f"{file.name}: {each.name} names {term.rule}, which is no rule of dated_rules.toml"
                )
    return found

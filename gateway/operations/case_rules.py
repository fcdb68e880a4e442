"""The forms of case numbers and the bounds of cases, as `case_numbers.toml` of the policies states them by purpose.

Each form and each bound has an owner. What no document states is marked in the file by `unstated`. A form is that of a
kind of case: of a court, of an organ, or of a platform. A purpose accepts the numbers of its kinds.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Protocol, TypeVar

import msgspec

from catalogue.number_spelling import fold_number
from catalogue.toml_files import Text, named_structure, read_toml
from gateway.authorization.purposes import PurposeTree, covers
from gateway.errors import CASE_NUMBER_KIND, StartRefused
from gateway.operations.case_number import CaseRefused, check_case_number
from gateway.operations.city_time import city_date

FILE: Final = "case_numbers.toml"
_Count = Annotated[int, msgspec.Meta(ge=1)]
_Purposes = Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]


class CaseForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form of case numbers: a regular expression over the whole folded text."""

    name: str
    zh: Text
    en: Text
    owner: Text
    purposes: _Purposes
    serves: Text
    """Why the cases of the purposes are of this kind."""
    pattern: Text
    basis: Text | None = None
    unstated: Text | None = None

    def __post_init__(self) -> None:
        """Refuse a form that names neither its document nor what is missing in one, and an invalid expression."""
        if self.basis is None and self.unstated is None:
            raise ValueError("it states neither `basis` nor `unstated`")
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"its pattern is no regular expression: {error}") from None


class CaseBound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many distinct subjects a client may ask about under one case number."""

    name: str
    owner: Text
    purposes: _Purposes
    subjects: _Count
    alarm: _Count
    """The number of subjects from which the gateway raises an alarm."""
    basis: Text | None = None
    unstated: Text | None = None

    def __post_init__(self) -> None:
        """Refuse a bound without its reason, and an alarm that no case can reach."""
        if self.basis is None and self.unstated is None:
            raise ValueError("it states neither `basis` nor `unstated`")
        if self.alarm > self.subjects:
            raise ValueError("its alarm is above its bound")


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    forms: dict[str, object]
    bounds: dict[str, object]


@dataclass(frozen=True, slots=True)
class CaseTerms:
    """What a purpose demands of a case number. Without `bound`, the subjects of a case are not counted."""

    needed: bool
    form: re.Pattern[str] | None = None
    """None accepts every text with a year and a number."""
    bound: CaseBound | None = None
    others: re.Pattern[str] | None = None
    """The forms of the kinds of case that the purpose does not serve."""
    accepted: str = ""
    """The accepted kinds, in words."""
    purpose: str = ""

    def check(self, given: str | None, now: float) -> None:
        """Raise CaseRefused by CASE_NUMBER_MISSING, CASE_NUMBER_INVALID or CASE_NUMBER_KIND; `now` is in Unix seconds."""
        year, other = city_date(now).year, self._is_of_another_kind(given)
        try:
            check_case_number(given, needed=self.needed, year=year, form=None if other else self.form)
        except CaseRefused as refused:
            refused.purpose = self.purpose
            raise
        if other:
            accepted = f"Accepted: {self.accepted}."
            raise CaseRefused(CASE_NUMBER_KIND, "of another kind of case", accepted, self.purpose)

    def _is_of_another_kind(self, given: str | None) -> bool:
        if given is None or self.form is None or self.others is None:
            return False
        folded = fold_number(given)
        return self.form.fullmatch(folded) is None and self.others.fullmatch(folded) is not None


class CaseRules(Protocol):
    """States the terms of each purpose."""

    def terms_of(self, purpose: str, *, needed: bool) -> CaseTerms:
        """Return the terms of a purpose; `needed` says whether each request must name its case."""
        ...


class AnyCase:
    """Accepts every text with a year and a number, and counts no subjects. No gateway that is served uses it."""

    def terms_of(self, purpose: str, *, needed: bool) -> CaseTerms:
        """Return terms without a form and without a bound."""
        return CaseTerms(needed, purpose=purpose)


@dataclass(frozen=True, slots=True)
class StatedCases:
    """The forms and bounds of the file."""

    forms: tuple[CaseForm, ...]
    bounds: tuple[CaseBound, ...]

    def terms_of(self, purpose: str, *, needed: bool) -> CaseTerms:
        """Return the terms of a purpose that `load_case_rules` has checked.

        A purpose that no form names needs no case number, and accepts those of every kind.
        """
        forms = _of(self.forms, purpose) or list(self.forms)
        others = [each for each in self.forms if each not in forms]
        bound = next(iter(_of(self.bounds, purpose)), None)
        accepted = "; ".join(each.en for each in forms)
        return CaseTerms(needed, _any_of(forms), bound, _any_of(others), accepted, purpose)


def load_case_rules(folder: Path, purposes: PurposeTree) -> StatedCases:
    """Read the file; raise StartRefused with what is wrong, or with a purpose that has no form or not one bound."""
    file = read_toml(folder / FILE, _File, StartRefused)
    rules = StatedCases(_read("forms", file.forms, CaseForm), _read("bounds", file.bounds, CaseBound))
    for leaf in purposes.leaves.values():
        if not leaf.case_number:
            continue
        if not _of(rules.forms, leaf.name):
            raise StartRefused(f"{FILE}: no form of case numbers names the purpose {leaf.name}")
        if len(_of(rules.bounds, leaf.name)) != 1:
            raise StartRefused(f"{FILE}: one bound must name the purpose {leaf.name}, not more and not fewer")
    return rules


def _any_of(forms: Iterable[CaseForm]) -> re.Pattern[str]:
    """Return what matches the numbers of any of the forms; without a form, it matches nothing."""
    return re.compile("|".join(f"(?:{each.pattern})" for each in forms) or "(?!)", re.ASCII)


_Stated = TypeVar("_Stated", CaseForm, CaseBound)


def _read(kind: str, tables: Mapping[str, object], type_: type[_Stated]) -> tuple[_Stated, ...]:
    return tuple(
        named_structure(f"{FILE}: {kind}.{name}", name, table, type_, StartRefused)
        for name, table in tables.items()
    )


def _of(stated: Iterable[_Stated], purpose: str) -> list[_Stated]:
    return [each for each in stated if any(covers(pattern, purpose) for pattern in each.purposes)]

"""Terms of law as dated rows: name, value or unknown, from, to, source, mark. Nothing is computed from what is unknown."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final

import msgspec

from catalogue.toml_files import Text, TomlError, read_toml

FILE: Final = Path(__file__).with_name("dated_rules.toml")
_TERM: Final = r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?"
_LAST: Final = date(9999, 12, 31)
_MONTHS: Final = 12
_DAYS_KEPT: Final = 8_192
"""Ends of terms that are remembered: some twenty years of first days."""


class Unknown(Exception):
    """No row states the value of a rule, so nothing may be computed from it. The text names the rule."""


class Term(msgspec.Struct, frozen=True):
    """A length of time by the calendar (民法典 art. 200 to 202): months first, then days."""

    months: int
    days: int

    def after(self, start: date) -> date:
        """Return the last day of the term that begins on the day after `start`.

        A month without that day ends the term on its last day. No term ends after the last day that a date can hold.
        """
        return _last_day(self.months, self.days, start)


@lru_cache(_DAYS_KEPT)
def _last_day(months: int, days: int, start: date) -> date:
    year, month = divmod(start.year * _MONTHS + start.month - 1 + months, _MONTHS)
    if year >= _LAST.year:
        return _LAST
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) + timedelta(days=days)


class DatedRule(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from", "until": "to"}
):
    """One row. `from_` and `until` are its first and its last day; a row without `until` is in force."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")]
    from_: date
    source: Text
    mark: Text
    until: date | None = None
    term: Annotated[str, msgspec.Meta(pattern=rf"^{_TERM}$", min_length=3)] | None = None
    working_days: int | None = None
    number: int | None = None
    text: Text | None = None
    unknown: bool = False
    only_stated: bool = False
    """Whether people alone read the row: nothing is computed from it. The open index may show it."""

    def holds(self, day: date) -> bool:
        """Whether the row is in force on a day."""
        return self.from_ <= day and (self.until is None or day <= self.until)

    def as_term(self) -> Term | None:
        """Return the value as a term of the calendar, or None where it is another value or unknown."""
        return _term(self.term) if self.term else None


@cache
def _term(text: str) -> Term | None:
    """Return a term of ISO 8601 in years, months and days, or None for another text."""
    found = re.fullmatch(_TERM, text)
    if found is None:
        return None
    years, months, days = (int(each or 0) for each in found.groups())
    return Term(years * _MONTHS + months, days)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    rule: list[DatedRule]


class DatedRules:
    """The rows by the name of their rule, oldest first."""

    def __init__(self, rows: Sequence[DatedRule]) -> None:
        """Raise TomlError where a row has no value or two, ends before it begins, or overlaps another row of its rule."""
        by_name: dict[str, list[DatedRule]] = {}
        for row in sorted(rows, key=lambda each: (each.name, each.from_)):
            by_name.setdefault(row.name, []).append(row)
        self.rows: Mapping[str, Sequence[DatedRule]] = by_name
        for problem in self._problems():
            raise TomlError(f"{FILE.name}: {problem}")

    def _problems(self) -> Iterator[str]:
        for name, rows in self.rows.items():
            for row in rows:
                values = [row.term, row.working_days, row.number, row.text, True if row.unknown else None]
                if sum(each is not None for each in values) != 1:
                    yield f"{name} from {row.from_} states no value or two: state one, or `unknown = true`"
                if row.until is not None and row.until < row.from_:
                    yield f"{name} from {row.from_} ends before it begins: correct `to`"
            for earlier, later in pairwise(rows):
                if earlier.until is None or earlier.until >= later.from_:
                    yield f"{name} has two rows on {later.from_}: end the earlier one before it"

    def term(self, name: str, day: date) -> Term:
        """Return the term that a rule states on a day, or raise Unknown."""
        for row in self.rows.get(name, ()):
            if row.holds(day):
                found = row.as_term()
                if found is not None:
                    return found
        raise Unknown(name)

    def number(self, name: str, day: date) -> int | None:
        """Return the number that a rule states on a day, or None where it states none."""
        return next((row.number for row in self.rows.get(name, ()) if row.holds(day)), None)

    def states(self, name: str, day: date) -> bool:
        """Whether a rule is in force on a day, its value known or not."""
        return any(row.holds(day) for row in self.rows.get(name, ()))

    def earliest_end(self, name: str, start: date, first: date, last: date) -> date:
        """Return the earliest end after `start` of the terms that a rule has stated from one day to another, or raise Unknown.

        Raised where none of them is known.
        """
        return _earliest_end(self, name, start, first, last)


@lru_cache(_DAYS_KEPT)
def _earliest_end(rules: DatedRules, name: str, start: date, first: date, last: date) -> date:
    rows = rules.rows.get(name, ())
    standing = [row for row in rows if row.from_ <= last and (row.until is None or row.until >= first)]
    ends = [term.after(start) for row in standing if (term := row.as_term()) is not None]
    if not ends:
        raise Unknown(name)
    return min(ends)


@cache
def dated_rules() -> DatedRules:
    """Return the rows of `dated_rules.toml`, or raise TomlError."""
    return DatedRules(read_toml(FILE, _File).rule)

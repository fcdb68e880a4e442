"""A book: what one table of a bureau holds of a subject, as a pure function of subject and draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sandbox.draws import Draw
from sandbox.enterprises import Enterprise
from sandbox.model import REFERENCE
from sandbox.people import Person

Subject: TypeAlias = Person | Enterprise
Rows: TypeAlias = list[tuple[Any, ...]]
"""Rows without their key, in the order of the columns that the dataset declares."""


@dataclass(frozen=True, slots=True)
class Book:
    """How the rows of a person and of an enterprise come about; None where the table has none of them."""

    person: Callable[[Person, Draw], Rows] | None = None
    enterprise: Callable[[Enterprise, Draw], Rows] | None = None


def since(subject: Subject) -> date:
    """The first day on which a record of the subject can be made: of age, or established."""
    return subject.adult_on if isinstance(subject, Person) else subject.established_on


def until(subject: Subject) -> date:
    """The last day on which a record of the subject can be made."""
    return REFERENCE if isinstance(subject, Person) else subject.last_day


def recent(subject: Subject, drawn: Draw, years: int) -> date | None:
    """Return a day of the last `years` on which a record could be made, or None where there is none."""
    last = until(subject)
    first = max(since(subject), last.replace(year=last.year - years, day=min(last.day, 28)))
    return drawn.day(first, last) if first <= last else None

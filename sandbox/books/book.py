"""A book makes the rows of a subject in one table; it is a pure function of subject and draws."""

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
"""Rows without their key, in the column order of the data set."""


@dataclass(frozen=True, slots=True)
class Book:
    """The functions that make the rows of a person and of an enterprise; None for a kind without rows."""

    person: Callable[[Person, Draw], Rows] | None = None
    enterprise: Callable[[Enterprise, Draw], Rows] | None = None


def since(subject: Subject) -> date:
    """The first possible day of a record about the subject: its coming of age, or its establishment."""
    return subject.adult_on if isinstance(subject, Person) else subject.established_on


def until(subject: Subject) -> date:
    """The last possible day of a record about the subject."""
    return REFERENCE if isinstance(subject, Person) else subject.last_day


def recent(subject: Subject, drawn: Draw, years: int) -> date | None:
    """Return a possible day of a record in the last `years`, or None if there is none."""
    last = until(subject)
    first = max(since(subject), last.replace(year=last.year - years, day=min(last.day, 28)))
    return drawn.day(first, last) if first <= last else None

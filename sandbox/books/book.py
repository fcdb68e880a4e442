"""A book makes the rows of a subject in one table; it is a pure function of subject and draws.

Of a minor, only the registry's books are asked, and that of volunteering.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias, TypeVar

from sandbox.draws import Draw, draw
from sandbox.enterprises import Enterprise
from sandbox.model import REFERENCE
from sandbox.people import Person

Subject: TypeAlias = Person | Enterprise
Row: TypeAlias = tuple[Any, ...]
"""A row without its key, in the column order of the data set."""
Rows: TypeAlias = Iterable[Row]
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Book:
    """The functions that make the rows of a person and of an enterprise; None for a kind without rows."""

    person: Callable[[Person, Draw], Rows] | None = None
    enterprise: Callable[[Enterprise, Draw], Rows] | None = None


def sometimes(permille: int, write: Callable[[S, Draw], Rows]) -> Callable[[S, Draw], Rows]:
    """Return a function that makes rows for so many subjects in a thousand."""
    return lambda subject, drawn: write(subject, drawn) if drawn.chance(permille) else ()


def written(book: Book, name: str, subject: Subject) -> list[Row]:
    """Return the rows of a subject in the table that is called "bureau.table"."""
    kind = "person" if isinstance(subject, Person) else "enterprise"
    write: Callable[[Any, Draw], Rows] | None = getattr(book, kind)
    drawn = draw(subject.city.seed, f"{name}.{kind}", subject.index)
    return [] if write is None else list(write(subject, drawn))


def since(subject: Subject) -> date:
    """The first possible day of a record about the subject: its coming of age, or its establishment."""
    return subject.adult_on if isinstance(subject, Person) else subject.established_on


def until(subject: Subject) -> date:
    """The last possible day of a record about the subject."""
    return REFERENCE if isinstance(subject, Person) else subject.last_day


def recent(subject: Subject, drawn: Draw, years: int) -> date:
    """Return a possible day of a record in the last `years`."""
    last = until(subject)
    return drawn.day(max(since(subject), last.replace(year=last.year - years, day=min(last.day, 28))), last)

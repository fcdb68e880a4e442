"""The records of customs: the credit levels of companies that trade abroad."""

from datetime import date
from typing import Final

from sandbox.books.book import Book, Rows
from sandbox.draws import Draw
from sandbox.enterprises import Enterprise
from sandbox.model import REFERENCE

_FIRST: Final = date(2026, 4, 1)
"""The first day of the five levels (海关总署令第282号)."""
_ABROAD: Final = 120
"""Companies in a thousand that are registered at customs."""
_OLDER: Final = 100
"""Levels in a thousand that were determined under the scheme before, and not yet anew."""
_LEVELS: Final = (
    *("REGULAR",) * 15,
    *("CERTIFIED",) * 2,
    "ADVANCED_CERTIFIED",
    "DISHONEST",
    "SERIOUSLY_DISHONEST",
)


def _level(subject: Enterprise, drawn: Draw) -> Rows:
    if subject.kind != "COMPANY" or subject.status != "ACTIVE" or not drawn.chance(_ABROAD):
        return
    level = drawn.pick(_LEVELS)
    determined = date(2025, 12, 1) if drawn.chance(_OLDER) else drawn.day(_FIRST, REFERENCE)
    yield level, max(determined, subject.established_on), f"4117{subject.index:06d}"


BOOKS = {"credit_level": Book(enterprise=_level)}

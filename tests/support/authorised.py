"""A small city in which borrowers authorise lenders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from adapters.bureaus import discover
from gateway.rights.authorisations import DATASET
from tests.support.rows_source import Record
from tests.support.small_city import SmallCity, small_city

EVERY_ITEM = " ".join(sorted({each.item.code for bureau in discover().values() for each in bureau.datasets}))
NUMBER = "XYD-2026-7"


def authorisation(subject: str, **changes: Any) -> Record:
    """Return a row by which a subject lets the bank read everything; the days are those of two and a half years."""
    return {
        "subject": subject,
        "number": NUMBER,
        "lender": "bank",
        "purpose": "financing.credit",
        "items": EVERY_ITEM,
        "begins_on": date(2026, 1, 1),
        "until": date(2028, 6, 30),
        "uses": None,
        "uses_counted": 0,
        "withdrawn_on": None,
        **changes,
    }


def authorising(subjects: Iterable[str], **changes: Any) -> SmallCity:
    """Return a small city in which these subjects, and no others, gave one authorisation each."""
    return holding_rows({each: [authorisation(each, **changes)] for each in subjects})


def holding_rows(rows: dict[str, list[Record]], seed: int = 0) -> SmallCity:
    """Return a small city with these authorisations, and no others."""
    city = small_city(seed)
    return replace(city, tables={**city.tables, DATASET: rows})

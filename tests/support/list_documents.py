"""Documents with one list of one person, and cities that differ in what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.support.gateway_in_memory import InMemory, errors_of
from tests.support.rows_source import Record
from tests.support.small_city import PERSONS, SmallCity, small_city

CITY = small_city()
ARREARS = "tax.tax_arrears"
DAYS = st.dates(date(2015, 1, 1), date(2025, 1, 1))
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "tax": st.sampled_from(("VALUE_ADDED", "LAND_USE")),
            "amount_fen": st.integers(1, 9),
            "since": DAYS,
            "cleared_on": st.none() | DAYS,
        }
    ),
    max_size=8,
)


def city_of(*records: Sequence[Record]) -> SmallCity:
    """Return the city with these tax arrears of the first persons, one list each."""
    return replace(CITY, tables={**CITY.tables, ARREARS: dict(zip(PERSONS, records, strict=False))})


def listed(arguments: str, selection: str = "tax amountFen since clearedOn", declared: str = "") -> str:
    """Return a document with one list of the first person."""
    arguments = f"({arguments})" if arguments else ""
    return f'query Q{declared} {{ person(id: "{PERSONS[0]}") {{ taxArrears{arguments} {{ {selection} }} }} }}'


async def answered(city: SmallCity, text: str, purpose: str | None = None, **variables: Any) -> Any:
    """Return the list of a document, or the code of the error in its place."""
    answer = await InMemory(city.sources()).asked(text, purpose, **variables)
    codes = [code for _, code in errors_of(answer)]
    return codes[0] if codes else answer["data"]["person"]["taxArrears"]

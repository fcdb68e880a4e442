"""Rows that the driver cannot decode, read once more with their dates spelled out as text.

PostgreSQL's dates go from 4714 BC to the year 5874897 (its manual, 8.5 "Date/Time Types"), Python's from the
year 1 to 9999, and the driver fails over the whole answer for one date beyond. Dates are the only values of
the declared kinds of which that is so. To spell every date costs more than to decode it, so it is done where
decoding failed and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from adapters.postgres import sql
from adapters.source import Row
from catalogue.declarations import Dataset, Kind


def select(dataset: Dataset, columns: Sequence[str], purpose: str) -> str:
    """The statement of `sql.select` with its dates as text: YYYY-MM-DD, or longer where Python has no such date.

    Both infinities are the last and the first date, as the driver decodes them.
    """
    dated = _dated(dataset, columns)
    names = [f"c{at}" for at in range(len(columns) + 1)]
    wanted = ", ".join(_spelling(name) if at in dated else name for at, name in enumerate(names))
    # Around the whole statement: within it a date as text would be what rows are ordered by. It is text by
    # way of JSON, whose dates are of one form whatever form the bureau's settings give to others.
    found = f"({sql.rows(dataset, columns)}) AS found({', '.join(names)})"
    return f"{sql.note(purpose)} SELECT {wanted} FROM {found}"  # noqa: S608 - names are our own


def read(dataset: Dataset, columns: Sequence[str], rows: Sequence[Any]) -> list[Row]:
    """The rows of `select` with dates in place of their text; text that is no date stays, for the checker to blame."""
    dated = _dated(dataset, columns)
    return [tuple(_date(value) if at in dated else value for at, value in enumerate(row)) for row in rows]


def _dated(dataset: Dataset, columns: Sequence[str]) -> frozenset[int]:
    return frozenset(
        at for at, name in enumerate(columns, start=1) if dataset.by_name[name].kind is Kind.DATE
    )


def _spelling(name: str) -> str:
    ends = f"WHEN 'infinity' THEN '{date.max}' WHEN '-infinity' THEN '{date.min}'"
    return f"CASE {name} {ends} ELSE to_json({name}) #>> '{{}}' END"


def _date(text: Any) -> Any:
    try:
        return text if text is None else date.fromisoformat(text)
    except ValueError:
        return text

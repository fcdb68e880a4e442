"""The second reading of a data set whose dates the driver cannot decode: PostgreSQL sends them as text.

PostgreSQL's dates range from 4714 BC to the year 5874897 (its manual, 8.5 "Date/Time Types"), Python's from
the year 1 to 9999. The driver fails for the whole answer if one date is outside Python's range. No other
declared kind has such values. Text costs more than decoding, so dates are read as text only after a failure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from adapters.postgres import sql
from adapters.source import Row
from catalogue.declarations import Dataset, Kind


def select(dataset: Dataset, columns: Sequence[str], purpose: str) -> str:
    """Return the statement of `sql.select` with dates as text: YYYY-MM-DD, longer outside Python's range.

    Infinity and minus infinity become Python's last and first date, as the driver decodes them.
    """
    date_indexes = _date_indexes(dataset, columns)
    names = [f"c{at}" for at in range(len(columns) + 1)]
    selected = ", ".join(_text_of(name) if at in date_indexes else name for at, name in enumerate(names))
    # Around the whole statement: inside it, rows would be ordered by the text instead of the date. The text
    # is made by way of JSON, because the bureau's DateStyle setting does not change dates in JSON.
    inner = f"({sql.select_rows(dataset, columns)}) AS part({', '.join(names)})"
    return f"{sql.purpose_comment(purpose)} SELECT {selected} FROM {inner}"  # noqa: S608 - names are our own


def parse_dates(dataset: Dataset, columns: Sequence[str], rows: Sequence[Any]) -> list[Row]:
    """Return the rows of `select` with dates parsed; a text that Python cannot parse stays, so that the checker finds it."""
    indexes = _date_indexes(dataset, columns)
    return [tuple(_parse(value) if at in indexes else value for at, value in enumerate(row)) for row in rows]


def _date_indexes(dataset: Dataset, columns: Sequence[str]) -> frozenset[int]:
    return frozenset(
        at for at, name in enumerate(columns, start=1) if dataset.by_name[name].kind is Kind.DATE
    )


def _text_of(name: str) -> str:
    infinities = f"WHEN 'infinity' THEN '{date.max}' WHEN '-infinity' THEN '{date.min}'"
    return f"CASE {name} {infinities} ELSE to_json({name}) #>> '{{}}' END"


def _parse(text: Any) -> Any:
    try:
        return text if text is None else date.fromisoformat(text)
    except ValueError:
        return text

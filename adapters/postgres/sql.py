"""The SQL that reads a data set, and the PostgreSQL types that its columns may have.

A data set has a second statement for dates that the driver cannot decode: PostgreSQL sends them as text.
PostgreSQL's dates range from 4714 BC to the year 5874897 (its manual, 8.5 "Date/Time Types"), Python's from
the year 1 to 9999. The driver fails for the whole answer if one date is outside Python's range. No other
declared kind has such values. Text costs more than decoding, so dates are read as text only after a failure.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from adapters.source import MAX_ROWS, Row
from catalogue.declarations import Dataset, Kind

SEPARATOR: Final = "\x1f"
"""The unit separator of ASCII, between the keys of a statement."""

_RANK: Final = '"·rank"'
"""The place of a row among those of its key; no column of a declaration has such a name."""
POSTGRES_TYPES: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.TEXT: ("text", "varchar"),
    Kind.INTEGER: ("int4", "int2"),
    Kind.FEN: ("int8", "int4", "int2"),  # narrower integers are whole fen as well
    Kind.DATE: ("date",),
    Kind.BOOLEAN: ("bool",),
}
"""The types that a column of a kind may have; the first one has room for all values of the kind."""


def select(dataset: Dataset, columns: Sequence[str], purpose: str) -> str:
    """Return the statement that reads `columns` for a list of keys; a comment in it names the purpose."""
    return f"{purpose_comment(purpose)} {select_rows(dataset, columns)}"


def purpose_comment(purpose: str) -> str:
    """Return the comment that names the purpose in the bureau's log.

    The purpose must have passed `source.is_purpose`, or it could end the comment.
    """
    return f"/* creditgraph purpose={purpose} */"


def select_rows(dataset: Dataset, columns: Sequence[str], parameter: int = 1) -> str:
    """Return the statement without the comment; `parameter` is the number of the parameter for the keys.

    The limit is one row above the budget, so that the caller notices too many rows. The statement orders
    rows only within a key. Of a data set with `latest` it returns each row of a key that no other row of the key
    precedes: more than one if the order does not decide between different rows.
    """
    if dataset.latest:
        return _select_latest(dataset, columns, parameter)
    order_by = f" ORDER BY {_order_of(dataset)}" if dataset.order else ""
    return f"SELECT {_selected(dataset, columns)} {_from(dataset, parameter)}{order_by} LIMIT {MAX_ROWS + 1}"


def _select_latest(dataset: Dataset, columns: Sequence[str], parameter: int) -> str:
    ranked = f"rank() OVER (PARTITION BY {quote(dataset.key)} ORDER BY {_order_of(dataset)}) AS {_RANK}"
    inner = f"SELECT {_selected(dataset, columns)}, {ranked} {_from(dataset, parameter)}"
    # DISTINCT: rows that are equal in all that is asked of them are one answer.
    outer = f"SELECT DISTINCT {_selected(dataset, columns)} FROM ({inner}) AS ranked"  # noqa: S608 - our own names
    return f"{outer} WHERE {_RANK} = 1 LIMIT {MAX_ROWS + 1}"


def _selected(dataset: Dataset, columns: Sequence[str]) -> str:
    return ", ".join(map(quote, (dataset.key, *columns)))


def _from(dataset: Dataset, parameter: int) -> str:
    relation = ".".join(map(quote, dataset.relation.split(".")))
    return f"FROM {relation} WHERE {quote(dataset.key)} = ANY(string_to_array(${parameter}, E'\\x1F'))"


def _order_of(dataset: Dataset) -> str:
    return ", ".join(_order_term(dataset, name, descends=descends) for name, descends in dataset.order_terms)


def quote(name: str) -> str:
    """Return a name as a quoted SQL identifier; declarations are our own, and quoted all the same."""
    return '"' + name.replace('"', '""') + '"'


def _order_term(dataset: Dataset, name: str, *, descends: bool) -> str:
    """Return one term of an order; texts are ordered by their code points, as Python orders them.

    A database's own collation can call two texts equal that differ.
    """
    column = dataset.by_name.get(name)
    collated = ' COLLATE "C"' if column is None or column.kind is Kind.TEXT else ""
    return f"{quote(name)}{collated}{' DESC' if descends else ''}"


def find_mistyped_column(dataset: Dataset, columns: Sequence[str], types: Iterable[str]) -> str | None:
    """Describe the first column whose PostgreSQL type is not allowed for its kind; None if all are allowed."""
    kinds = [Kind.TEXT, *(dataset.by_name[name].kind for name in columns)]
    for name, kind, type_name in zip((dataset.key, *columns), kinds, types, strict=True):
        if type_name not in POSTGRES_TYPES[kind]:
            return f"{name}: the column is not {kind.value}"
    return None


def select_text_dates(dataset: Dataset, columns: Sequence[str], purpose: str) -> str:
    """Return the statement of `select` with dates as text: YYYY-MM-DD, longer outside Python's range.

    Infinity and minus infinity become Python's last and first date, as the driver decodes them.
    """
    date_indexes = _date_indexes(dataset, columns)
    names = [f"c{at}" for at in range(len(columns) + 1)]
    selected = ", ".join(_text_of(name) if at in date_indexes else name for at, name in enumerate(names))
    # Around the whole statement: inside it, rows would be ordered by the text instead of the date. The text
    # is made by way of JSON, because the bureau's DateStyle setting does not change dates in JSON.
    inner = f"({select_rows(dataset, columns)}) AS part({', '.join(names)})"
    return f"{purpose_comment(purpose)} SELECT {selected} FROM {inner}"  # noqa: S608 - names are our own


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

"""The SQL that reads a data set, and the PostgreSQL types that its columns may have.

A data set has a second statement for dates that the driver cannot decode: PostgreSQL sends them as text.
PostgreSQL's dates range from 4714 BC to the year 5874897 (its manual, 8.5 "Date/Time Types"), Python's from
the year 1 to 9999. The driver fails for the whole answer if one date is outside Python's range. No other
declared kind has such values. Text costs more than decoding, so dates are read as text only after a failure.

An infinite date is no day, and a record "cleared on infinity" is not cleared. The driver would decode it as the
last or the first day that Python has, which a bureau may hold as well. The statements therefore read it as a day
that Python has not, and so it breaks the contract of its row.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from adapters.source import MAX_ROWS, Row
from catalogue.declarations import Dataset, Kind

_NAME: Final = re.compile(r'"([A-Za-z0-9_]+)"')
SEPARATOR: Final = "\x1f"
"""The unit separator of ASCII, between the keys of a statement."""

_NO_DAY: Final = "12000-01-01"
"""A date of PostgreSQL that Python has not."""

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
    names = ", ".join(map(quote, (dataset.key, *columns)))
    ranked = f"rank() OVER (PARTITION BY {quote(dataset.key)} ORDER BY {_order_of(dataset)}) AS {_RANK}"
    inner = f"SELECT {names}, {ranked} {_from(dataset, parameter)}"
    # DISTINCT: rows that are equal in all that is asked of them are one answer.
    outer = f"SELECT DISTINCT {_selected(dataset, columns)} FROM ({inner}) AS ranked"  # noqa: S608 - our own names
    return f"{outer} WHERE {_RANK} = 1 LIMIT {MAX_ROWS + 1}"


def _selected(dataset: Dataset, columns: Sequence[str]) -> str:
    return ", ".join([quote(dataset.key), *(_expression(dataset, name) for name in columns)])


def _from(dataset: Dataset, parameter: int) -> str:
    # A subquery is evaluated once; in a scan of a small relation the server would split the keys anew for each row.
    keys = f"(SELECT string_to_array(${parameter}, E'\\x1F'))::text[]"
    return f"FROM {_relation(dataset)} WHERE {quote(dataset.key)} = ANY({keys})"


def _order_of(dataset: Dataset) -> str:
    return ", ".join(_order_term(dataset, name, descends=descends) for name, descends in dataset.order_terms)


def _relation(dataset: Dataset) -> str:
    return ".".join(map(quote, dataset.relation.split(".")))


def _expression(dataset: Dataset, column: str) -> str:
    """Return the expression of a column, in which an infinite date becomes one that cannot be decoded."""
    name = quote(column)
    if dataset.by_name[column].kind is not Kind.DATE:
        return name
    # The alias is the name of no column. Without it, PostgreSQL names the expression as the column, and the
    # statement would be ordered by the expression.
    alias = quote(f"-{column}")
    return f"CASE WHEN {name} IN ('infinity', '-infinity') THEN '{_NO_DAY}' ELSE {name} END AS {alias}"


def quote(name: str) -> str:
    """Return a name as a quoted SQL identifier; declarations are our own, and quoted all the same."""
    return '"' + name.replace('"', '""') + '"'


def name_at(text: str, position: str | None) -> str | None:
    """Return the quoted name at a position of a statement of ours, as the server counts it from 1, or None."""
    found = _NAME.match(text, int(position) - 1) if position and position.isdigit() else None
    return None if found is None else found[1]


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
    """Return the statement of `select` with dates as text: YYYY-MM-DD, longer outside Python's range."""
    date_indexes = _date_indexes(dataset, columns)
    names = [f"c{at}" for at in range(len(columns) + 1)]
    selected = ", ".join(
        f"to_json({name}) #>> '{{}}'" if at in date_indexes else name for at, name in enumerate(names)
    )
    # Around the whole statement: inside it, rows would be ordered by the text instead of the date. The text
    # is made by way of JSON, because the bureau's DateStyle setting does not change dates in JSON.
    inner = f"({select_rows(dataset, columns)}) AS part({', '.join(names)})"
    return f"{purpose_comment(purpose)} SELECT {selected} FROM {inner}"  # noqa: S608 - names are our own


def select_whole(dataset: Dataset, columns: Sequence[str], purpose: str, *, ordered: bool) -> str:
    """Return the statement that reads all rows, with dates as text; `ordered` by key and then as declared.

    A table is ordered by its key and its labels. A relation with a column of another type may have no such order.
    """
    date_indexes = _date_indexes(dataset, columns)
    selected = [
        f"to_json({quote(name)}) #>> '{{}}'" if at in date_indexes else quote(name)
        for at, name in enumerate((dataset.key, *columns))
    ]
    counting = dataset.counting
    labels = ((counting.row, False), (counting.column, False)) if counting else ()
    terms = ((dataset.key, False), *(dataset.order_terms or labels))
    order = ", ".join(f"every.{_order_term(dataset, name, descends=descends)}" for name, descends in terms)
    text = f"{purpose_comment(purpose)} SELECT {', '.join(selected)} FROM {_relation(dataset)} AS every"  # noqa: S608 - names are our own, and quoted
    return f"{text} ORDER BY {order}" if ordered else text


def select_none(dataset: Dataset, columns: Sequence[str]) -> str:
    """Return a statement whose result has the types of the key and the columns, and no rows."""
    selected = ", ".join(map(quote, (dataset.key, *columns)))
    return f"SELECT {selected} FROM {_relation(dataset)} LIMIT 0"  # noqa: S608 - names are our own, and quoted


def parse_dates(dataset: Dataset, columns: Sequence[str], rows: Sequence[Any]) -> list[Row]:
    """Return the rows of `select` with dates parsed; a text that Python cannot parse stays, so that the checker finds it."""
    indexes = _date_indexes(dataset, columns)
    return [tuple(_parse(value) if at in indexes else value for at, value in enumerate(row)) for row in rows]


def _date_indexes(dataset: Dataset, columns: Sequence[str]) -> frozenset[int]:
    return frozenset(
        at for at, name in enumerate(columns, start=1) if dataset.by_name[name].kind is Kind.DATE
    )


def _parse(text: Any) -> Any:
    try:
        return text if text is None else date.fromisoformat(text)
    except ValueError:
        return text

"""The SQL that reads a data set, and the PostgreSQL types that its columns may have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from adapters.round_trip_limits import MAX_ROWS
from catalogue.declarations import Dataset, Kind

SEPARATOR: Final = "\x1f"
"""The unit separator of ASCII, between the keys of a statement."""

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

    The purpose must have passed `round_trip_limits.is_purpose`, or it could end the comment.
    """
    return f"/* creditgraph purpose={purpose} */"


def select_rows(dataset: Dataset, columns: Sequence[str], parameter: int = 1) -> str:
    """Return the statement without the comment; `parameter` is the number of the parameter for the keys.

    The limit is one row above the budget, so that the caller notices too many rows. The statement orders
    rows only within a key.
    """
    selected = ", ".join(map(quote, (dataset.key, *columns)))
    key = quote(dataset.key)
    order = list(map(_order_term, dataset.order))
    distinct = f"DISTINCT ON ({key}) " if dataset.latest else ""
    terms = [key, *order] if dataset.latest else order
    order_by = f" ORDER BY {', '.join(terms)}" if terms else ""
    relation = ".".join(map(quote, dataset.relation.split(".")))
    return (
        f"SELECT {distinct}{selected} FROM {relation} "  # noqa: S608 - names are our own, and quoted
        f"WHERE {key} = ANY(string_to_array(${parameter}, E'\\x1F')){order_by} LIMIT {MAX_ROWS + 1}"
    )


def quote(name: str) -> str:
    """Return a name as a quoted SQL identifier; declarations are our own, and quoted all the same."""
    return '"' + name.replace('"', '""') + '"'


def _order_term(column: str) -> str:
    return f"{quote(column[1:])} DESC" if column.startswith("-") else quote(column)


def find_mistyped_column(dataset: Dataset, columns: Sequence[str], types: Iterable[str]) -> str | None:
    """Describe the first column whose PostgreSQL type is not allowed for its kind; None if all are allowed."""
    kinds = [Kind.TEXT, *(dataset.by_name[name].kind for name in columns)]
    for name, kind, type_name in zip((dataset.key, *columns), kinds, types, strict=True):
        if type_name not in POSTGRES_TYPES[kind]:
            return f"{name}: the column is not {kind.value}"
    return None

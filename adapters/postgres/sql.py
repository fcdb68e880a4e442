"""The statement by which a dataset is read, and whether its columns come as declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from adapters.round_trip_limits import MAX_ROWS
from adapters.source import Key
from catalogue.declarations import Dataset, Kind

SEPARATOR: Final = "\x1f"
"""The unit separator of ASCII."""

POSTGRES_TYPES: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.TEXT: frozenset({"text", "varchar"}),
    Kind.INTEGER: frozenset({"int4", "int2"}),
    Kind.FEN: frozenset({"int8", "int4", "int2"}),  # narrower integers are whole fen as well
    Kind.DATE: frozenset({"date"}),
    Kind.BOOLEAN: frozenset({"bool"}),
}


def select(dataset: Dataset, columns: Sequence[str], purpose: str) -> str:
    """The statement that reads `columns` for an array of keys, with the purpose where the bureau logs it."""
    return f"{note(purpose)} {rows(dataset, columns)}"


def note(purpose: str) -> str:
    """The comment that tells the bureau the purpose, which must have passed `conditions.is_purpose`."""
    return f"/* creditgraph purpose={purpose} */"


def rows(dataset: Dataset, columns: Sequence[str], parameter: int = 1) -> str:
    """The statement without the purpose; its keys are the parameter of this number.

    One row more than the budget is read, so that too many rows are noticed. Only the order within a key
    matters.
    """
    wanted = ", ".join(map(quote, (dataset.key, *columns)))
    key = quote(dataset.key)
    order = list(map(_ordering, dataset.order))
    distinct = f"DISTINCT ON ({key}) " if dataset.latest else ""
    ordered = [key, *order] if dataset.latest else order
    by = f" ORDER BY {', '.join(ordered)}" if ordered else ""
    relation = ".".join(map(quote, dataset.relation.split(".")))
    return (
        f"SELECT {distinct}{wanted} FROM {relation} "  # noqa: S608 - names are our own, and quoted
        f"WHERE {key} = ANY(string_to_array(${parameter}, E'\\x1F')){by} LIMIT {MAX_ROWS + 1}"
    )


def joined(keys: Sequence[Key]) -> str:
    """The statement's one argument: the keys in one text.

    The driver's encoder of arrays asks of every element whether it is an array itself, which costs 0.3 µs
    a key. No identifier holds the separator, so a key with one is of nobody and is left out.
    """
    text = SEPARATOR.join(keys)
    if text.count(SEPARATOR) == len(keys) - 1:
        return text
    return SEPARATOR.join([key for key in keys if SEPARATOR not in key])


def quote(name: str) -> str:
    """An SQL identifier; names come from our own declarations, and are quoted all the same."""
    return '"' + name.replace('"', '""') + '"'


def _ordering(column: str) -> str:
    return f"{quote(column[1:])} DESC" if column.startswith("-") else quote(column)


def mistyped(dataset: Dataset, columns: Sequence[str], types: Iterable[str]) -> str | None:
    """Name the first column whose PostgreSQL type is not one of those that its kind allows."""
    kinds = [Kind.TEXT, *(dataset.by_name[name].kind for name in columns)]
    for name, kind, found in zip((dataset.key, *columns), kinds, types, strict=True):
        if found not in POSTGRES_TYPES[kind]:
            return f"{name}: the column is not {kind.value}"
    return None

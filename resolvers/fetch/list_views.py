"""Rows of a list as its arguments choose them: filtered, in order, behind a cursor.

Every row of a key is at hand when its list is made, so what is chosen is exact and costs the bureau nothing.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Final, TypeAlias, cast

import orjson

from adapters.source import Key, Row
from resolvers.fetch.reading import CursorRefused, Table

RowFilter: TypeAlias = Callable[[Key, Sequence[Row]], Sequence[Row]]
"""Filters, sorts and paginates: from a key and its rows to those that stand in the list; raises CursorRefused."""
RowCondition: TypeAlias = Callable[[Row], bool]

NUMBER_BYTES: Final = 8
"""The length of a record's number."""
_COMPARED: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": lambda value, given: value == given,
    "in": lambda value, given: value in given,
    "from": lambda value, given: value >= given,
    "until": lambda value, given: value <= given,
}
"""What each member of a condition asks of a value that is there."""


def choose_rows(table: Table, keys: Sequence[Key], choose: RowFilter) -> Table:
    """Return the table of a list for `keys`; what failed in `table` fails here alike."""
    if table.failure is not None:
        return table
    rows: dict[Key, Any] = {}
    broken = dict(table.broken)
    for key in keys:
        if key not in table.broken:
            try:
                rows[key] = choose(key, table.rows.get(key, ()))
            except CursorRefused as refused:
                broken[key] = refused
    return Table(rows, broken)


def conditions_of(where: Mapping[str, Mapping[str, Any]], places: Mapping[str, int]) -> list[RowCondition]:
    """Return the conditions that a row must meet; `places` has the place in the row of each field."""
    return [
        _condition(places[name], operator, _row_value(given))
        for name, condition in where.items()
        for operator, given in condition.items()
    ]


def _row_value(given: Any) -> Any:
    """Return a value as rows hold it: a code is the value of an enum's member."""
    if isinstance(given, list):
        return frozenset(map(_row_value, cast("list[Any]", given)))
    return given.value if isinstance(given, Enum) else given


def _condition(place: int, operator: str, given: Any) -> RowCondition:
    if operator == "isNull":
        return lambda row: (row[place] is None) is given
    compared = _COMPARED[operator]
    return lambda row: row[place] is not None and compared(row[place], given)


def ordered(rows: Sequence[Row], place: int, *, descending: bool) -> list[Row]:
    """Return rows by the value at `place`; equal ones keep their order, those without it come last."""
    valued = [row for row in rows if row[place] is not None]
    valued.sort(key=lambda row: row[place], reverse=descending)
    return valued + [row for row in rows if row[place] is None]


def with_numbers(rows: Sequence[Row], places: Sequence[int]) -> list[Row]:
    """Return the rows of a list, each with a number at its end that it keeps while other rows come and go.

    The number is made of the values at `places`. Rows that are equal in them are numbered by their turn and by how
    many they are, so that each of them has another number if one comes or goes.
    """
    values = [tuple(row[place] for place in places) for row in rows]
    several, turns = Counter(values), Counter[tuple[Any, ...]]()
    found: list[Row] = []
    for row, each in zip(rows, values, strict=True):
        turns[each] += 1
        found.append((*row, _number(each, turns[each], several[each])))
    return found


def _number(values: tuple[Any, ...], turn: int, several: int) -> int:
    digest = hashlib.blake2b(orjson.dumps([values, turn, several]), digest_size=NUMBER_BYTES)
    return int.from_bytes(digest.digest())

"""Several data sets of a bureau read by one statement.

Every statement costs a round trip and, at both ends, more processor time than the few rows of one subject do.
So the rows of several data sets are stacked by UNION ALL: first the number of the data set, then the key, then
as many columns of each kind as the data set with the most of them needs. What a data set does not fill is null.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, TypeAlias

from adapters.postgres import sql
from adapters.round_trip_limits import MAX_ROWS
from adapters.source import Query, Row
from catalogue.declarations import Kind

_TYPES: Final = {
    Kind.TEXT: "text",
    Kind.INTEGER: "int4",
    Kind.FEN: "int8",
    Kind.DATE: "date",
    Kind.BOOLEAN: "bool",
}
_KEY: Final = 1
"""The place of the key in a stacked row, after the number of its data set."""

Pick: TypeAlias = Callable[[Any], Row]
_part: Callable[[Any], int] = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Union:
    """The statement for some queries, and where in its rows the columns of each stand."""

    text: str
    slots: tuple[Kind, ...]
    picks: tuple[Pick, ...]

    def fits(self, types: Sequence[str]) -> bool:
        """Whether the columns of stacked rows are of the types that their kinds allow."""
        kinds = (Kind.INTEGER, Kind.TEXT, *self.slots)
        return all(found in sql.POSTGRES_TYPES[kind] for kind, found in zip(kinds, types, strict=True))

    def split(self, rows: Iterable[Any]) -> list[list[Row]]:
        """The rows of each query as its own statement would give them, in the queries' order."""
        parts: list[list[Row]] = [[] for _ in self.picks]
        for part, found in groupby(rows, _part):
            parts[part].extend(map(self.picks[part], found))
        return parts


def union(queries: Sequence[Query]) -> Union:
    """The union of queries of one bureau and one purpose; parameter n is for the keys of the nth."""
    if len({(query.bureau, query.purpose) for query in queries}) != 1:
        raise ValueError("one statement is for one bureau and one purpose")
    kinds = [_kinds(query) for query in queries]
    most = Counter[Kind]()
    for each in kinds:
        most |= Counter(each)
    slots = [kind for kind in Kind for _ in range(most[kind])]
    places = [_places(each, slots) for each in kinds]
    parts = [_part_of(number, query, places[number], slots) for number, query in enumerate(queries)]
    text = f"{sql.note(queries[0].purpose)} {' UNION ALL '.join(parts)} LIMIT {MAX_ROWS + 1}"
    return Union(text, tuple(slots), tuple(map(_pick, places)))


def _kinds(query: Query) -> list[Kind]:
    return [query.dataset.by_name[name].kind for name in query.columns]


def _places(kinds: Sequence[Kind], slots: Sequence[Kind]) -> list[int]:
    """Return the place in a stacked row of each column: the next slot of its kind."""
    free = {kind: iter([at for at, slot in enumerate(slots, _KEY + 1) if slot is kind]) for kind in kinds}
    return [next(free[kind]) for kind in kinds]


def _part_of(number: int, query: Query, places: Sequence[int], slots: Sequence[Kind]) -> str:
    filled = {place: f"c{at}" for at, place in enumerate(places, 1)}
    columns = [filled.get(at, f"NULL::{_TYPES[slot]}") for at, slot in enumerate(slots, _KEY + 1)]
    names = ", ".join(f"c{at}" for at in range(len(places) + 1))
    # Around the data set's whole statement, which keeps its order and its limit.
    found = f"({sql.rows(query.dataset, query.columns, number + 1)}) AS found({names})"
    wanted = ", ".join((str(number), "c0", *columns))
    return f"(SELECT {wanted} FROM {found})"  # noqa: S608 - names are our own


def _pick(places: Sequence[int]) -> Pick:
    if not places:
        return lambda row: (row[_KEY],)
    return itemgetter(_KEY, *places)

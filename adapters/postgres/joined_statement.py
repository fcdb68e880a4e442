"""One statement that reads several data sets of a bureau.

Each statement costs a round trip, and more processor time at both ends than the few rows of one subject.
UNION ALL therefore stacks the rows of several data sets. A stacked row holds the number of the data set, the
key, and for each kind of column as many columns as the data set with the most columns of that kind needs.
The columns that a data set does not use are null.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, TypeAlias

from adapters.postgres import sql
from adapters.source import MAX_ROWS, Query, Row
from catalogue.declarations import Kind

_KEY: Final = 1
"""The index of the key in a stacked row, after the number of its data set."""

RowReader: TypeAlias = Callable[[Any], Row]
"""Takes the key and the columns of one query out of a stacked row."""


@dataclass(frozen=True, slots=True)
class JoinedStatement:
    """The SQL text for several queries, the kinds of its stacked columns, and the row reader of each query."""

    text: str
    kinds: tuple[Kind, ...]
    row_readers: tuple[RowReader, ...]

    def has_declared_types(self, types: Sequence[str]) -> bool:
        """Whether the PostgreSQL types of a stacked row are allowed for the kinds of its columns."""
        kinds = (Kind.INTEGER, Kind.TEXT, *self.kinds)
        return all(name in sql.POSTGRES_TYPES[kind] for kind, name in zip(kinds, types, strict=True))


def join_statements(queries: Sequence[Query]) -> JoinedStatement:
    """Join queries of one bureau and one purpose; parameter n of the statement takes the keys of query n."""
    if len({(query.bureau, query.purpose) for query in queries}) != 1:
        raise ValueError("one statement is for one bureau and one purpose")
    kinds = [[query.dataset.by_name[name].kind for name in query.read_columns] for query in queries]
    most = Counter[Kind]()
    for each in kinds:
        most |= Counter(each)
    stacked = [kind for kind in Kind for _ in range(most[kind])]
    indexes = [_indexes(each, stacked) for each in kinds]
    parts = [_part(number, query, indexes[number], stacked) for number, query in enumerate(queries)]
    text = f"{sql.purpose_comment(queries[0].purpose)} {' UNION ALL '.join(parts)} LIMIT {MAX_ROWS + 1}"
    return JoinedStatement(text, tuple(stacked), tuple(map(_row_reader, indexes)))


def _indexes(kinds: Sequence[Kind], stacked: Sequence[Kind]) -> list[int]:
    """Return the index of each column in a stacked row: the next free column of its kind."""
    free = {kind: iter([at for at, each in enumerate(stacked, _KEY + 1) if each is kind]) for kind in kinds}
    return [next(free[kind]) for kind in kinds]


def _part(number: int, query: Query, indexes: Sequence[int], stacked: Sequence[Kind]) -> str:
    filled = {index: f"c{at}" for at, index in enumerate(indexes, 1)}
    columns = [
        filled.get(at, f"NULL::{sql.POSTGRES_TYPES[kind][0]}") for at, kind in enumerate(stacked, _KEY + 1)
    ]
    names = ", ".join(f"c{at}" for at in range(len(indexes) + 1))
    # Around the data set's whole statement, which keeps its order and its limit.
    inner = f"({sql.select_rows(query.dataset, query.read_columns, number + 1)}) AS part({names})"
    selected = ", ".join((str(number), "c0", *columns))
    return f"(SELECT {selected} FROM {inner})"  # noqa: S608 - names are our own


def _row_reader(indexes: Sequence[int]) -> RowReader:
    if not indexes:
        return lambda row: (row[_KEY],)
    return itemgetter(_KEY, *indexes)

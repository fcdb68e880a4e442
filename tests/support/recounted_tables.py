"""Tables of counts that are released alike and were counted otherwise."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from graphql import GraphQLSchema

from catalogue.declarations import COUNT
from tests.support.drawn_cities import Record
from tests.support.laid_out_tables import TABLES, laid_out

TRIES: Final = 12
Counts = dict[tuple[str, str], int]


def recounted(
    rng: random.Random, schema: GraphQLSchema, dataset: str, cells: Sequence[Record]
) -> list[Record]:
    """Return other cells, in any order, of which the same counts are released and the same are withheld."""
    (field,) = (name for name, (source, *_) in TABLES.items() if source == dataset)
    released, found = laid_out(schema, field, cells), list(cells)
    for _ in range(TRIES):
        tried = _moved(rng, field, found)
        if tried and laid_out(schema, field, tried) == released:
            found = tried
    return rng.sample(found, len(found))


def _moved(rng: random.Random, field: str, cells: Sequence[Record]) -> list[Record]:
    """Move some of those who are counted around four cells, so that every total stays."""
    _, row, column = TABLES[field]
    counts: Counts = {(each[row], each[column]): each[COUNT] for each in cells}
    rows, columns = (sorted({each[at] for each in counts}) for at in (0, 1))
    if len(rows) < 2 or len(columns) < 2:
        return []
    (above, below), (left, right) = rng.sample(rows, 2), rng.sample(columns, 2)
    amount = rng.randint(0, 3)
    for place, sign in (((above, left), 1), ((above, right), -1), ((below, left), -1), ((below, right), 1)):
        counts[place] = counts.get(place, 0) + sign * amount
    if min(counts.values()) < 0:
        return []
    zeros = rng.random() < 0.5  # a count of 0 is the same as none
    return [
        {**cells[0], row: i, column: j, COUNT: count} for (i, j), count in counts.items() if count or zeros
    ]

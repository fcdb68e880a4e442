"""Registered tables of counts as they are released: whole, with totals, and without what is withheld.

The cells that a bureau gives become the cells of the answer before anything else looks at them, so the compiled
projection and the careful walk release the same. A table whose cells contradict each other is not released.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from adapters.bureau_errors import ContractBroken
from adapters.source import Row
from catalogue.declarations import COUNT
from gateway.release.cell_network import Counts, with_totals
from gateway.release.suppression import withheld
from resolvers.fetch.reading import Table
from resolvers.plan.masked_plan import StatisticRead
from schema.record_types import SUPPRESSED

MOST: Final = 2**31 - 1
"""The most that GraphQL's Int holds, and so the most that a table counts."""


def released(statistics: Sequence[StatisticRead], read: Sequence[Table]) -> list[Table]:
    """Return what was read with the cells of every table in place of its counts."""
    tables = list(read)
    for each in statistics:
        tables[each.slot] = _released(each, read[each.slot])
    return tables


def _released(table: StatisticRead, read: Table) -> Table:
    rows: dict[str, list[Row]] = {}
    broken = dict(read.broken)
    names = sorted(table.places, key=table.places.__getitem__)
    for key, found in read.rows.items():
        try:
            counts = _counts(table, found)
        except _Contradiction as contradiction:
            bureau, _, dataset = table.source.partition(".")
            broken[key] = ContractBroken(bureau, dataset, str(contradiction), len(found))
        else:
            rows[key] = [[cell.get(name) for name in names] for cell in _cells(table, counts)]
    return Table(rows, broken, read.failure)


class _Contradiction(Exception):
    """Why the cells that a bureau gives are no table; the text holds nothing of them."""


def _counts(table: StatisticRead, found: Sequence[Row]) -> Counts:
    row, column, count = (table.places[name] for name in (table.counting.row, table.counting.column, COUNT))
    count_of = {(each[row], each[column]): each[count] for each in found}
    if len(count_of) != len(found):
        raise _Contradiction("a cell of the table stands twice")
    if min(count_of.values(), default=0) < 0:
        raise _Contradiction("a count below 0")
    counts = with_totals([[count_of.get((i, j), 0) for j in table.columns] for i in table.rows])
    if counts[-1][-1] > MOST:
        raise _Contradiction("too large a number")
    return counts


def _cells(table: StatisticRead, counts: Counts) -> Iterator[dict[str, Any]]:
    """Yield every cell by the names of its columns; a null label stands for all of them together."""
    hidden = withheld(counts, table.counting.minimum)
    for i, row in enumerate((*table.rows, None)):
        for j, column in enumerate((*table.columns, None)):
            suppressed = (i, j) in hidden
            count = None if suppressed else counts[i][j]
            yield {
                table.counting.row: row,
                table.counting.column: column,
                COUNT: count,
                SUPPRESSED: suppressed,
            }

"""Chooses the counts of a statistic to withhold: small counts, and others from which a reader could compute them.

Attacker model: the reader knows all released cells and totals and the suppression rule, and computes exact
bounds. For a withheld small count, these bounds include both 0 and the minimum. The attacker does not invert
the choice of secondary cells (no practical bound is known).

A count of 0 describes no subject. It is released unless it must protect another count. If one cell contains a
whole row, everyone who knows that a person belongs to the row also knows the person's column. Such a cell is
withheld like a small one, whatever its size.
Source: A. Hundepool et al., Statistical Disclosure Control, Wiley 2012, ch. 4 (threshold, secondary
suppression, group disclosure); J. Kelly, B. Golden and A. Assad, Networks 22 (1992), 397–417 (cheapest paths).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from gateway.release.cell_network import Cell, Counts, Sign, shift

TABLES: Final = 256
"""The size of the cache of choices; a choice depends on the counts and the minimum only."""
OF_A_CELL: Final = 1_000
OF_A_ZERO: Final = 10_000
OF_A_TOTAL: Final = 100_000
OF_ALL: Final = 10_000_000
"""The costs of withholding: cells cost less than totals. A zero costs more than a cell because it protects little."""


@dataclass(frozen=True, slots=True)
class Need:
    """The distance by which the reader's bound of a withheld count must differ from the count, in one direction."""

    cell: Cell
    sign: Sign
    amount: int


@lru_cache(maxsize=TABLES)
def withheld(counts: Counts, minimum: int) -> frozenset[Cell]:
    """Return the withheld cells of a table with totals; equal counts have equal withheld cells."""
    needs = tuple(needs_of(counts, minimum))
    hidden = {need.cell for need in needs}
    for need in needs:
        costs = _costs(counts, hidden)
        hidden |= shift(counts, costs, need.cell, need.sign, need.amount).cells
    return frozenset(hidden) if covered(counts, hidden, needs) else frozenset(_costs(counts, ()))


def covered(counts: Counts, hidden: Collection[Cell], needs: Collection[Need]) -> bool:
    """Whether the released cells leave the bounds that every need demands."""
    free = dict.fromkeys(hidden, 0)
    return all(shift(counts, free, each.cell, each.sign, each.amount).moved == each.amount for each in needs)


def needs_of(counts: Counts, minimum: int) -> Iterator[Need]:
    """Yield the needs of the small counts and the whole rows, totals included, in the order of the table."""
    for i, row in enumerate(counts):
        for j, count in enumerate(row):
            if 0 < count < minimum:
                yield Need((i, j), -1, count)
                yield Need((i, j), 1, minimum - count)
            elif count and _is_whole_row(row, j):
                yield Need((i, j), -1, minimum)


def _is_whole_row(row: tuple[int, ...], column: int) -> bool:
    """Whether one of several cells contains all subjects of the row."""
    *cells, total = row
    return len(cells) > 1 and column < len(cells) and cells[column] == total


def _costs(counts: Counts, hidden: Collection[Cell]) -> dict[Cell, int]:
    last, end = len(counts) - 1, len(counts[0]) - 1
    costs: dict[Cell, int] = {}
    for cell in ((i, j) for i in range(last + 1) for j in range(end + 1)):
        count, totals = counts[cell[0]][cell[1]], (cell[0] == last) + (cell[1] == end)
        whole = OF_A_CELL + min(count, OF_A_CELL - 1) if count else OF_A_ZERO
        costs[cell] = 0 if cell in hidden else (whole, OF_A_TOTAL, OF_ALL)[totals]
    return costs

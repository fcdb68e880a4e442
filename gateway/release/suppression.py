"""Which counts of a table are withheld: small ones, and as many others as keep them from being worked out.

Who reads a table knows every count that is released, all totals among them, and this rule; that is held
against him by exact bounds. Of a withheld small count he can exclude neither that it is 0 nor that it reaches
the minimum. He is not held to run the choice of the others backwards, for which no practical bound is known.

A count of 0 tells of nobody and is released; it is withheld only where another count needs it. Where a whole
row stands in one cell, whoever knows that somebody belongs to the row knows the column as well: that cell is
withheld like a small one, whatever its size.
Source: A. Hundepool et al., Statistical Disclosure Control, Wiley 2012, ch. 4 (threshold, secondary
suppression, group disclosure); J. Kelly, B. Golden and A. Assad, Networks 22 (1992), 397–417 (cheapest paths).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from gateway.release.cell_network import Cell, Counts, Sign, shift

TABLES: Final = 256
"""Tables of which the choice is remembered: it is a function of the counts and the minimum alone."""
OF_A_CELL: Final = 1_000
OF_A_ZERO: Final = 10_000
OF_A_TOTAL: Final = 100_000
OF_ALL: Final = 10_000_000
"""What withholding costs: cells before totals. A zero is seldom a secret, so it hides little."""


@dataclass(frozen=True, slots=True)
class Need:
    """By how much, in one direction, it must remain possible that a withheld count is another."""

    cell: Cell
    sign: Sign
    amount: int


@lru_cache(maxsize=TABLES)
def withheld(counts: Counts, minimum: int) -> frozenset[Cell]:
    """Return the cells of a table with totals that are not released; the same for the same counts."""
    needs = tuple(needs_of(counts, minimum))
    hidden = {need.cell for need in needs}
    for need in needs:
        costs = _costs(counts, hidden)
        hidden |= shift(counts, costs, need.cell, need.sign, need.amount).cells
    return frozenset(hidden) if covered(counts, hidden, needs) else frozenset(_costs(counts, ()))


def covered(counts: Counts, hidden: Collection[Cell], needs: Collection[Need]) -> bool:
    """Whether the released cells leave every need its room."""
    free = dict.fromkeys(hidden, 0)
    return all(shift(counts, free, each.cell, each.sign, each.amount).moved == each.amount for each in needs)


def needs_of(counts: Counts, minimum: int) -> Iterator[Need]:
    """Yield what the counts themselves ask for, totals included, in the order of the table."""
    for i, row in enumerate(counts):
        for j, count in enumerate(row):
            if 0 < count < minimum:
                yield Need((i, j), -1, count)
                yield Need((i, j), 1, minimum - count)
            elif count and _is_whole_row(row, j):
                yield Need((i, j), -1, minimum)


def _is_whole_row(row: tuple[int, ...], column: int) -> bool:
    """Whether all of several cells' subjects stand in one of them."""
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

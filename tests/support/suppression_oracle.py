"""The oracle of suppression: what a reader of a released table can work out, by Z3 over whole numbers.

It knows the equations of a table and nothing of networks, flows or choices.
"""

from __future__ import annotations

from collections.abc import Collection

import z3

from gateway.release.cell_network import Cell, Counts


class Reader:
    """Somebody who knows every released cell of a table with totals, and that no count is below 0."""

    def __init__(self, counts: Counts, hidden: Collection[Cell]) -> None:
        self._solver = z3.Solver()
        self._cells = [
            [z3.Int(f"c{i}_{j}") if (i, j) in hidden else z3.IntVal(count) for j, count in enumerate(row)]
            for i, row in enumerate(counts)
        ]
        self._solver.add([self._cells[i][j] >= 0 for i, j in hidden])
        for line in (*self._cells, *zip(*self._cells, strict=True)):
            *parts, total = line
            self._solver.add(z3.Sum(parts) == total)

    def thinks_possible(self, cell: Cell, least: int, most: int | None = None) -> bool:
        """Whether some table that agrees with what is released has between `least` and `most` in a cell."""
        held = self._cells[cell[0]][cell[1]]
        bounds = [held >= least] if most is None else [held >= least, held <= most]
        return self._solver.check(*bounds) == z3.sat

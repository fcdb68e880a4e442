"""A table of counts as a network, to find other tables with the same released counts.

The cells, totals included, are the arcs between rows and columns. Each line adds up to its total, so the flow
into a node equals the flow out of it. Two tables with the same totals differ by a circulation. The distance
by which one cell can change while only some other cells change is therefore a maximum flow; an optimal flow in
whole numbers exists.
Source: L. Cox, Suppression methodology and statistical disclosure control, JASA 75 (1980), 377–385;
A. Hundepool et al., Statistical Disclosure Control, Wiley 2012, ch. 4.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush
from typing import Literal, TypeAlias

Counts: TypeAlias = tuple[tuple[int, ...], ...]
"""Rows of counts. The last count of a row or column is its total; the very last is the grand total."""
Cell: TypeAlias = tuple[int, int]
"""A row and a column of a table with totals, from 0."""
Sign: TypeAlias = Literal[-1, 1]
Move: TypeAlias = tuple[Cell, Sign]
"""One subject more or one less in a cell."""
Arc: TypeAlias = tuple[Move, int]
"""A move, and the node at its end."""
Step: TypeAlias = tuple[int, Move]
"""A node, and the move that leaves it."""


def with_totals(counts: Sequence[Sequence[int]]) -> Counts:
    """Return a table with the totals of its rows and columns."""
    rows = [(*row, sum(row)) for row in counts]
    return (*rows, tuple(map(sum, zip(*rows, strict=True))))


@dataclass(frozen=True, slots=True)
class Shift:
    """The difference to another table: the distance of one cell, and all cells that differ."""

    moved: int
    cells: frozenset[Cell]


def shift(counts: Counts, costs: Mapping[Cell, int], cell: Cell, sign: Sign, most: int) -> Shift:
    """Change a cell by up to `most`; to keep the totals, change cells with a cost as well, the cheapest first.

    A cell that has changed once costs nothing from then on. No count falls below 0. If `moved` is less than
    `most`, no choice among these cells moves further.
    """
    current = {(i, j): count for i, row in enumerate(counts) for j, count in enumerate(row)}
    costs = {each: cost for each, cost in costs.items() if each != cell}
    most = most if sign > 0 else min(most, current[cell])
    moved = 0
    while moved < most:
        path = _cheapest(_arcs(len(counts), len(counts[0])), current, costs, _ends(counts, cell, sign))
        if path is None:
            break
        amount = min([most - moved, *(current[each] for each, step in path if step < 0)])
        for each, step in path:
            current[each] += step * amount
            costs[each] = 0
        current[cell] += sign * amount
        moved += amount
    changed = (each for each, count in current.items() if count != counts[each[0]][each[1]])
    return Shift(moved, frozenset(changed))


def _ends(counts: Counts, cell: Cell, sign: Sign) -> tuple[int, int]:
    """Return the start and the end of the path by which other cells balance a move of `cell`."""
    start, end = _nodes(len(counts), len(counts[0]), cell)
    return (end, start) if sign > 0 else (start, end)


def _nodes(height: int, width: int, cell: Cell) -> tuple[int, int]:
    """Return start and end of a cell's arc; the nodes of the rows come first, then those of the columns.

    A total's arc has the opposite direction: a row receives from its total and gives to its columns.
    """
    row, column = cell[0], height + cell[1]
    return (row, column) if (cell[0] == height - 1) is (cell[1] == width - 1) else (column, row)


@lru_cache(maxsize=64)
def _arcs(height: int, width: int) -> tuple[tuple[Arc, ...], ...]:
    """Return the arcs that leave each node: one subject more along a cell's arc, one less against it."""
    found: list[list[Arc]] = [[] for _ in range(height + width)]
    for cell in ((i, j) for i in range(height) for j in range(width)):
        start, end = _nodes(height, width, cell)
        found[start].append(((cell, 1), end))
        found[end].append(((cell, -1), start))
    return tuple(map(tuple, found))


def _cheapest(
    arcs: Sequence[Sequence[Arc]],
    current: Mapping[Cell, int],
    costs: Mapping[Cell, int],
    ends: tuple[int, int],
) -> list[Move] | None:
    """Return the cheapest path between two nodes, or None; equal inputs give equal paths (Dijkstra 1959)."""
    start, goal = ends
    reached: dict[int, Step] = {}
    waiting: list[tuple[int, int, Step]] = [(0, start, (start, ((0, 0), 1)))]
    while waiting:
        cost, node, by = heappop(waiting)
        if node in reached:
            continue
        reached[node] = by
        if node == goal:
            return _path(reached, start, goal)
        for move, end in arcs[node]:
            cell, sign = move
            if cell in costs and (sign > 0 or current[cell]) and end not in reached:
                heappush(waiting, (cost + costs[cell], end, (node, move)))
    return None


def _path(reached: Mapping[int, Step], start: int, goal: int) -> list[Move]:
    path: list[Move] = []
    while goal != start:
        goal, move = reached[goal]
        path.append(move)
    return path

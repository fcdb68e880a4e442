"""A table of counts with its totals as a network: which other tables agree with what is released of it.

The cells, totals included, are arcs between rows and columns, and that every line adds up to its total says
that what flows into a node flows out of it. Two tables with the same totals differ by a circulation, so how
far a cell can move while only some others move along is a maximum flow, and whole numbers lose nothing.
Source: L. Cox, Suppression methodology and statistical disclosure control, JASA 75 (1980), 377–385;
A. Hundepool et al., Statistical Disclosure Control, Wiley 2012, ch. 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush
from typing import Literal, TypeAlias

Counts: TypeAlias = tuple[tuple[int, ...], ...]
"""Rows of counts. The last of each row and of each column is its total, the last of all the grand total."""
Cell: TypeAlias = tuple[int, int]
"""A row and a column of a table with totals, from 0."""
Sign: TypeAlias = Literal[-1, 1]
Move: TypeAlias = tuple[Cell, Sign]
"""One subject more or less in a cell."""
Arc: TypeAlias = tuple[Move, int]
"""A move, and the node that it leads to."""
Step: TypeAlias = tuple[int, Move]
"""The node that a way comes from, and the move that leads on."""


def with_totals(counts: Sequence[Sequence[int]]) -> Counts:
    """Return a table with the totals of its rows and columns."""
    rows = [(*row, sum(row)) for row in counts]
    return (*rows, tuple(map(sum, zip(*rows, strict=True))))


@dataclass(frozen=True, slots=True)
class Shift:
    """Another table of the same totals: how far one cell moved, and every cell that differs."""

    moved: int
    cells: frozenset[Cell]


def shift(counts: Counts, costs: Mapping[Cell, int], cell: Cell, sign: Sign, most: int) -> Shift:
    """Move a cell by at most `most`, where only the cells that have a cost move along, the cheapest first.

    A cell that has moved once costs nothing any more. No count falls below 0. What `moved` lacks of `most`
    no choice among these cells could have moved.
    """
    held = {(i, j): count for i, row in enumerate(counts) for j, count in enumerate(row)}
    costs = {each: cost for each, cost in costs.items() if each != cell}
    most = most if sign > 0 else min(most, held[cell])
    moved = 0
    while moved < most:
        path = _cheapest(_arcs(len(counts), len(counts[0])), held, costs, _ends(counts, cell, sign))
        if path is None:
            break
        amount = min([most - moved, *(held[each] for each, down in path if down < 0)])
        for each, way in path:
            held[each] += way * amount
            costs[each] = 0
        held[cell] += sign * amount
        moved += amount
    changed = (each for each, count in held.items() if count != counts[each[0]][each[1]])
    return Shift(moved, frozenset(changed))


def _ends(counts: Counts, cell: Cell, sign: Sign) -> tuple[int, int]:
    """Return from which node to which the other cells must balance a move of `cell`."""
    start, end = _nodes(len(counts), len(counts[0]), cell)
    return (end, start) if sign > 0 else (start, end)


def _nodes(height: int, width: int, cell: Cell) -> tuple[int, int]:
    """Return the nodes between which a cell flows: rows come first, then columns.

    A total flows the other way round, so that a row takes from its total what its cells give to their columns.
    """
    row, column = cell[0], height + cell[1]
    return (row, column) if (cell[0] == height - 1) is (cell[1] == width - 1) else (column, row)


@lru_cache(maxsize=64)
def _arcs(height: int, width: int) -> tuple[tuple[Arc, ...], ...]:
    """Return what leads on from each node: one more along a cell, one less against it."""
    found: list[list[Arc]] = [[] for _ in range(height + width)]
    for cell in ((i, j) for i in range(height) for j in range(width)):
        start, end = _nodes(height, width, cell)
        found[start].append(((cell, 1), end))
        found[end].append(((cell, -1), start))
    return tuple(map(tuple, found))


def _cheapest(
    arcs: Sequence[Sequence[Arc]],
    held: Mapping[Cell, int],
    costs: Mapping[Cell, int],
    ends: tuple[int, int],
) -> list[Move] | None:
    """Return the cheapest way from one node to another, the same every time, or None (Dijkstra 1959)."""
    start, goal = ends
    came: dict[int, Step] = {}
    waiting: list[tuple[int, int, Step]] = [(0, start, (start, ((0, 0), 1)))]
    while waiting:
        cost, node, by = heappop(waiting)
        if node in came:
            continue
        came[node] = by
        if node == goal:
            return _way(came, start, goal)
        for move, end in arcs[node]:
            cell, sign = move
            if cell in costs and (sign > 0 or held[cell]) and end not in came:
                heappush(waiting, (cost + costs[cell], end, (node, move)))
    return None


def _way(came: Mapping[int, Step], start: int, goal: int) -> list[Move]:
    way: list[Move] = []
    while goal != start:
        goal, move = came[goal]
        way.append(move)
    return way

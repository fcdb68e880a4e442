"""Reads a plan level by level: gathers keys, reads every dataset of a level at the same time, waits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from adapters.contract import Key
from adapters.errors import BureauTimedOut
from observability.events import Origin
from resolvers.loaders import Load, Loader
from resolvers.reading import EMPTY, Fetch, Gather, Level, Reading, Table

Keys = list[Sequence[Key]]
"""The keys of each position."""


async def read(
    reading: Reading,
    loaders: Sequence[Loader],
    keys: Keys,
    firsts: Sequence[int],
    deadline: float,
    origin: Origin | None = None,
) -> list[Table]:
    """Read everything and return one table a slot; a failure stands in the table of its slot.

    `loaders` has one loader a slot, `keys` the keys of the root positions; the others are filled in.
    `firsts` has the value of each argument that bounds a list; `deadline` is a time of the running loop.
    """
    tables = [EMPTY] * reading.slots
    pending: list[tuple[Fetch, asyncio.Future[Table]]] = []
    loop = asyncio.get_running_loop()
    timer = loop.call_at(deadline, _expire, pending)
    try:
        for level in reading.levels:
            _gather(level, keys, tables, firsts)
            pending[:] = _sent(level, loaders, keys, deadline, origin)
            if loop.time() >= deadline:
                _expire(pending)
            for fetch, future in pending:
                tables[fetch.slot] = await future
    finally:
        timer.cancel()
    return tables


def _sent(
    level: Level, loaders: Sequence[Loader], keys: Keys, deadline: float, origin: Origin | None
) -> list[tuple[Fetch, asyncio.Future[Table]]]:
    sent: list[tuple[Fetch, asyncio.Future[Table]]] = []
    for fetch in level.fetches:
        wanted = _wanted(fetch, keys)
        if wanted:
            sent.append((fetch, loaders[fetch.slot].load(Load(wanted, deadline, origin))))
    return sent


def _wanted(fetch: Fetch, keys: Keys) -> Sequence[Key]:
    if len(fetch.positions) == 1:
        return keys[fetch.positions[0]]
    return list(dict.fromkeys([key for position in fetch.positions for key in keys[position]]))


def _gather(level: Level, keys: Keys, tables: Sequence[Table], firsts: Sequence[int]) -> None:
    for gather in level.gathers:
        keys[gather.position] = _gathered(gather, keys[gather.parent], tables[gather.slot], firsts)


def _gathered(gather: Gather, parents: Sequence[Key], table: Table, firsts: Sequence[int]) -> Sequence[Key]:
    index, rows = gather.index, table.rows
    if gather.many:
        most = None if gather.first is None else firsts[gather.first]
        found = [row[index] for parent in parents for row in rows.get(parent, ())[:most]]
    else:
        found = [rows[parent][index] for parent in parents if parent in rows]
    return list(dict.fromkeys([key for key in found if key is not None]))


def _expire(pending: Sequence[tuple[Fetch, asyncio.Future[Table]]]) -> None:
    """Answer whoever still waits; the batch goes on for its other callers."""
    for fetch, future in pending:
        if not future.done():
            query = fetch.query
            future.set_result(Table(failure=BureauTimedOut(query.bureau, query.dataset.name)))

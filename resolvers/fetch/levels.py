"""Reads a plan level by level: gathers keys, reads every dataset of a level at the same time, waits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from adapters.bureau_errors import BureauTimedOut
from adapters.source import Key
from observability.events import Origin
from resolvers.fetch.batching import Load, Loader
from resolvers.fetch.list_views import Choose, Views
from resolvers.fetch.reading import EMPTY, Fetch, Gather, Level, Reading, Table

Keys = list[Sequence[Key]]
"""The keys of each position."""


async def read(
    reading: Reading,
    loaders: Sequence[Loader],
    keys: Keys,
    firsts: Sequence[int],
    deadline: float,
    origin: Origin | None = None,
    choosers: Sequence[Choose] = (),
) -> list[Table]:
    """Read everything and return one table a slot; a failure stands in the table of its slot.

    A level leaves as soon as the slots arrived that its keys stand in; what else is under way goes on
    meanwhile. `loaders` has one loader a slot, `keys` the keys of the root positions; the others are filled
    in. `firsts` has the value of each argument that bounds a list; `deadline` is a time of the running loop.
    `choosers` has one function a view.
    """
    tables = [EMPTY] * (reading.slots + len(reading.views))
    views = Views(reading.views, choosers)
    pending: dict[int, asyncio.Future[Table]] = {}
    loop = asyncio.get_running_loop()
    timer = loop.call_at(deadline, _expire, loaders, pending)
    try:
        for level in reading.levels:
            for gather in level.gathers:
                if views.source(gather.slot) in pending:
                    await views.take(views.source(gather.slot), pending, tables, keys)
            _gather(level, keys, tables, firsts)
            _send(level, loaders, keys, pending, (deadline, origin))
            if loop.time() >= deadline:
                _expire(loaders, pending)
        for slot in list(pending):
            await views.take(slot, pending, tables, keys)
    finally:
        timer.cancel()
        for future in pending.values():
            future.cancel()
    return tables


def _send(
    level: Level,
    loaders: Sequence[Loader],
    keys: Keys,
    pending: dict[int, asyncio.Future[Table]],
    terms: tuple[float, Origin | None],
) -> None:
    for fetch in level.fetches:
        wanted = _wanted(fetch, keys)
        if wanted:
            pending[fetch.slot] = loaders[fetch.slot].load(Load(wanted, *terms))


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


def _expire(loaders: Sequence[Loader], pending: Mapping[int, asyncio.Future[Table]]) -> None:
    """Answer whoever still waits; the batch goes on for its other callers."""
    for slot, future in pending.items():
        if not future.done():
            query = loaders[slot].query
            future.set_result(Table(failure=BureauTimedOut(query.bureau, query.dataset.name)))

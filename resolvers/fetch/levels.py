"""Reads a plan level by level: gathers keys, admits their subjects, reads every dataset of a level at once, waits."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import TypeAlias

import msgspec

from adapters.bureau_errors import BureauTimedOut
from adapters.source import Key
from observability.events import Origin
from resolvers.fetch.age_limits import (
    allowed_by_number,
    allowed_by_registry,
    failed_for,
    in_office,
    unknown_keys,
    without,
)
from resolvers.fetch.batching import Loader
from resolvers.fetch.form_limits import held_to_forms
from resolvers.fetch.list_views import RowFilter, choose_rows
from resolvers.fetch.reading import EMPTY, AgeLimit, Gather, Level, Reading, Table

Keys: TypeAlias = list[Sequence[Key]]
"""The keys of each position."""
Subjects: TypeAlias = Mapping[str, Sequence[Key]]
"""Keys by the type of their subject."""
Admit: TypeAlias = Callable[[Subjects], Awaitable[Mapping[str, Collection[Key]]]]
"""The subject gate: from the subjects of a level to those whose data may be read, or raises to refuse everything.

It is asked once a level, before the bureaus of that level are, and answers before the request's deadline. The same
mapping, returned, admits all; it cannot be changed.
"""


class ReadRequest(msgspec.Struct, eq=False):
    """What one request brings to a reading."""

    keys: Keys
    """The keys of the root positions; the others are filled in. Keys that are not admitted are taken out."""
    firsts: Sequence[int]
    """The value of each argument; where it bounds a list, a number."""
    deadline: float
    """A time of the running loop."""
    day: date
    """The calendar day in the city, by which ages and terms count."""
    origin: Origin | None = None
    filters: Sequence[RowFilter] = ()
    """One for each view."""


class _Read(msgspec.Struct, eq=False):
    """One reading under way."""

    reading: Reading
    loaders: Sequence[Loader]
    request: ReadRequest
    admit: Admit | None
    tables: list[Table]
    pending: dict[int, asyncio.Future[Table]]


async def read(
    reading: Reading, loaders: Sequence[Loader], request: ReadRequest, admit: Admit | None
) -> list[Table]:
    """Read everything and return one table a slot; a failure stands in the table of its slot.

    A level leaves as soon as the slots arrived that its keys stand in, and its subjects are admitted; what else is
    under way goes on meanwhile. `loaders` has one loader a slot. Without `admit`, all subjects are admitted. What
    `admit` raises ends the reading, and so does TimeoutError where it does not answer in time.
    """
    state = _Read(reading, loaders, request, admit, [EMPTY] * (reading.slots + len(reading.views)), {})
    loop, pending = asyncio.get_running_loop(), state.pending
    timer = loop.call_at(request.deadline, _expire, state)
    try:
        _limit(state, reading.roots)
        await _admit(state, reading.roots)
        for level in reading.levels:
            if level.gathers:
                await _gather(state, level)
                _limit(state, [gather.position for gather in level.gathers])
                await _admit(state, [gather.position for gather in level.gathers])
            _send(state, level)
            if loop.time() >= request.deadline:
                _expire(state)
        for slot in list(pending):
            await _arrive(state, slot)
        for age in reading.ages:
            _hide(state, age)
    finally:
        timer.cancel()
        for future in pending.values():
            future.cancel()
    return state.tables


async def _admit(state: _Read, positions: Sequence[int]) -> None:
    """Ask the gate for the subjects at new positions, and take out the keys that it does not admit."""
    if state.admit is None:
        return
    keys, types = state.request.keys, state.reading.subjects
    found: dict[str, tuple[Key, ...]] = {}
    for position in positions:
        type_name = types[position]
        if type_name is not None and keys[position]:
            found[type_name] = (*found.get(type_name, ()), *keys[position])
    if not found:
        return
    offered = MappingProxyType(found)
    async with asyncio.timeout_at(state.request.deadline):
        admitted = await state.admit(offered)
    if admitted is offered:
        return
    for position in positions:
        type_name = types[position]
        if type_name is not None:
            allowed = frozenset(admitted.get(type_name, ()))
            keys[position] = [key for key in keys[position] if key in allowed]


def _send(state: _Read, level: Level) -> None:
    keys, request = state.request.keys, state.request
    for fetch in level.fetches:
        first, *others = fetch.positions
        wanted = keys[first]
        if others:
            wanted = list(dict.fromkeys([key for position in fetch.positions for key in keys[position]]))
        if wanted:
            loader = state.loaders[fetch.slot]
            state.pending[fetch.slot] = loader.load(wanted, request.deadline, request.origin)


async def _gather(state: _Read, level: Level) -> None:
    """Fill in the keys of a level's positions from rows, once their slots have arrived."""
    for gather in level.gathers:
        source = next((view.of for view in state.reading.views if view.slot == gather.slot), gather.slot)
        await _arrive(state, source)
        for age in state.reading.ages:
            if gather.parent in age.positions:
                await _arrive(state, age.slot)
    for gather in level.gathers:
        state.request.keys[gather.position] = _gathered(gather, state)


def _gathered(gather: Gather, state: _Read) -> Sequence[Key]:
    index, rows = gather.index, state.tables[gather.slot].rows
    parents = _shown_parents(gather.parent, state)
    if gather.many:
        most = None if gather.first is None else state.request.firsts[gather.first]
        found = [row[index] for parent in parents for row in rows.get(parent, ())[:most]]
    else:
        found = [rows[parent][index] for parent in parents if parent in rows]
    return list(dict.fromkeys([key for key in found if key is not None]))


def _shown_parents(position: int, state: _Read) -> Sequence[Key]:
    """Return the keys of a position; where not everybody is shown, those that are."""
    keys = state.request.keys[position]
    for age in state.reading.ages:
        if position in age.positions:
            keys = [key for key in keys if key in state.tables[age.slot].rows]
    return keys


async def _arrive(state: _Read, slot: int) -> None:
    """Wait for a slot that is under way, and take out of it what does not enter and who may not be shown."""
    if slot not in state.pending:
        return
    table = await state.pending[slot]
    del state.pending[slot]
    for form in state.reading.forms:
        if form.slot == slot:
            await _arrive(state, form.registered)
            table, left_out = held_to_forms(form, table, state.tables[form.registered])
            state.loaders[slot].count_kept_out(left_out)
    state.tables[slot] = _shown(state, slot, table)
    if state.reading.views:
        _filter(state, slot)


def _shown(state: _Read, slot: int, table: Table) -> Table:
    """Return the table of a slot without who may not be shown by age."""
    reading, request = state.reading, state.request
    for age in reading.ages:
        if age.slot == slot:
            table = failed_for(table, _asked(state, slot))
            table = allowed_by_registry(age, table, request.keys, request.day)
    for term in reading.terms:
        if term.slot == slot:
            table = in_office(term, table, request.day)
    return table


def _asked(state: _Read, slot: int) -> Iterator[Key]:
    """Yield the keys for which a slot is read."""
    reads = (fetch for level in state.reading.levels for fetch in level.fetches if fetch.slot == slot)
    return (key for fetch in reads for position in fetch.positions for key in state.request.keys[position])


def _limit(state: _Read, positions: Sequence[int]) -> None:
    """Take out the keys at new positions whose own birth date does not let them be shown."""
    keys = state.request.keys
    for age in state.reading.ages:
        for position in positions:
            keys[position] = allowed_by_number(age, position, keys[position], state.request.day)


def _hide(state: _Read, age: AgeLimit) -> None:
    """Take out what was read of persons beside those who are shown."""
    tables = state.tables
    hidden = unknown_keys(age, tables[age.slot], state.request.keys)
    if hidden:
        for slot in age.beside:
            tables[slot] = without(tables[slot], hidden)


def _filter(state: _Read, slot: int) -> None:
    """Make every view of a slot that arrived."""
    for view, row_filter in zip(state.reading.views, state.request.filters, strict=True):
        if view.of == slot:
            state.tables[view.slot] = choose_rows(
                state.tables[slot], state.request.keys[view.position], row_filter
            )


def _expire(state: _Read) -> None:
    """Answer the caller where it still waits; the batch goes on for its other callers."""
    for slot, future in state.pending.items():
        if not future.done():
            query = state.loaders[slot].query
            future.set_result(Table(failure=BureauTimedOut(query.bureau, query.dataset.name)))

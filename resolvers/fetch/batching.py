"""Round trips shared by concurrent requests.

A loader stands for one `Query`: bureau, dataset, columns and purpose, compared in full. What a level of a plan
asks of one bureau travels together, where the bureau's source can join it. Loaders live as long as the process
and cache nothing. While its bureau's connections are busy, the keys of all newcomers wait;
when a connection is free they leave together, so batches grow under load and nothing waits at rest.

Purpose and columns are the loader's own and never taken from context variables: a batch runs in the context
of whoever came first.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

from aiodataloader import DataLoader, dispatch_queue_batch
from cachetools import LRUCache

from adapters.bureau_errors import BureauError, BureauTimedOut, BureauUnavailable
from adapters.source import Batch, JoiningSource, Key, Query, Read, Source
from observability.events import Origin, RoundTrip
from observability.hooks import Hooks
from resolvers.fetch.connection_slots import Lane, Ticket
from resolvers.fetch.reading import Table

MOST_KEYS: Final = 5_000
"""Keys in one round trip; a longer queue leaves in several."""
MOST_LOADERS: Final = 4_096
MOST_JOINED: Final = 16
"""Queries in one round trip: a longer statement is planned no faster than several."""


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """One caller's keys for one dataset, and until when the caller waits."""

    keys: Sequence[Key]
    deadline: float
    origin: Origin | None


@dataclass(frozen=True, slots=True, eq=False)
class Loader:
    """What one query is loaded by: a place among the queries that travel together."""

    query: Query
    journeys: Journeys
    place: int

    def load(self, load: Load) -> asyncio.Future[Table]:
        """Ask for the rows of keys; the future is the caller's own and never fails."""
        return self.journeys.load(Placed(self.place, load))


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A load and the place of its query."""

    place: int
    load: Load


class Journeys(DataLoader[Placed, Table]):
    """Loads of queries that travel together; each caller has a future of its own, so none can harm another."""

    cache = False

    def __init__(self, queries: tuple[Query, ...], lane: Lane, hooks: Hooks) -> None:
        super().__init__(loop=asyncio.get_running_loop())
        self.loaders = tuple([Loader(query, self, place) for place, query in enumerate(queries)])
        self._queries = queries
        self._lane = lane
        self._hooks = hooks
        self._entered = False
        self._waiting: list[_Queued] = []
        self._departing: set[Ticket] = set()
        self._under_way: set[asyncio.Task[None]] = set()

    def do_resolve_reject(self, key: Placed, future: asyncio.Future[Table]) -> None:
        """Queue the load, and ask for a connection where the queue has not yet done so."""
        self._waiting.append(_Queued(key, future))
        if not self._entered:
            self._entered = True
            self._lane.enter(self)

    def depart(self, ticket: Ticket) -> None:
        """Send off what waits by the end of this tick, as much as one round trip may carry."""
        self._departing.add(ticket)
        task = self.loop.create_task(self._travel(ticket))
        self._under_way.add(task)
        task.add_done_callback(partial(self._arrived, ticket))

    def _take(self) -> list[_Queued]:
        """Take the longest head of the queue that fits one round trip; drop loads nobody waits for."""
        waiting = [each for each in self._waiting if not each.future.done()]
        taken: list[_Queued] = []
        keys = 0
        for each in waiting:
            keys += len(each.key.load.keys)
            if taken and keys > MOST_KEYS:
                break
            taken.append(each)
        self._waiting = waiting[len(taken) :]
        return taken

    async def _travel(self, ticket: Ticket) -> None:
        self._departing.discard(ticket)
        try:
            queue = self._take()
            self._entered = bool(self._waiting)
            if self._entered:
                self._lane.enter(self)
            if queue:
                await dispatch_queue_batch(self, cast("list[Any]", queue))
        finally:
            self._lane.leave(ticket)

    def _arrived(self, ticket: Ticket, task: asyncio.Task[None]) -> None:
        """Answer for a journey that was cancelled before its first step: it took nobody along."""
        self._under_way.discard(task)
        if ticket not in self._departing:
            return
        self._departing.discard(ticket)
        stranded, self._waiting, self._entered = self._waiting, [], False
        for each in stranded:
            if not each.future.done():
                query = self._queries[each.key.place]
                each.future.set_result(Table(failure=_fault(query, asyncio.CancelledError())))
        self._lane.leave(ticket)

    async def batch_load_fn(self, keys: list[Placed]) -> list[Table]:  # pyright: ignore[reportIncompatibleVariableOverride] a method is how a subclass gives it
        """Read all loads in one round trip. Never raises: a cancelled batch would leave its callers waiting."""
        loads: list[list[Load]] = [[] for _ in self._queries]
        for each in keys:
            loads[each.place].append(each.load)
        reads = [Read(query, _merged(each)) for query, each in zip(self._queries, loads, strict=True)]
        started_ns, started = time.time_ns(), time.perf_counter()
        answers = await self._answers(reads, max(each.load.deadline for each in keys))
        seconds = time.perf_counter() - started
        tables = [iter(_handed_out(answer, each)) for answer, each in zip(answers, loads, strict=True)]
        for read, each, answer in zip(reads, loads, answers, strict=True):
            if each:
                self._tell(read, each, started_ns, seconds, answer)
        return [next(tables[each.place]) for each in keys]

    async def _answers(self, reads: list[Read], deadline: float) -> list[Batch | BureauError]:
        source = self._lane.source
        try:
            if len(reads) > 1:
                return _as_many(await cast("JoiningSource", source).fetch_joined(reads, deadline), reads)
            return [await source.fetch(reads[0].query, reads[0].keys, deadline)]
        except BureauError as error:
            return [error for _ in reads]
        except BaseException as fault:  # whatever it is, every caller must hear of it
            return [_fault(read.query, fault) for read in reads]

    def _tell(
        self, read: Read, loads: list[Load], started_ns: int, seconds: float, answer: Batch | BureauError
    ) -> None:
        self._hooks.told(
            RoundTrip(
                bureau=read.query.bureau,
                dataset=read.query.dataset.name,
                purpose=read.query.purpose,
                columns=len(read.query.columns),
                keys=len(read.keys),
                callers=len(loads),
                started_ns=started_ns,
                seconds=seconds,
                outcome="ok" if isinstance(answer, Batch) else answer.code,
                broken_rows=_broken_rows(answer),
                origins=tuple([load.origin for load in loads if load.origin is not None]),
            )
        )


@dataclass(slots=True, eq=False)
class _Queued:
    """What aiodataloader's dispatch expects of a queue's entry."""

    key: Placed
    future: asyncio.Future[Table]


def _as_many(answers: list[Batch | BureauError], reads: list[Read]) -> list[Batch | BureauError]:
    if len(answers) != len(reads):
        raise ValueError("a source answers as many reads as it is asked")
    return answers


def _broken_rows(answer: Batch | BureauError) -> int:
    if not isinstance(answer, Batch) or not answer.broken:
        return 0
    return sum([getattr(error, "rows", 1) for error in answer.broken.values()])


def _company(query: Query) -> tuple[str, str]:
    return query.bureau, query.purpose


def _merged(loads: list[Load]) -> Sequence[Key]:
    if not loads:
        return ()
    if len(loads) == 1:
        return loads[0].keys
    return list(dict.fromkeys([key for load in loads for key in load.keys]))


def _handed_out(batch: Batch | BureauError, loads: list[Load]) -> list[Table]:
    """Give each caller the rows of the keys that it asked for, and no others."""
    if not isinstance(batch, Batch):
        return [Table(failure=batch) for _ in loads]
    if len(loads) == 1:
        return [Table(batch.rows, batch.broken)]
    return [Table(_picked(batch.rows, load), _picked(batch.broken, load)) for load in loads]


def _picked(found: Mapping[Key, Any], load: Load) -> dict[Key, Any]:
    return {key: found[key] for key in load.keys if key in found} if found else {}


def _fault(query: Query, fault: BaseException) -> BureauError:
    if isinstance(fault, TimeoutError):
        return BureauTimedOut(query.bureau, query.dataset.name)
    reason = "the read was cancelled" if isinstance(fault, asyncio.CancelledError) else "the adapter failed"
    return BureauUnavailable(query.bureau, query.dataset.name, reason)


class Loaders:
    """The loaders of a running gateway, by query; the one longest not asked for goes where there are many."""

    def __init__(self, sources: Mapping[str, Source], hooks: Hooks) -> None:
        self._lanes = {name: Lane(source) for name, source in sources.items()}
        self._joining = {name for name, source in sources.items() if isinstance(source, JoiningSource)}
        self._hooks = hooks
        self._journeys: LRUCache[tuple[Query, ...], Journeys] = LRUCache(MOST_LOADERS)

    def of(self, query: Query) -> Loader:
        """Return the one loader of a query that travels alone."""
        return self._of((query,))[0]

    def together(self, queries: Sequence[Query]) -> list[Loader]:
        """Return a loader for each query: those of one bureau and purpose travel together where its source joins."""
        distinct = list(dict.fromkeys(queries))
        found: dict[Query, Loader] = {}
        # The statement tells the bureau one purpose.
        for key in dict.fromkeys([_company(query) for query in distinct]):
            asked = [query for query in distinct if _company(query) == key]
            size = MOST_JOINED if key[0] in self._joining else 1
            for first in range(0, len(asked), size):
                found.update({each.query: each for each in self._of(tuple(asked[first : first + size]))})
        return [found[query] for query in queries]

    def _of(self, queries: tuple[Query, ...]) -> tuple[Loader, ...]:
        known = self._journeys.get(queries)
        if known is None:
            known = self._journeys[queries] = Journeys(queries, self._lanes[queries[0].bureau], self._hooks)
        return known.loaders

"""Round trips shared by concurrent requests.

A loader stands for one `Query`: bureau, dataset, columns and purpose, compared in full. It lives as long as
the process and caches nothing. While its bureau's connections are busy, the keys of all newcomers wait;
when a connection is free they leave together, so batches grow under load and nothing waits at rest.

Purpose and columns are the loader's own and never taken from context variables: a batch runs in the context
of whoever came first.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

from aiodataloader import DataLoader, dispatch_queue_batch

from adapters.contract import Batch, Key, Query, Source
from adapters.errors import BureauError, BureauTimedOut, BureauUnavailable
from observability.events import Origin, RoundTrip
from observability.hooks import Hooks
from resolvers.lanes import Lane, Ticket
from resolvers.reading import Table

MOST_KEYS: Final = 5_000
"""Keys in one round trip; a longer queue leaves in several."""
MOST_LOADERS: Final = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """One caller's keys for one dataset, and until when the caller waits."""

    keys: Sequence[Key]
    deadline: float
    origin: Origin | None


class Loader(DataLoader[Load, Table]):
    """Loads of one query; each caller has a future of its own, so none can harm another."""

    cache = False

    def __init__(self, query: Query, lane: Lane, hooks: Hooks) -> None:
        super().__init__(loop=asyncio.get_running_loop())
        self.query = query
        self._lane = lane
        self._hooks = hooks
        self._entered = False
        self._waiting: list[_Queued] = []
        self._departing: set[Ticket] = set()
        self._under_way: set[asyncio.Task[None]] = set()

    def do_resolve_reject(self, key: Load, future: asyncio.Future[Table]) -> None:
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
            keys += len(each.key.keys)
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
                each.future.set_result(Table(failure=_fault(self.query, asyncio.CancelledError())))
        self._lane.leave(ticket)

    async def batch_load_fn(self, keys: list[Load]) -> list[Table]:  # pyright: ignore[reportIncompatibleVariableOverride] a method is how a subclass gives it
        """Read all loads in one round trip. Never raises: a cancelled batch would leave its callers waiting."""
        merged = _merged(keys)
        started_ns, started = time.time_ns(), time.perf_counter()
        try:
            batch = await self._lane.source.fetch(self.query, merged, max(load.deadline for load in keys))
            outcome, tables = "ok", _handed_out(batch, keys)
        except BureauError as error:
            batch, outcome, tables = None, error.code, [Table(failure=error) for _ in keys]
        except BaseException as fault:  # whatever it is, every caller must hear of it
            error = _fault(self.query, fault)
            batch, outcome, tables = None, error.code, [Table(failure=error) for _ in keys]
        self._tell(keys, len(merged), started_ns, time.perf_counter() - started, outcome, batch)
        return tables

    def _tell(
        self,
        loads: list[Load],
        keys: int,
        started_ns: int,
        seconds: float,
        outcome: str,
        batch: Batch | None,
    ) -> None:
        self._hooks.told(
            RoundTrip(
                bureau=self.query.bureau,
                dataset=self.query.dataset.name,
                purpose=self.query.purpose,
                columns=len(self.query.columns),
                keys=keys,
                callers=len(loads),
                started_ns=started_ns,
                seconds=seconds,
                outcome=outcome,
                broken_rows=sum(getattr(error, "rows", 1) for error in batch.broken.values()) if batch else 0,
                origins=tuple([load.origin for load in loads if load.origin is not None]),
            )
        )


@dataclass(slots=True, eq=False)
class _Queued:
    """What aiodataloader's dispatch expects of a queue's entry."""

    key: Load
    future: asyncio.Future[Table]


def _merged(loads: list[Load]) -> Sequence[Key]:
    if len(loads) == 1:
        return loads[0].keys
    return list(dict.fromkeys([key for load in loads for key in load.keys]))


def _handed_out(batch: Batch, loads: list[Load]) -> list[Table]:
    """Give each caller the rows of the keys that it asked for, and no others."""
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
        self._hooks = hooks
        self._loaders: OrderedDict[Query, Loader] = OrderedDict()

    def of(self, query: Query) -> Loader:
        """Return the one loader of a query."""
        loader = self._loaders.get(query)
        if loader is None:
            loader = self._loaders[query] = Loader(query, self._lanes[query.bureau], self._hooks)
            if len(self._loaders) > MOST_LOADERS:
                self._loaders.popitem(last=False)
        self._loaders.move_to_end(query)
        return loader

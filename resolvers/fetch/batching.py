"""Round trips shared by concurrent requests.

A loader stands for one `Query`: bureau, dataset, columns and purpose, compared in full. What a level of a plan
asks of one bureau leaves as one joined batch, where the bureau's source can join it. Loaders live as long as the
process and cache nothing. While the slots of a bureau are taken, the keys of all newcomers wait; when a slot is free
they leave together, so batches grow under load and nothing waits at rest.

Purpose and columns belong to the loader and are never taken from context variables: a batch runs in the context of
its first caller.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from random import getrandbits
from typing import Any, Final, TypeAlias, cast

import msgspec
from aiodataloader import DataLoader, dispatch_queue_batch
from cachetools import LRUCache

from adapters.bureau_errors import BureauError, BureauTimedOut, BureauUnavailable
from adapters.source import Batch, JoiningSource, Key, Query, Read, Source, TracingSource
from observability.events import FaultyRoundTrip, Origin, RecordsKeptOut, RoundTrip
from observability.hooks import Hooks
from observability.redaction import Written
from observability.request_trace import OUTGOING, OutgoingTrace, RequestTrace, shared_trace
from resolvers.fetch.connection_slots import Slot, Slots
from resolvers.fetch.reading import Table

MOST_KEYS: Final = 5_000
"""Keys in one round trip; a longer queue leaves in several."""
MOST_LOADERS: Final = 4_096
MOST_REASONS: Final = 3
MOST_JOINED: Final = 16
"""Queries in one round trip: a longer statement is planned no faster than several."""


Answers: TypeAlias = Sequence[Batch | BureauError]
"""What a source has for each query, in their order."""


class Load(msgspec.Struct, eq=False):
    """The keys of one caller for the query at `place` in its batch, and until when the caller waits."""

    place: int
    keys: Sequence[Key]
    deadline: float
    origin: Origin | None


class QueuedLoad(msgspec.Struct, eq=False):
    """A load in the queue, as aiodataloader's dispatch expects it."""

    key: Load
    future: asyncio.Future[Table]


class Loader(msgspec.Struct, eq=False):
    """Loads the rows of one query, in the batch of the queries that leave together."""

    query: Query
    batch: JoinedBatch
    place: int

    def load(
        self, keys: Sequence[Key], deadline: float, origin: Origin | None = None
    ) -> asyncio.Future[Table]:
        """Ask for the rows of keys; the future is the caller's own and never fails."""
        return self.batch.load(Load(self.place, keys, deadline, origin))

    def count_kept_out(self, refused: Mapping[str, int]) -> None:
        """Tell of rows of its query that are left out after they arrived, by the rule that says why."""
        self.batch.emit_kept_out(self.query, refused)


class JoinedBatch(DataLoader[Load, Table]):
    """Loads of queries that leave together; each caller has a future of its own, so none can harm another.

    aiodataloader gives the contract of a batch loader: a future a load, one call for all loads that wait, and each
    value to the future of its load, or the error to all of them where there are too few values. Its queue, which
    leaves at the end of the tick, is replaced by one that waits for a slot, and its cache is off.
    """

    cache = False

    def __init__(self, queries: tuple[Query, ...], slots: Slots, hooks: Hooks) -> None:
        super().__init__(loop=asyncio.get_running_loop())
        self.loaders = tuple([Loader(query, self, place) for place, query in enumerate(queries)])
        self._queries = queries
        self._datasets = frozenset([query.dataset.name for query in queries])
        self._slots = slots
        self._sends_trace = isinstance(slots.source, TracingSource) and slots.source.sends_trace
        self._emitters = hooks.emitters
        self._requested = False
        self._waiting: list[QueuedLoad] = []
        self._dispatched: set[Slot] = set()
        self._under_way: set[asyncio.Task[None]] = set()

    def do_resolve_reject(self, key: Load, future: asyncio.Future[Table]) -> None:
        """Queue the load, and request a slot where the queue has not yet done so."""
        self._waiting.append(QueuedLoad(key, future))
        if not self._requested:
            self._requested = True
            self._slots.request(self.dispatch, self._datasets)

    def dispatch(self, slot: Slot) -> None:
        """Send off what waits by the end of this tick, as much as one round trip may carry."""
        self._dispatched.add(slot)
        task = self.loop.create_task(self._run(slot))
        self._under_way.add(task)
        task.add_done_callback(partial(self._finished, slot))

    async def _run(self, slot: Slot) -> None:
        self._dispatched.discard(slot)
        try:
            queue = self._take()
            self._requested = bool(self._waiting)
            if self._requested:
                self._slots.request(self.dispatch, self._datasets)
            if queue:
                await dispatch_queue_batch(self, cast("list[Any]", queue))
        finally:
            self._slots.release(slot)

    def _take(self) -> list[QueuedLoad]:
        """Take the longest head of the queue that fits one round trip; drop loads that have their answer."""
        queue, self._waiting = self._waiting, []
        taken: list[QueuedLoad] = []
        keys = 0
        for number, each in enumerate(queue):
            if each.future.done():
                continue
            keys += len(each.key.keys)
            if taken and keys > MOST_KEYS:
                self._waiting = [later for later in queue[number:] if not later.future.done()]
                break
            taken.append(each)
        return taken

    def _finished(self, slot: Slot, task: asyncio.Task[None]) -> None:
        """Answer for a task that was cancelled before its first step: it took no loads along."""
        self._under_way.discard(task)
        if slot not in self._dispatched:
            return
        self._dispatched.discard(slot)
        stranded, self._waiting, self._requested = self._waiting, [], False
        for each in stranded:
            if not each.future.done():
                query = self._queries[each.key.place]
                each.future.set_result(Table(failure=_fault(query, asyncio.CancelledError())))
        self._slots.release(slot)

    async def batch_load_fn(self, keys: list[Load]) -> list[Table]:  # pyright: ignore[reportIncompatibleVariableOverride] a method is how a subclass gives it
        """Read all loads in one round trip. Never raises: a cancelled batch would leave its callers waiting."""
        groups, deadline = self._group(keys)
        reads = [Read(query, _merged(group)) for query, group in zip(self._queries, groups, strict=True)]
        started_ns, started = time.time_ns(), time.perf_counter()
        source = self._slots.source
        outgoing = _outgoing(keys) if self._sends_trace else None
        if self._sends_trace:  # of this task alone, which makes one round trip
            OUTGOING.set(outgoing)
        answers: Answers
        try:
            if len(reads) > 1:
                answers = await cast("JoiningSource", source).fetch_joined(reads, deadline)
                _check_count(answers, reads)
            else:
                answers = [await source.fetch(reads[0].query, reads[0].keys, deadline)]
        except BureauError as error:
            answers = [error for _ in reads]
        except BaseException as fault:  # whatever it is, every caller must get an answer
            answers = [_fault(read.query, fault) for read in reads]
        self._emit(reads, groups, answers, started_ns, time.perf_counter() - started, outgoing)
        return _tables(keys, groups, answers)

    def _group(self, loads: list[Load]) -> tuple[list[list[Load]], float]:
        """Return the loads of each query, and the latest deadline of all."""
        groups: list[list[Load]] = [[] for _ in self._queries]
        latest = loads[0].deadline
        for load in loads:
            groups[load.place].append(load)
            latest = max(latest, load.deadline)
        return groups, latest

    def _emit(
        self,
        reads: list[Read],
        groups: list[list[Load]],
        answers: Answers,
        started_ns: int,
        seconds: float,
        outgoing: OutgoingTrace | None,
    ) -> None:
        """Emit a round trip for each query that has loads; one of them has the outcome of the whole."""
        asked = [each for each in zip(reads, groups, answers, strict=True) if each[1]]
        joined = len(asked) > 1
        lead = _leading([answer for _, _, answer in asked]) if joined else 0
        for place, (read, loads, answer) in enumerate(asked):
            query = read.query
            outcome, broken = ("ok", answer.broken) if isinstance(answer, Batch) else (answer.code, None)
            event = RoundTrip(
                bureau=query.bureau,
                dataset=query.dataset.name,
                purpose=query.purpose,
                columns=len(query.columns),
                keys=len(read.keys),
                callers=len(loads),
                started_ns=started_ns,
                seconds=seconds,
                outcome=outcome,
                broken_rows=sum([getattr(each, "rows", 1) for each in broken.values()]) if broken else 0,
                origins=() if len(loads) == 1 and loads[0].origin is None else _origins(loads),
                joined=joined,
                repeated=place != lead,
                outgoing=outgoing,
            )
            if outcome != "ok" or broken:
                by_rule = _broken_by(broken.values() if broken else ())
                event = FaultyRoundTrip(**msgspec.structs.asdict(event), why=_why(answer), broken_by=by_rule)
            self._emitters[type(event)](event)
            if isinstance(answer, Batch) and answer.refused:
                self.emit_kept_out(query, answer.refused)

    def emit_kept_out(self, query: Query, refused: Mapping[str, int]) -> None:
        """Tell of rows that are kept out, by the rule that says why."""
        for rule, rows in refused.items():
            self._emitters[RecordsKeptOut](
                RecordsKeptOut(query.bureau, query.dataset.name, Written(rule), rows)
            )


def _broken_by(broken: Iterable[BureauError]) -> tuple[tuple[Written, int], ...]:
    """Return the rules that rows break, each with the number of its rows."""
    counts = Counter[str]()
    for each in broken:
        counts[each.reason] += getattr(each, "rows", 1)
    return tuple([(Written(rule), rows) for rule, rows in counts.items()])


def _why(answer: Batch | BureauError) -> str:
    """Return the reason of a failure, or the rules that rows break, the commonest first."""
    if not isinstance(answer, Batch):
        return answer.reason
    reasons = Counter(each.reason for each in answer.broken.values())
    return "; ".join([reason for reason, _ in reasons.most_common(MOST_REASONS)])


def _leading(answers: Answers) -> int:
    """Return the place of the answer whose outcome is that of a joined statement: its first failure, if any."""
    return next((place for place, each in enumerate(answers) if not isinstance(each, Batch)), 0)


def _check_count(answers: Answers, reads: list[Read]) -> None:
    if len(answers) != len(reads):
        raise ValueError("a source answers as many reads as it is asked")


def _outgoing(loads: list[Load]) -> OutgoingTrace | None:
    """Return the trace of a round trip. Most carry one load, so that is answered without looking through origins."""
    origin = loads[0].origin
    if len(loads) == 1 and type(origin) is tuple:
        trace = cast("tuple[object, ...]", origin)[0]
        if isinstance(trace, RequestTrace):
            return OutgoingTrace(trace.trace_id, getrandbits(64), trace.flags, trace.given_id)
    return shared_trace(_origins(loads))


def _origins(loads: list[Load]) -> tuple[Origin, ...]:
    return tuple([load.origin for load in loads if load.origin is not None])


def _merged(loads: list[Load]) -> Sequence[Key]:
    if len(loads) == 1:
        return loads[0].keys
    return list(dict.fromkeys([key for load in loads for key in load.keys])) if loads else ()


def _tables(loads: list[Load], groups: list[list[Load]], answers: Answers) -> list[Table]:
    """Give each caller the rows of the keys that it asked for, and no others."""
    tables: list[Table] = []
    for load in loads:
        answer = answers[load.place]
        if not isinstance(answer, Batch):
            tables.append(Table(failure=answer))
        elif len(groups[load.place]) == 1:
            tables.append(Table(answer.rows, answer.broken))
        else:
            tables.append(Table(_picked(answer.rows, load), _picked(answer.broken, load)))
    return tables


def _picked(found: Mapping[Key, Any], load: Load) -> dict[Key, Any]:
    return {key: found[key] for key in load.keys if key in found} if found else {}


def _fault(query: Query, fault: BaseException) -> BureauError:
    if isinstance(fault, TimeoutError):
        return BureauTimedOut(query.bureau, query.dataset.name)
    reason = "the read was cancelled" if isinstance(fault, asyncio.CancelledError) else "the adapter failed"
    return BureauUnavailable(query.bureau, query.dataset.name, reason)


class Loaders:
    """The loaders of a running gateway, by query; the least recently used ones go where there are many."""

    def __init__(self, sources: Mapping[str, Source], hooks: Hooks) -> None:
        self._slots = {name: Slots(source) for name, source in sources.items()}
        self._joining = {name for name, source in sources.items() if isinstance(source, JoiningSource)}
        self._hooks = hooks
        self._batches: LRUCache[tuple[Query, ...], JoinedBatch] = LRUCache(MOST_LOADERS)

    def of(self, query: Query) -> Loader:
        """Return the one loader of a query that leaves alone."""
        return self._of((query,))[0]

    def loaders_of(self, queries: Sequence[Query]) -> list[Loader]:
        """Return a loader for each query: those of one bureau and purpose leave together where its source joins."""
        groups: dict[tuple[str, str], list[Query]] = {}
        for query in dict.fromkeys(queries):  # a statement tells the bureau one purpose
            groups.setdefault((query.bureau, query.purpose), []).append(query)
        found: dict[Query, Loader] = {}
        for (bureau, _), asked in groups.items():
            size = MOST_JOINED if bureau in self._joining else 1
            for first in range(0, len(asked), size):
                found.update({each.query: each for each in self._of(tuple(asked[first : first + size]))})
        return [found[query] for query in queries]

    def slots(self) -> Mapping[str, tuple[int, int, int]]:
        """Return for each bureau how many slots are in use, how many there are, and how many batches wait."""
        return {
            name: (slots.used, slots.source.concurrency, slots.waiting) for name, slots in self._slots.items()
        }

    def _of(self, queries: tuple[Query, ...]) -> tuple[Loader, ...]:
        known = self._batches.get(queries)
        if known is None:
            known = self._batches[queries] = JoinedBatch(queries, self._slots[queries[0].bureau], self._hooks)
        return known.loaders

"""A bureau that shares views of a PostgreSQL database."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final, TypeAlias, TypeVar, TypeVarTuple

from adapters.bureau_errors import BureauError, BureauTimedOut, BureauUnavailable, OverBudget
from adapters.circuit_breaker import CircuitBreakers
from adapters.postgres.connect import connecting_seconds
from adapters.postgres.connection import UNWATCHED, JoinFailure, PooledConnection
from adapters.postgres.error_mapping import (
    NO_ANSWER,
    connecting_error,
    error_of,
    is_passing,
    state_of,
)
from adapters.postgres.silence_watch import PAUSE, SUSPICION_SECONDS, SilenceWatch
from adapters.postgres.statement_cache import TimeBudget
from adapters.source import (
    MAX_KEYS,
    Batch,
    Key,
    Query,
    QueryName,
    Read,
    SourceAddress,
    SourceMark,
    name_query,
)

CLOSING_SECONDS: Final = 2.0
RETRY_PAUSE: Final = 0.05
TOLERATED: Final = 1
"""Time-outs of a data set in a row that do not open its breaker: a short lock is no state."""
BACKOFF_SECONDS: Final = 30.0
"""How long queries are read one by one after their joined statement failed."""
MOST_JOINED_KEYS: Final = 32
"""Keys a query, on average, up to which one statement reads several queries.

Measured against single statements: with one key, a joined statement of four data sets takes a third of the
processor time and of the waiting, one of two data sets takes two thirds. It takes no less with four data sets
of 100 keys or two of 40 keys, and up to half more beyond.
"""

Answer = TypeVar("Answer")
Arguments = TypeVarTuple("Arguments")
_Names: TypeAlias = tuple[QueryName, ...]
_query_of: Callable[[Read], Query] = attrgetter("query")
_keys_of: Callable[[Read], Sequence[Key]] = attrgetter("keys")


@dataclass(slots=True)
class JoinBackoff:
    """Groups of queries whose joined statement failed; each is read one by one for BACKOFF_SECONDS."""

    _until: dict[_Names, float] = field(default_factory=dict[_Names, float])

    def start(self, reads: Sequence[Read], now: float) -> None:
        """Start the back-off of these queries at `now`, a time of the loop."""
        self._until = {names: until for names, until in self._until.items() if until > now}
        self._until[_names_of(reads)] = now + BACKOFF_SECONDS

    def active(self, reads: Sequence[Read], now: float) -> bool:
        """Whether the back-off of these queries lasts at `now`."""
        return bool(self._until) and self._until.get(_names_of(reads), now) > now


class PostgresSource:
    """Reads data sets through a fixed number of connections, which stay open.

    A connection is made when a read first needs it, and again after it broke. A read whose connection breaks is
    tried once more. While a bureau cannot be reached or a data set does not answer, reads of it fail at once, but
    for one probe a second. With `require_synthetic`, each new connection reads the source's mark first and is closed
    unless the source is marked synthetic.
    """

    def __init__(self, bureau: str, address: SourceAddress, *, require_synthetic: bool = False) -> None:
        self.bureau = bureau
        self.concurrency = address.connections
        self._address = address
        self._connections = tuple(
            [
                PooledConnection(bureau, address, require_synthetic=require_synthetic)
                for _ in range(address.connections)
            ]
        )
        self._idle = deque(self._connections)
        self._free = asyncio.Semaphore(address.connections)
        self._breakers = CircuitBreakers()
        self._backoff = JoinBackoff()
        self._watch = SilenceWatch(address, self._connections, self._is_deaf)
        self._next_look: asyncio.TimerHandle | None = None
        self._closed = False

    async def open(self) -> None:
        """Open every connection; the first read tries again if the bureau is down."""
        pings = [self._use(None, self._own_deadline(), PooledConnection.ping) for _ in self._connections]
        for failure in await asyncio.gather(*pings, return_exceptions=True):
            if isinstance(failure, BaseException) and not isinstance(failure, BureauError):
                raise failure

    async def close(self) -> None:
        """Close every connection; running reads fail."""
        self._closed = True
        self._watch.close()
        if self._next_look is not None:
            self._next_look.cancel()
        for connection in self._connections:
            with suppress(Exception):  # the connection is closed, whatever its state
                await connection.close(CLOSING_SECONDS)

    async def mark(self) -> SourceMark:
        """Read the source's mark."""
        return await self._use(None, self._own_deadline(), PooledConnection.read_mark)

    async def ready(self) -> None:
        """Raise BureauError if the bureau does not answer."""
        await self._use(None, self._own_deadline(), PooledConnection.ping)

    async def fetch(self, query: Query, keys: Sequence[Key], deadline: float) -> Batch:
        """Read `query` for `keys` by one statement."""
        if not keys:
            return Batch({})
        if len(keys) > MAX_KEYS:
            raise OverBudget(self.bureau, query.dataset.name, f"more than {MAX_KEYS} keys")
        return await self._use(query.dataset.name, deadline, PooledConnection.read, query, keys)

    async def fetch_joined(self, reads: Sequence[Read], deadline: float) -> list[Batch | BureauError]:
        """Read all queries by one statement, or by one statement each.

        Each data set has its own statement if there are many keys, because the NULL padding would cost more
        than further statements, and during a back-off, so that one bad data set does not slow the others.
        """
        now = asyncio.get_running_loop().time()
        keys = sum(map(len, map(_keys_of, reads)))
        if keys > MOST_JOINED_KEYS * len(reads) or self._breakers.failing or self._backoff.active(reads, now):
            return await self._fetch_each(reads, deadline)
        try:
            answers = await self._use(None, deadline, PooledConnection.read_joined, reads)
        except BureauError as error:
            # Only a full wait shows that a data set is slow: a caller with little time left shows nothing.
            if isinstance(error, BureauTimedOut) and deadline - now >= self._address.timeout:
                self._backoff.start(reads, now)
            datasets = [read.query.dataset.name for read in reads]
            return [type(error)(self.bureau, name, error.reason) for name in datasets]
        if not isinstance(answers, JoinFailure):
            return answers
        if answers is JoinFailure.DATA_SET:  # rows belong to the keys of one batch, and slow no other
            self._backoff.start(reads, asyncio.get_running_loop().time())
        return await self._fetch_each(reads, deadline)

    async def _fetch_each(self, reads: Sequence[Read], deadline: float) -> list[Batch | BureauError]:
        answers: list[Batch | BureauError] = []
        for read in reads:
            try:
                answers.append(await self.fetch(read.query, read.keys, deadline))
            except BureauError as error:
                answers.append(error)
        return answers

    def _own_deadline(self) -> float:
        return asyncio.get_running_loop().time() + self._address.timeout

    async def _use(
        self,
        dataset: str | None,
        deadline: float,
        work: Callable[[PooledConnection, TimeBudget, *Arguments], Awaitable[Answer]],
        *arguments: *Arguments,
    ) -> Answer:
        """Run `work` on a connection, opened where it is not, and once more if the connection breaks.

        The failure names `dataset`.
        """
        connection = await self._take(dataset, deadline)
        budget, tries = TimeBudget(deadline, self._address.timeout), 0
        try:
            while True:
                tries += 1
                try:
                    if not connection.is_fresh():
                        await self._open(connection, dataset, budget)
                    answer = await work(connection, budget, *arguments)
                except asyncio.CancelledError:
                    connection.after_abandoned_statement()
                    raise
                except Exception as error:
                    passing = tries == 1 and is_passing(error)
                    failure = self._failure_of(error, connection, dataset)
                else:
                    self._answered(connection, dataset)
                    return answer
                if not passing:
                    raise failure
                connection.busy_since = UNWATCHED  # the second try is not watched
        finally:
            self._give_back(connection, dataset)

    async def _take(self, dataset: str | None, deadline: float) -> PooledConnection:
        """Return a connection that is not in use, and see that it is watched."""
        now = asyncio.get_running_loop().time()
        if deadline <= now:  # a connection is not blamed for a caller that came too late
            raise BureauTimedOut(self.bureau, dataset, "no time was left")
        if self._closed or self._breakers.failing:
            self._admit(dataset, now)
        if self._free.locked():
            now = await self._wait(dataset, deadline)
        else:
            await self._free.acquire()
        connection = self._idle.pop()  # an open one where there is one, and of these the one used last
        connection.busy_since = now
        if self._next_look is None:
            self._next_look = asyncio.get_running_loop().call_later(SUSPICION_SECONDS, self._look)
        return connection

    def _look(self) -> None:
        """Look for silent connections, and again later while a connection is in use."""
        loop = asyncio.get_running_loop()
        now, oldest = loop.time(), min([each.busy_since for each in self._connections])
        if oldest > now:
            self._next_look = None
            return
        seconds = oldest + SUSPICION_SECONDS - now
        if seconds <= 0:
            self._watch.look(now)
            seconds = PAUSE
        self._next_look = loop.call_later(seconds, self._look)

    def _admit(self, dataset: str | None, now: float) -> None:
        """Raise if the source is closed, or if the breaker of the data set is open."""
        if self._closed:
            raise self._closed_error(dataset)
        if dataset is not None:
            self._breakers.admit(dataset, dataset, now, self._address.timeout)

    def _give_back(self, connection: PooledConnection, dataset: str | None) -> None:
        connection.busy_since = UNWATCHED
        if connection.is_open():
            self._idle.append(connection)
        else:  # a pooler or a limit of the login may allow fewer: what is open is used first
            self._idle.appendleft(connection)
        self._free.release()
        if self._breakers.failing:
            self._breakers.end_probe(dataset)

    def _answered(self, connection: PooledConnection, dataset: str | None) -> None:
        connection.abandoned = False
        connection.used_at = asyncio.get_running_loop().time()
        if self._breakers.failing:
            self._breakers.reset(dataset)

    def _failure_of(self, error: Exception, connection: PooledConnection, dataset: str | None) -> BureauError:
        """Return the failure of a read; open the breaker of a data set that did not answer."""
        connection.after_error(error)
        failure = error_of(error, self.bureau, dataset)
        if dataset is not None and state_of(error):
            if isinstance(failure, BureauTimedOut):
                # The bureau itself says so; a time-out of our own shows a silent connection, or a caller in a hurry.
                self._breakers.trip(dataset, failure, asyncio.get_running_loop().time(), TOLERATED)
            elif not isinstance(failure, BureauUnavailable):
                self._breakers.reset(dataset)
        return failure

    async def _wait(self, dataset: str | None, deadline: float) -> float:
        """Wait for an idle connection until the deadline; return when it came."""
        came = False
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(deadline):
                    came = await self._free.acquire()
        finally:
            if not came:  # a read that was to probe a data set did not come to it
                self._breakers.end_probe(dataset)
        if not came:
            raise BureauTimedOut(self.bureau, dataset, "no connection was free")
        if self._closed:
            self._free.release()
            raise self._closed_error(dataset)
        return asyncio.get_running_loop().time()

    async def _open(self, connection: PooledConnection, dataset: str | None, budget: TimeBudget) -> None:
        """Check an open connection, and connect where it is not open or does not answer."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        longest = connecting_seconds(self._address)
        short = TimeBudget(min(budget.deadline, began + longest), longest)
        if await connection.answers(short):
            return
        self._breakers.admit(None, dataset, began, longest)
        try:
            await _connect(connection, short)
        except asyncio.CancelledError:
            self._breakers.end_probe(None)
            raise
        except Exception as error:
            failure = connecting_error(error, self.bureau, dataset, self._address.dsn or "")
        else:
            self._breakers.reset(None)
            connection.busy_since = max(connection.busy_since, loop.time())
            if self._closed:
                connection.terminate()
                raise self._closed_error(dataset)
            return
        # Only a full wait, or an answer, shows that the bureau is down: a caller with little time left does not.
        if not isinstance(failure, BureauTimedOut) or budget.deadline - began >= longest:
            self._breakers.trip(None, failure, loop.time())
        raise failure

    def _is_deaf(self) -> None:
        """Open the breaker of the bureau: connections are silent, and no new one was made in time."""
        failure = BureauTimedOut(self.bureau, None, NO_ANSWER)
        self._breakers.trip(None, failure, asyncio.get_running_loop().time())

    def _closed_error(self, dataset: str | None) -> BureauUnavailable:
        return BureauUnavailable(self.bureau, dataset, "the source is closed")


async def _connect(connection: PooledConnection, budget: TimeBudget) -> None:
    """Connect, and try once more if the server or something before it hangs up."""
    try:
        return await connection.open(budget)
    except Exception as error:
        if not is_passing(error):
            raise
    await asyncio.sleep(RETRY_PAUSE)
    return await connection.open(budget)


def _names_of(reads: Sequence[Read]) -> _Names:
    return tuple(map(name_query, map(_query_of, reads)))

"""A bureau that shares views of a PostgreSQL database."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Final, TypeVar

from adapters.address import SourceAddress
from adapters.bureau_errors import BureauError, BureauTimedOut, BureauUnavailable, made
from adapters.circuit_breaker import Outage
from adapters.postgres.connection import Held, Spoilt, connect_held
from adapters.postgres.error_mapping import from_postgres
from adapters.postgres.join_backoff import Apart
from adapters.postgres.statement_cache import Budget
from adapters.round_trip_limits import check_keys
from adapters.source import Batch, Key, Query, Read, SourceMark

CLOSING_SECONDS: Final = 2.0
MOST_STACKED: Final = 32
"""Keys a query, on average, up to which several queries are one statement.

Measured against single statements: for one key a third of the processor time and of the waiting with four data
sets of a bureau, two thirds with two; no less at 100 keys with four and at 40 with two; up to half more beyond.
"""

Answer = TypeVar("Answer")


class PostgresSource:
    """Reads datasets through a fixed number of held connections.

    Connections are made when they are first needed and again when they broke; while a bureau cannot be
    reached, reads fail at once for a short and growing pause. With `require_synthetic` every new
    connection must find the source marked synthetic before anything else is read through it.
    """

    def __init__(self, bureau: str, address: SourceAddress, *, require_synthetic: bool = False) -> None:
        self._bureau = bureau
        self._address = address
        self._require_synthetic = require_synthetic
        self._all = tuple(Held() for _ in range(address.connections))
        self._idle = deque(self._all)
        self._free = asyncio.Semaphore(address.connections)
        self._outage = Outage()
        self._apart = Apart()
        self._closed = False

    @property
    def bureau(self) -> str:
        """The name of the bureau."""
        return self._bureau

    @property
    def concurrency(self) -> int:
        """How many round trips may be under way at once."""
        return self._address.connections

    async def open(self) -> None:
        """Make every connection; a bureau that is down is asked again at the first read."""
        deadline = asyncio.get_running_loop().time() + self._address.timeout
        budget = self._budget(deadline)
        held = [self._use(None, deadline, partial(_ping, budget=budget)) for _ in self._all]
        for failure in await asyncio.gather(*held, return_exceptions=True):
            if isinstance(failure, BaseException) and not isinstance(failure, BureauError):
                raise failure

    async def close(self) -> None:
        """Give back every connection; reads under way fail."""
        self._closed = True
        for held in self._all:
            with suppress(Exception):  # whatever is wrong with it, it is being closed
                await held.close(CLOSING_SECONDS)

    async def mark(self) -> SourceMark:
        """Read the source's own mark."""
        deadline = asyncio.get_running_loop().time() + self._address.timeout
        budget = self._budget(deadline)
        return await self._use(None, deadline, lambda held: held.mark(self._bureau, budget))

    async def ready(self) -> None:
        """Raise BureauError when the bureau does not answer."""
        deadline = asyncio.get_running_loop().time() + self._address.timeout
        await self._use(None, deadline, partial(_ping, budget=self._budget(deadline)))

    async def fetch(self, query: Query, keys: Sequence[Key], deadline: float) -> Batch:
        """Read `query` for `keys` in one statement through one connection."""
        if not keys:
            return Batch({})
        check_keys(query, keys)
        budget = self._budget(deadline)
        return await self._use(query.dataset.name, deadline, lambda held: held.read(query, keys, budget))

    async def fetch_joined(self, reads: Sequence[Read], deadline: float) -> list[Batch | BureauError]:
        """Read everything in one statement through one connection.

        One by one for many keys, where a statement more costs less than the columns that are null; and for a
        while after one statement failed, so that what is slow or not as declared costs itself only.
        """
        now = asyncio.get_running_loop().time()
        if sum([len(read.keys) for read in reads]) > MOST_STACKED * len(reads) or self._apart.holds(
            reads, now
        ):
            return [await self._alone(read, deadline) for read in reads]
        budget = self._budget(deadline)
        try:
            found = await self._use(None, deadline, lambda held: held.read_joined(reads, budget))
        except BureauError as error:
            failure = error
        else:
            return await self._unless_spoilt(found, reads, deadline)
        # A caller in a hurry says nothing of the data sets, as it says nothing of the bureau.
        if isinstance(failure, BureauTimedOut) and deadline - now >= self._address.timeout:
            self._apart.keep(reads, now)
        return [made(type(failure), failure.reason, self._bureau, read.query.dataset.name) for read in reads]

    async def _unless_spoilt(
        self, found: list[Batch | BureauError] | Spoilt, reads: Sequence[Read], deadline: float
    ) -> list[Batch | BureauError]:
        """Return what was found, or read one by one to find which query is to blame."""
        if not isinstance(found, Spoilt):
            return found
        if found is Spoilt.BY_A_DATA_SET:  # a row is of one subject, and delays nobody else
            self._apart.keep(reads, asyncio.get_running_loop().time())
        return [await self._alone(read, deadline) for read in reads]

    async def _alone(self, read: Read, deadline: float) -> Batch | BureauError:
        try:
            return await self.fetch(read.query, read.keys, deadline)
        except BureauError as error:
            return error

    async def _use(
        self, dataset: str | None, deadline: float, work: Callable[[Held], Awaitable[Answer]]
    ) -> Answer:
        if self._closed or self._free.locked():
            await self._wait(dataset, deadline)
        else:
            await self._free.acquire()
        if self._closed:
            self._free.release()
            raise BureauUnavailable(self._bureau, dataset, "the source is closed")
        held = self._idle.pop()  # the one used last: it is the likeliest to be connected
        try:
            if not held.usable:
                await self._connect(held, dataset, deadline)
            answer = await work(held)
            held.trust()
            return answer  # noqa: TRY300 - the error is raised below, outside of its handler
        except asyncio.CancelledError:
            held.abandoned()
            raise
        except Exception as error:
            held.failed(error)
            failure = from_postgres(error, self._bureau, dataset)
        finally:
            self._idle.append(held)
            self._free.release()
        raise failure

    async def _wait(self, dataset: str | None, deadline: float) -> None:
        if self._closed:
            raise BureauUnavailable(self._bureau, dataset, "the source is closed")
        with suppress(TimeoutError):
            async with asyncio.timeout_at(deadline):
                await self._free.acquire()
            return
        raise BureauTimedOut(self._bureau, dataset, "no connection was free")

    async def _connect(self, held: Held, dataset: str | None, deadline: float) -> None:
        loop = asyncio.get_running_loop()
        self._outage.check(loop.time(), dataset)
        began = loop.time()
        try:
            await connect_held(
                held,
                self._bureau,
                self._address,
                self._budget(deadline),
                require_synthetic=self._require_synthetic,
            )
        except Exception as error:
            failure = from_postgres(error, self._bureau, dataset)
        else:
            self._outage.over()
            if self._closed:
                held.drop()
                raise BureauUnavailable(self._bureau, dataset, "the source is closed")
            return
        # A caller in a hurry says nothing of the bureau: only a full wait, or an answer, begins a pause.
        if not isinstance(failure, BureauTimedOut) or deadline - began >= self._address.timeout:
            self._outage.began(loop.time(), failure)
        raise failure

    def _budget(self, deadline: float) -> Budget:
        time, longest = asyncio.get_running_loop().time, self._address.timeout

        def left() -> float:
            seconds = min(longest, deadline - time())
            if seconds <= 0:
                raise TimeoutError
            return seconds

        return left


async def _ping(held: Held, budget: Budget) -> None:
    await held.ping(budget)

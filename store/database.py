"""The connections to the gateway's own database, and transactions over them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import asyncpg

from store.store_errors import error_of, read_only

if TYPE_CHECKING:  # the driver's classes take a parameter in its stubs only
    Connection: TypeAlias = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]

CLOSING_SECONDS: Final = 2.0
IDLE_SECONDS: Final = 60
"""The server ends a transaction in which nothing happens for so long: it may hold locks that others wait for."""
_FAILURES: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the connection ended between two statements
    OSError,  # a TimeoutError too
    OverflowError,  # a port or a time beyond what a socket takes
)


class OwnStore:
    """A database that was reached. A connection that broke is made again when one is needed."""

    def __init__(self, pool: Pool, timeout: float) -> None:
        self._pool = pool
        self._timeout = timeout

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Connection]:
        """Commit what the block does, or nothing of it where the block raises.

        Isolation is READ COMMITTED whatever the server's default. Raises StoreError where a statement fails.
        """
        try:
            async with (
                self._pool.acquire(timeout=self._timeout) as connection,
                connection.transaction(isolation="read_committed"),
            ):
                yield connection
        except _FAILURES as error:
            raise error_of(error) from None

    async def ready(self) -> None:
        """Raise StoreError where the store does not answer in time, is read-only, or has lost its tables."""
        try:
            async with asyncio.timeout(self._timeout), self.transaction() as connection:
                if await connection.fetchval("SELECT current_setting('transaction_read_only') = 'on'"):
                    raise read_only()
                await connection.execute("SELECT FROM store.version")
        except TimeoutError as error:
            raise error_of(error) from None


@asynccontextmanager
async def open_store(dsn: str, connections: int = 2, timeout: float = 3.0) -> AsyncGenerator[OwnStore]:  # noqa: ASYNC109 - the time of each statement, not of the block
    """Connect to the store, and give back every connection at the end; raise StoreError where there is none.

    `connections` is how many transactions may be under way at once, `timeout` the seconds that a connection or
    one statement may take.
    """
    settings = {
        "application_name": "creditgraph",
        "statement_timeout": str(max(1, round(timeout * 1000))),
        "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
    }
    try:
        pool: Any = await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=connections,
            timeout=timeout,
            command_timeout=timeout,
            statement_cache_size=0,  # the driver's names of statements are other processes' names as well
            server_settings=settings,
        )
    except (*_FAILURES, ValueError) as error:
        raise error_of(error) from None
    try:
        yield OwnStore(pool, timeout)
    finally:
        with suppress(Exception):  # whatever is wrong with it, it is being closed
            async with asyncio.timeout(CLOSING_SECONDS):
                await pool.close()

"""One connection that is held: never reset between uses, its prepared statements kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import asyncpg

from adapters import spelled, sql
from adapters.address import SourceAddress
from adapters.conditions import MAX_ROWS, check_synthetic
from adapters.contract import Batch, Key, Query, Read, SourceMark
from adapters.errors import BureauError, ContractBroken, OverBudget
from adapters.failures import from_postgres, undecodable
from adapters.prepared import Budget, Joined, Prepared, Statements
from adapters.validation import Checker

MOST_STACKED: Final = 32
"""Keys a query, on average, up to which several queries are one statement.

Measured against single statements: for one key a third of the processor time and of the waiting with four data
sets of a bureau, two thirds with two; no less at 100 keys with four and at 40 with two; up to half more beyond.
"""
MARK: Final = "SELECT synthetic, city, edition FROM share.source_mark LIMIT 2"

if TYPE_CHECKING:  # the driver's class takes a parameter in its stubs only
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]


class Held:
    """One of a source's connections, with the statements that are prepared on it."""

    __slots__ = ("_connection", "_doubtful", "_statements")

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._statements: Statements | None = None
        self._doubtful = False

    @property
    def usable(self) -> bool:
        """Whether there is a connection that was not closed from the other side."""
        return self._connection is not None and not self._connection.is_closed()

    def hold(self, connection: Connection) -> None:
        """Hold a new connection; the statements of the last one are gone with it."""
        self._connection = connection
        self._statements = Statements(connection)
        self._doubtful = False

    def trust(self) -> None:
        """A statement went through."""
        self._doubtful = False

    def failed(self, error: Exception) -> None:
        """A statement ended with `error`: keep the connection only where its state is known."""
        if isinstance(error, TimeoutError):
            self.abandoned()
        elif not isinstance(error, BureauError | asyncpg.PostgresError):
            self.drop()

    def abandoned(self) -> None:
        """A statement was left under way.

        asyncpg asks the server to cancel it and lets the next statement wait for that. A server that does
        not answer would hold up every next one, so the second abandoned statement in a row ends the
        connection.
        """
        if self._doubtful:
            self.drop()
        self._doubtful = True

    def drop(self) -> None:
        """End the connection at once."""
        if self._connection is not None:
            self._connection.terminate()
        self._connection = self._statements = None

    async def close(self, timeout: float) -> None:  # noqa: ASYNC109 - the driver's own time limit
        """End the connection in good order."""
        connection, self._connection = self._connection, None
        self._statements = None
        if connection is not None:
            await connection.close(timeout=timeout)

    async def read(self, query: Query, keys: Sequence[Key], budget: Budget) -> Batch:
        """Run the query's statement; once more with dates as text, where a value cannot be decoded."""
        prepared = await self._prepared().of(query, budget)
        try:
            rows = await self._rows(query, prepared, keys, budget)
        except (ValueError, OverflowError) as error:
            if not undecodable(error):
                raise
            rows = None  # the driver has read the answer to its end all the same: the connection is good
        if rows is None:
            rows = await self._spelled(query, keys, budget)
        return _checked(query, prepared.checker, keys, rows)

    async def read_joined(self, reads: Sequence[Read], budget: Budget) -> list[Batch | BureauError]:
        """Run the queries of all reads by one statement.

        One by one for many keys, where a statement more costs less than the columns that are null; and where
        the one statement fails, to find which query is to blame.
        """
        few = sum([len(read.keys) for read in reads]) <= MOST_STACKED * len(reads)
        joined = await self._joined(reads, budget) if few else None
        rows = None if joined is None else await self._stacked(joined, reads, budget)
        if joined is None or rows is None:
            return [await self._alone(read, budget) for read in reads]
        found = zip(reads, joined.checkers, joined.union.split(rows), strict=True)
        return [_caught(read, checker, part) for read, checker, part in found]

    async def _alone(self, read: Read, budget: Budget) -> Batch | BureauError:
        if not read.keys:
            return Batch({})
        try:
            return await self.read(read.query, read.keys, budget)
        except (BureauError, asyncpg.PostgresError) as error:
            return from_postgres(error, read.query.bureau, read.query.dataset.name)

    async def _joined(self, reads: Sequence[Read], budget: Budget) -> Joined | None:
        """The statement for all reads, or none where a data set is not as declared."""
        try:
            return await self._prepared().of_all([read.query for read in reads], budget)
        except asyncpg.QueryCanceledError:
            raise
        except (BureauError, asyncpg.PostgresError):
            return None

    async def _stacked(self, joined: Joined, reads: Sequence[Read], budget: Budget) -> Sequence[Any] | None:
        """The rows of all reads, or none where one of them spoils the statement."""
        keys = [sql.joined(read.keys) for read in reads]
        try:
            return await joined.statement.fetch(*keys, timeout=budget())
        except asyncpg.QueryCanceledError:
            raise
        except (asyncpg.PostgresError, asyncpg.OutdatedSchemaCacheError):
            self._prepared().forget_joined()
        except (ValueError, OverflowError) as error:
            if not undecodable(error):
                raise
        return None

    async def _rows(
        self, query: Query, prepared: Prepared, keys: Sequence[Key], budget: Budget
    ) -> Sequence[Any]:
        """The rows, preparing anew when the relation has changed."""
        try:
            return await prepared.statement.fetch(sql.joined(keys), timeout=budget())
        except (asyncpg.InvalidCachedStatementError, asyncpg.OutdatedSchemaCacheError):
            self._prepared().forget(query)
            prepared = await self._prepared().of(query, budget)
            return await prepared.statement.fetch(sql.joined(keys), timeout=budget())

    async def _spelled(self, query: Query, keys: Sequence[Key], budget: Budget) -> Sequence[Any]:
        """The rows by way of text, so that the checker finds those with a date that cannot be decoded."""
        text = spelled.select(query.dataset, query.columns, query.purpose)
        rows = await self._live().fetch(text, sql.joined(keys), timeout=budget())
        return spelled.read(query.dataset, query.columns, rows)

    async def mark(self, bureau: str, budget: Budget) -> SourceMark:
        """Read the source's own mark: one row, or the contract is broken."""
        rows = await self._live().fetch(MARK, timeout=budget())
        if len(rows) != 1:
            raise ContractBroken(bureau, None, "the source's mark is not one row", rows=len(rows))
        if [type(value) for value in rows[0].values()] != [bool, str, str]:
            raise ContractBroken(bureau, None, "the source's mark is not of its types")
        return SourceMark(*rows[0].values())

    async def ping(self, budget: Budget) -> None:
        """Ask the bureau for anything at all."""
        await self._live().fetch("SELECT 1", timeout=budget())

    def _live(self) -> Connection:
        if self._connection is None:
            raise ConnectionResetError
        return self._connection

    def _prepared(self) -> Statements:
        if self._statements is None:
            raise ConnectionResetError
        return self._statements


def _checked(query: Query, checker: Checker, keys: Sequence[Key], rows: Sequence[Any]) -> Batch:
    if len(rows) > MAX_ROWS:
        raise OverBudget(query.bureau, query.dataset.name, f"more than {MAX_ROWS} rows")
    return checker.check(keys, rows)


def _caught(read: Read, checker: Checker, rows: Sequence[Any]) -> Batch | BureauError:
    try:
        return _checked(read.query, checker, read.keys, rows)
    except BureauError as error:
        return error


async def connect(address: SourceAddress, budget: Budget) -> Connection:
    """Open a connection that reads only, names itself, and ends statements that take too long."""
    return await asyncpg.connect(
        address.dsn,
        timeout=budget(),
        command_timeout=address.timeout,
        statement_cache_size=0,  # ours is kept by the query, bounded, and holds the checks as well
        server_settings={
            "application_name": "creditgraph",
            "statement_timeout": str(max(1, round(address.timeout * 1000))),
            "default_transaction_read_only": "on",
            # The rows of a union come in the order of its parts only where no part runs beside another.
            "max_parallel_workers_per_gather": "0",
            "jit": "off",  # every statement is a look-up by key: compiling it costs more than it saves
            "plan_cache_mode": "force_generic_plan",  # likewise planning it anew for each batch
        },
    )


async def connect_held(
    held: Held, bureau: str, address: SourceAddress, budget: Budget, *, require_synthetic: bool
) -> None:
    """Give `held` a new connection, unless its source must be synthetic and does not say that it is."""
    held.hold(await connect(address, budget))
    if not require_synthetic:
        return
    try:
        check_synthetic(bureau, await held.mark(bureau, budget))
    except BaseException:
        held.drop()
        raise

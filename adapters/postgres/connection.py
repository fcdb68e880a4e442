"""One connection that is held: never reset between uses, its prepared statements kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import asyncpg

from adapters.address import SourceAddress
from adapters.bureau_errors import BureauError, ContractBroken, OverBudget
from adapters.postgres import sql
from adapters.postgres import text_dates as spelled
from adapters.postgres.error_mapping import undecodable
from adapters.postgres.statement_cache import Budget, Prepared, Statements
from adapters.round_trip_limits import MAX_ROWS, check_synthetic
from adapters.source import Batch, Key, Query, Read, SourceMark
from adapters.validation import Checker

MARK: Final = "SELECT synthetic, city, edition FROM share.source_mark LIMIT 2"

if TYPE_CHECKING:  # the driver's class takes a parameter in its stubs only
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]


class Spoilt(Enum):
    """Why several queries are not read by one statement."""

    BY_A_DATA_SET = "its relation is not as declared, or cannot be read"
    BY_A_ROW = "its rows are too many, or one of them cannot be decoded"


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

    async def read_joined(self, reads: Sequence[Read], budget: Budget) -> list[Batch | BureauError] | Spoilt:
        """Run the queries of all reads by one statement, or say what keeps it from being run."""
        queries = [read.query for read in reads]
        try:
            joined = await self._prepared().of_all(queries, budget)
            rows = await joined.statement.fetch(*[sql.joined(read.keys) for read in reads], timeout=budget())
        except asyncpg.QueryCanceledError:
            raise
        except (BureauError, asyncpg.PostgresError, asyncpg.OutdatedSchemaCacheError):
            return Spoilt.BY_A_DATA_SET
        except (ValueError, OverflowError) as error:
            if not undecodable(error):
                raise
            return Spoilt.BY_A_ROW
        if len(rows) > MAX_ROWS:
            return Spoilt.BY_A_ROW
        found = zip(reads, joined.checkers, joined.union.split(rows), strict=True)
        return [_caught(read, checker, part) for read, checker, part in found]

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

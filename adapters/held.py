"""One connection that is held: never reset between uses, its prepared statements kept beside it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from adapters import spelled, sql
from adapters.address import SourceAddress
from adapters.conditions import MAX_ROWS, check_purpose, check_synthetic
from adapters.contract import Batch, Dataset, Key, Query, SourceMark
from adapters.errors import BureauError, ContractBroken, OverBudget
from adapters.failures import undecodable
from adapters.validation import Checker

MAX_STATEMENTS: Final = 256
MARK: Final = "SELECT synthetic, city, edition FROM share.source_mark LIMIT 2"

if TYPE_CHECKING:  # the driver's class takes a parameter in its stubs only
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
Budget: TypeAlias = Callable[[], float]
"""The seconds that are left for one statement; raises TimeoutError when none are."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement on one connection, and the check of its rows."""

    dataset: Dataset
    statement: PreparedStatement[asyncpg.Record]
    checker: Checker


class Held:
    """One of a source's connections, with a bounded number of prepared statements, oldest use first."""

    __slots__ = ("_connection", "_doubtful", "_numbers", "_statements")

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._statements: OrderedDict[tuple[str, tuple[str, ...], str], Prepared] = OrderedDict()
        self._doubtful = False
        self._numbers = count()

    @property
    def usable(self) -> bool:
        """Whether there is a connection that was not closed from the other side."""
        return self._connection is not None and not self._connection.is_closed()

    def hold(self, connection: Connection) -> None:
        """Hold a new connection; the statements of the last one are gone with it."""
        self._statements.clear()
        self._connection = connection
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
        self._connection = None
        self._statements.clear()

    async def close(self, timeout: float) -> None:  # noqa: ASYNC109 - the driver's own time limit
        """End the connection in good order."""
        connection, self._connection = self._connection, None
        self._statements.clear()
        if connection is not None:
            await connection.close(timeout=timeout)

    async def read(self, query: Query, keys: Sequence[Key], budget: Budget) -> Batch:
        """Run the query's statement; once more with dates as text, where a value cannot be decoded."""
        prepared = self._known(query) or await self._prepare(query, budget)
        try:
            rows = await self._rows(query, prepared, keys, budget)
        except (ValueError, OverflowError) as error:
            if not undecodable(error):
                raise
            rows = None  # the driver has read the answer to its end all the same: the connection is good
        if rows is None:
            rows = await self._spelled(query, keys, budget)
        if len(rows) > MAX_ROWS:
            raise OverBudget(query.bureau, query.dataset.name, f"more than {MAX_ROWS} rows")
        return prepared.checker.check(keys, rows)

    async def _rows(
        self, query: Query, prepared: Prepared, keys: Sequence[Key], budget: Budget
    ) -> Sequence[Any]:
        """The rows, preparing anew when the relation has changed."""
        try:
            return await prepared.statement.fetch(sql.joined(keys), timeout=budget())
        except (asyncpg.InvalidCachedStatementError, asyncpg.OutdatedSchemaCacheError):
            self._statements.pop(_name(query), None)
            prepared = await self._prepare(query, budget)
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

    def _known(self, query: Query) -> Prepared | None:
        name = _name(query)
        known = self._statements.get(name)
        if known is None or known.dataset is not query.dataset:
            return None
        self._statements.move_to_end(name)
        return known

    async def _prepare(self, query: Query, budget: Budget) -> Prepared:
        check_purpose(query)
        checker = Checker(query.bureau, query.dataset, query.columns)
        text = sql.select(query.dataset, query.columns, query.purpose)
        # Named by us: without its own cache the driver prepares under no name, and the server knows only
        # one statement of no name, so that one query could run another's.
        name = f"creditgraph_{next(self._numbers)}"
        connection = self._live()
        statement = await connection.prepare(text, name=name, timeout=budget())
        await self._settle(connection, budget)
        types = [attribute.type.name for attribute in statement.get_attributes()]
        fault = sql.mistyped(query.dataset, query.columns, types)
        if fault is not None:
            raise ContractBroken(query.bureau, query.dataset.name, fault, rows=0)
        self._statements[_name(query)] = made = Prepared(query.dataset, statement, checker)
        if len(self._statements) > MAX_STATEMENTS:
            self._statements.popitem(last=False)
        return made

    async def _settle(self, connection: Connection, budget: Budget) -> None:
        """End the transaction that preparing leaves open on the server, with its locks and its timeout.

        The driver sends no Sync after Parse: it counts on the statement being run at once, which is not so
        where the statement turns out to be of another shape.
        """
        try:
            await connection.fetch("SELECT 1", timeout=budget())
        except BaseException:
            self.drop()
            raise


def _name(query: Query) -> tuple[str, tuple[str, ...], str]:
    return query.dataset.name, query.columns, query.purpose


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

"""One connection of a source's pool, with its prepared statements; it is not reset between uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from operator import attrgetter
from typing import Any, Final

import asyncpg

from adapters.bureau_errors import BureauError, ContractBroken, OverBudget
from adapters.postgres import sql
from adapters.postgres.connect import find_socket
from adapters.postgres.error_mapping import (
    STATEMENT_LOST,
    ends_connection,
    is_decoding_error,
    is_of_connection,
    state_of,
)
from adapters.postgres.session import open_session
from adapters.postgres.statement_cache import StatementCache, TimeBudget, key_argument
from adapters.source import MAX_ROWS, Batch, Key, Query, Read, SourceAddress, SourceMark, check_synthetic

MARK: Final = "SELECT synthetic, city, edition FROM share.source_mark LIMIT 2"

IDLE_SECONDS: Final = 0.5
"""A connection that answered no longer ago needs no check."""
CHECK_SECONDS: Final = 0.25
UNWATCHED: Final = float("inf")
"""In place of the time since which a connection is busy: the watch for silence passes it over."""

_query_of: Callable[[Read], Query] = attrgetter("query")
_keys_of: Callable[[Read], Sequence[Key]] = attrgetter("keys")


class JoinFailure(Enum):
    """Why one statement cannot read several queries."""

    DATA_SET = "the relation of a data set is not as declared, or cannot be read"
    ROWS = "the rows are too many, or one of them cannot be decoded"


class PooledConnection:
    """A connection to a bureau, open or not, with the statements prepared on it."""

    __slots__ = (
        "_address",
        "_bureau",
        "_require_synthetic",
        "_statements",
        "abandoned",
        "busy_since",
        "used_at",
    )

    def __init__(self, bureau: str, address: SourceAddress, *, require_synthetic: bool) -> None:
        self._bureau = bureau
        self._address = address
        self._require_synthetic = require_synthetic
        self._statements: StatementCache | None = None
        self.abandoned = False
        """Whether the last statement was left before its answer came."""
        self.used_at = 0.0
        """When the last answer came, as a time of the loop."""
        self.busy_since = UNWATCHED
        """Since when a read uses it, as a time of the loop; UNWATCHED while none does, and during a second try."""

    def is_fresh(self) -> bool:
        """Whether the connection answered so lately that a read needs no check before it."""
        return self.busy_since - self.used_at < IDLE_SECONDS and not self.abandoned and self.is_open()

    async def answers(self, budget: TimeBudget) -> bool:
        """Whether an open connection answers a short check; one that does not is terminated.

        A firewall that forgets an idle connection tells neither side: its next statement would wait in vain.
        """
        if not self.is_open():
            return False
        seconds = min(CHECK_SECONDS, budget.seconds())
        try:
            await self._prepared().connection.execute("SELECT 1", timeout=seconds)
        except BaseException as error:
            self.terminate()
            if not isinstance(error, Exception):
                raise
            return False
        return True

    def is_open(self) -> bool:
        """Whether the connection was made, and neither side has closed it."""
        return self._statements is not None and not self._statements.connection.is_closed()

    @property
    def backend(self) -> int:
        """The number of the server process of an open connection."""
        return self._prepared().backend

    def socket(self) -> Any:
        """Return the socket of an open connection, or None if the driver does not show it."""
        return find_socket(self._prepared().connection)

    async def open(self, budget: TimeBudget) -> None:
        """Connect; where a synthetic source is required, close it again unless its mark says so."""
        self._statements = StatementCache(await open_session(self._address, budget))
        self.abandoned = False
        if not self._require_synthetic:
            return
        try:
            check_synthetic(self._bureau, await self.read_mark(budget))
        except BaseException:
            self.terminate()
            raise

    def terminate(self) -> None:
        """Close the connection at once, without the protocol's farewell."""
        if self._statements is not None:
            self._statements.connection.terminate()
        self._statements = None

    async def close(self, timeout: float) -> None:  # noqa: ASYNC109 - the driver's own time limit
        """Close the connection by the protocol."""
        statements, self._statements = self._statements, None
        if statements is not None:
            await statements.connection.close(timeout=timeout)

    def after_error(self, error: Exception) -> None:
        """Keep the connection after a failed statement only if the connection's state is known."""
        if isinstance(error, TimeoutError):
            self.after_abandoned_statement()
        elif not isinstance(error, BureauError | asyncpg.PostgresError) or _spoils_connection(error):
            self.terminate()

    def after_abandoned_statement(self) -> None:
        """Keep the connection after one abandoned statement, and terminate it after a second one in a row.

        asyncpg asks the server to cancel an abandoned statement, and the next statement waits for that. A
        server that does not answer would delay every further statement.
        """
        if self.abandoned:
            self.terminate()
        self.abandoned = True

    async def read(self, budget: TimeBudget, query: Query, keys: Sequence[Key]) -> Batch:
        """Read one query; a second statement reads dates as text if the first one cannot be decoded."""
        prepared = await self._prepared().get(query, budget)
        argument = key_argument(keys)
        rows: Sequence[Any] | None = None
        try:
            rows = await prepared.statement.fetch(argument, timeout=budget.seconds())
        except (asyncpg.InvalidCachedStatementError, asyncpg.OutdatedSchemaCacheError):
            self._prepared().forget(query)
        except (ValueError, OverflowError) as error:
            if not is_decoding_error(error):
                raise
        if rows is None:  # the driver has read the answer to its end, so the connection is usable
            rows = await self._read_again(query, argument, budget)
        if len(rows) > MAX_ROWS:
            raise OverBudget(query.bureau, query.dataset.name, f"more than {MAX_ROWS} rows")
        return prepared.checker.check(keys, rows)

    async def read_joined(
        self, budget: TimeBudget, reads: Sequence[Read]
    ) -> list[Batch | BureauError] | JoinFailure:
        """Read all queries by one statement; return a JoinFailure if they must be read one by one."""
        try:
            joined = await self._prepared().get_joined(list(map(_query_of, reads)), budget)
            arguments = map(key_argument, map(_keys_of, reads))
            rows = await joined.statement.fetch(*arguments, timeout=budget.seconds())
        except (BureauError, asyncpg.PostgresError, asyncpg.OutdatedSchemaCacheError) as error:
            if isinstance(error, asyncpg.PostgresError) and is_of_connection(error):
                raise  # the others could not be read either
            return JoinFailure.DATA_SET
        except (ValueError, OverflowError) as error:
            if not is_decoding_error(error):
                raise
            return JoinFailure.ROWS
        if len(rows) > MAX_ROWS:
            return JoinFailure.ROWS
        parts = joined.split(rows)
        answers: list[Batch | BureauError] = []
        for number, read in enumerate(reads):
            try:
                answers.append(joined.checkers[number].check(read.keys, parts[number]))
            except BureauError as error:
                answers.append(error)
        return answers

    async def _read_again(self, query: Query, argument: str, budget: TimeBudget) -> Sequence[Any]:
        """Read a query whose relation has changed, or whose dates cannot be decoded, with dates as text."""
        await self._prepared().get(query, budget)  # checks the types of a relation that has changed
        text = sql.select_text_dates(query.dataset, query.read_columns, query.purpose)
        rows = await self._prepared().connection.fetch(text, argument, timeout=budget.seconds())
        return sql.parse_dates(query.dataset, query.read_columns, rows)

    async def read_mark(self, budget: TimeBudget) -> SourceMark:
        """Read the source's mark; raises ContractBroken unless it is one row of the right types."""
        rows = await self._prepared().connection.fetch(MARK, timeout=budget.seconds())
        if len(rows) != 1:
            raise ContractBroken(self._bureau, None, "the source's mark is not one row", rows=len(rows))
        if [type(value) for value in rows[0].values()] != [bool, str, str]:
            raise ContractBroken(self._bureau, None, "the source's mark is not of its types")
        return SourceMark(*rows[0].values())

    async def ping(self, budget: TimeBudget) -> None:
        """Run a statement that needs no relation."""
        await self._prepared().connection.fetch("SELECT 1", timeout=budget.seconds())

    def _prepared(self) -> StatementCache:
        if self._statements is None:
            raise ConnectionResetError
        return self._statements


def _spoils_connection(error: Exception) -> bool:
    return ends_connection(error) or state_of(error) == STATEMENT_LOST

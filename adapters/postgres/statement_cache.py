"""The prepared statements of one connection: one for each query, and one for each group of joined queries."""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count, groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import asyncpg
import msgspec
from asyncpg.prepared_stmt import PreparedStatement
from cachetools import LRUCache

from adapters.bureau_errors import ContractBroken
from adapters.postgres import sql
from adapters.postgres.joined_statement import RowReader, join_statements
from adapters.source import Key, Query, QueryName, Row, check_purpose, name_query
from adapters.validation import Checker, checker_of
from catalogue.declarations import Dataset

MAX_STATEMENTS: Final = 256

if TYPE_CHECKING:  # the driver's class takes a parameter in its stubs only
    from adapters.postgres.session import BureauSession

    Statement: TypeAlias = PreparedStatement[asyncpg.Record]
_dataset_of: Callable[[Query], Dataset] = attrgetter("dataset")
_number_of: Callable[[Any], int] = itemgetter(0)


class TimeBudget(msgspec.Struct, frozen=True):
    """The time of one read: it ends at `deadline`, and each of its statements takes `longest` seconds at most."""

    deadline: float
    longest: float

    def seconds(self) -> float:
        """Return the seconds for the next statement; raises TimeoutError if none are left."""
        seconds = min(self.longest, self.deadline - asyncio.get_running_loop().time())
        if seconds <= 0:
            raise TimeoutError
        return seconds


class PreparedQuery(msgspec.Struct, frozen=True):
    """The statement of a query, and the checker of its rows."""

    dataset: Dataset
    statement: Statement
    checker: Checker


class PreparedJoin(msgspec.Struct, frozen=True):
    """The statement of several queries; for each query its data set, row reader and checker."""

    datasets: tuple[Dataset, ...]
    statement: Statement
    row_readers: tuple[RowReader, ...]
    checkers: tuple[Checker, ...]

    def split(self, rows: Iterable[Any]) -> Mapping[int, list[Row]]:
        """Return the rows of each query, by its number, as the query's own statement would return them."""
        parts: defaultdict[int, list[Row]] = defaultdict(list)
        for number, stacked in groupby(rows, _number_of):
            parts[number].extend(map(self.row_readers[number], stacked))
        return parts


class StatementCache:
    """The statements of a connection; beyond MAX_STATEMENTS of a kind, the least recently used one is dropped.

    Methods raise ContractBroken for a relation that is not as declared, and the driver's own errors.
    """

    __slots__ = ("_joins", "_names", "_numbers", "_queries", "_session", "backend", "connection")

    def __init__(self, session: BureauSession) -> None:
        self.connection = session.connection
        self._session = session
        self._queries: LRUCache[QueryName, PreparedQuery] = LRUCache(MAX_STATEMENTS)
        self._joins: LRUCache[tuple[QueryName, ...], PreparedJoin] = LRUCache(MAX_STATEMENTS)
        self.backend = session.backend
        self._names = f"creditgraph_{secrets.token_hex(8)}_"
        self._numbers = count()

    async def get(self, query: Query, budget: TimeBudget) -> PreparedQuery:
        """Return the statement of a query."""
        name = name_query(query)
        prepared = self._queries.get(name)
        if prepared is None or prepared.dataset is not query.dataset:
            prepared = self._queries[name] = await self._prepare(query, budget)
        return prepared

    async def get_joined(self, queries: Sequence[Query], budget: TimeBudget) -> PreparedJoin:
        """Return the one statement of several queries of one purpose."""
        names = tuple(map(name_query, queries))
        prepared = self._joins.get(names)
        # A tuple compares its items by identity first, so equal data sets are rarely compared in full.
        if prepared is None or prepared.datasets != tuple(map(_dataset_of, queries)):
            prepared = self._joins[names] = await self._prepare_joined(queries, budget)
        return prepared

    def forget(self, query: Query) -> None:
        """Drop the statement of a query whose relation has changed."""
        self._queries.pop(name_query(query), None)

    async def _prepare(self, query: Query, budget: TimeBudget) -> PreparedQuery:
        check_purpose(query)
        checker, columns = checker_of(query), query.read_columns
        statement = await self._prepare_declared(query, budget)
        fault = sql.find_mistyped_column(query.dataset, columns, _type_names(statement))
        if fault is not None:
            raise ContractBroken(query.bureau, query.dataset.name, fault)
        return PreparedQuery(query.dataset, statement, checker)

    async def _prepare_declared(self, query: Query, budget: TimeBudget) -> Statement:
        """Prepare the statement of a query; name the column that the relation lacks."""
        text = sql.select(query.dataset, query.read_columns, query.purpose)
        try:
            return await self._prepare_text(text, budget)
        except asyncpg.UndefinedColumnError as error:
            missing = sql.name_at(text, error.position)
            if missing is None:
                raise
        reason = f"{missing}: the column is not there (SQLSTATE 42703)"
        raise ContractBroken(query.bureau, query.dataset.name, reason)

    async def _prepare_joined(self, queries: Sequence[Query], budget: TimeBudget) -> PreparedJoin:
        # Each query is prepared alone first: UNION ALL would convert a column of a wrong type and hide it.
        singles = [await self.get(query, budget) for query in queries]
        joined = join_statements(queries)
        statement = await self._prepare_text(joined.text, budget)
        # A cached single statement may be older than a change of its relation; the changed type would then
        # become the type of the stacked column for all data sets.
        if not joined.has_declared_types(_type_names(statement)):
            raise ContractBroken(queries[0].bureau, None, "data sets of other types")
        datasets = tuple([query.dataset for query in queries])
        checkers = tuple([single.checker for single in singles])
        return PreparedJoin(datasets, statement, joined.row_readers, checkers)

    async def _prepare_text(self, text: str, budget: TimeBudget) -> Statement:
        # With the driver's cache off, the driver prepares unnamed statements. The server keeps only one
        # unnamed statement, so one query could run another query's statement: names prevent that. No other
        # connection of any process has the name, so a pooler cannot mix statements up either.
        name = f"{self._names}{next(self._numbers)}"
        try:
            # Around both: `prepare` also closes old statements, and asyncpg has no time limit for that.
            async with asyncio.timeout(budget.seconds()):
                statement = await self.connection.prepare(text, name=name)
                await self._end_transaction()
        except (TimeoutError, asyncio.CancelledError):
            self.connection.terminate()
            raise
        return statement

    async def _end_transaction(self) -> None:
        """End the transaction that Parse opens on the server, with its locks and its timeout."""
        try:
            await self._session.require_same()
        except BaseException:
            self.connection.terminate()
            raise


def _type_names(statement: Statement) -> list[str]:
    return [attribute.type.name for attribute in statement.get_attributes()]


def key_argument(keys: Sequence[Key]) -> str:
    """Join the keys of a statement into its one text argument.

    A text is cheaper than an array: the driver's array encoder tests each element for being an array, which
    costs 0.3 µs a key. Identifiers never contain the separator; keys that do match nothing and are skipped.
    """
    text = sql.SEPARATOR.join(keys)
    if text.count(sql.SEPARATOR) == len(keys) - 1:
        return text
    return sql.SEPARATOR.join([key for key in keys if sql.SEPARATOR not in key])

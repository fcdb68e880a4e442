"""The prepared statements of one connection: one a query, and one for several queries of a bureau."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final, TypeAlias

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement
from cachetools import LRUCache

from adapters.bureau_errors import ContractBroken
from adapters.postgres import sql
from adapters.postgres.joined_statement import Union, union
from adapters.round_trip_limits import check_purpose
from adapters.source import Query
from adapters.validation import Checker
from catalogue.declarations import Dataset

MAX_STATEMENTS: Final = 256

if TYPE_CHECKING:  # the driver's class takes a parameter in its stubs only
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
Budget: TypeAlias = Callable[[], float]
"""The seconds that are left for one statement; raises TimeoutError when none are."""
Name: TypeAlias = tuple[str, tuple[str, ...], str]
"""What tells the queries of a bureau apart: data set, columns and purpose."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query's statement, and the check of its rows."""

    dataset: Dataset
    statement: PreparedStatement[asyncpg.Record]
    checker: Checker


@dataclass(frozen=True, slots=True)
class Joined:
    """The statement of several queries, and for each of them its data set and the check of its rows."""

    union: Union
    statement: PreparedStatement[asyncpg.Record]
    datasets: tuple[Dataset, ...]
    checkers: tuple[Checker, ...]


class Statements:
    """A bounded number of statements, of which the one used longest ago goes first.

    Methods raise ContractBroken where a relation is not as declared, and what the driver raises.
    """

    __slots__ = ("_alone", "_connection", "_joined", "_numbers")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._alone: LRUCache[Name, Prepared] = LRUCache(MAX_STATEMENTS)
        self._joined: LRUCache[tuple[Name, ...], Joined] = LRUCache(MAX_STATEMENTS)
        self._numbers = count()

    async def of(self, query: Query, budget: Budget) -> Prepared:
        """Return the statement of a query."""
        name = _name(query)
        known = self._alone.get(name)
        if known is None or known.dataset is not query.dataset:
            known = self._alone[name] = await self._prepared(query, budget)
        return known

    async def of_all(self, queries: Sequence[Query], budget: Budget) -> Joined:
        """Return the one statement of queries of one purpose."""
        names = tuple([_name(query) for query in queries])
        known = self._joined.get(names)
        if known is None or not _same(known.datasets, queries):
            known = self._joined[names] = await self._union(queries, budget)
        return known

    def forget(self, query: Query) -> None:
        """Prepare the query anew when it is read next, for its relation has changed."""
        self._alone.pop(_name(query), None)

    async def _prepared(self, query: Query, budget: Budget) -> Prepared:
        check_purpose(query)
        checker = Checker(query.bureau, query.dataset, query.columns)
        text = sql.select(query.dataset, query.columns, query.purpose)
        statement = await self._named(text, budget)
        types = [attribute.type.name for attribute in statement.get_attributes()]
        fault = sql.mistyped(query.dataset, query.columns, types)
        if fault is not None:
            raise ContractBroken(query.bureau, query.dataset.name, fault, rows=0)
        return Prepared(query.dataset, statement, checker)

    async def _union(self, queries: Sequence[Query], budget: Budget) -> Joined:
        # Each alone at first: what they are stacked in has types of its own, and would hide a wrong one.
        alone = [await self.of(query, budget) for query in queries]
        made = union(queries)
        statement = await self._named(made.text, budget)
        # What is known of one alone may be out of date; another type of it would be that of all in its place.
        if not made.fits([attribute.type.name for attribute in statement.get_attributes()]):
            raise ContractBroken(queries[0].bureau, None, "data sets of other types", rows=0)
        datasets = tuple([query.dataset for query in queries])
        return Joined(made, statement, datasets, tuple([each.checker for each in alone]))

    async def _named(self, text: str, budget: Budget) -> PreparedStatement[asyncpg.Record]:
        # Named by us: without its own cache the driver prepares under no name, and the server knows only
        # one statement of no name, so that one query could run another's.
        name = f"creditgraph_{next(self._numbers)}"
        try:
            # Around both: the driver closes old statements meanwhile, and for that it knows no time limit.
            async with asyncio.timeout(budget()):
                statement = await self._connection.prepare(text, name=name)
                await self._settle()
        except (TimeoutError, asyncio.CancelledError):
            self._connection.terminate()
            raise
        return statement

    async def _settle(self) -> None:
        """End the transaction that preparing leaves open on the server, with its locks and its timeout.

        The driver sends no Sync after Parse: it counts on the statement being run at once, which is not so
        where the statement turns out to be of another shape.
        """
        try:
            await self._connection.fetch("SELECT 1")
        except BaseException:
            self._connection.terminate()
            raise


def _name(query: Query) -> Name:
    return query.dataset.name, query.columns, query.purpose


def _same(datasets: Sequence[Dataset], queries: Sequence[Query]) -> bool:
    pairs = zip(datasets, queries, strict=True)
    return all(known is query.dataset for known, query in pairs)

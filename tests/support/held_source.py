"""A source that answers when a test lets it: the order and the sharing of round trips become visible."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.bureau_errors import BureauError
from adapters.source import Batch, Key, Query, SourceMark
from tests.support.rows_source import Tables, rows_of


@dataclass(slots=True, eq=False)
class Call:
    """One round trip that is under way."""

    query: Query
    keys: tuple[Key, ...]
    deadline: float
    reply: asyncio.Future[Batch]
    tables: Tables

    def answer(self, broken: dict[Key, BureauError] | None = None) -> None:
        """Answer with what the tables hold of the keys that are not broken."""
        table = self.tables[self.query.dataset.name]
        spared = [key for key in self.keys if key in table and key not in (broken or {})]
        self.reply.set_result(
            Batch({key: rows_of(self.query, key, table[key]) for key in spared}, broken or {})
        )

    def fail(self, error: BaseException) -> None:
        """Fail the round trip."""
        self.reply.set_exception(error)


@dataclass(slots=True, eq=False)
class HeldSource:
    """Keeps every round trip until it is answered, and counts how many are under way at once."""

    tables: Tables
    bureau: str = "tax"
    concurrency: int = 1
    calls: list[Call] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0

    async def open(self) -> None:
        """Ready as it is."""

    async def close(self) -> None:
        """Nothing to give back."""

    async def mark(self) -> SourceMark:
        """Say that the rows are invented."""
        return SourceMark(synthetic=True, city="test", edition="1")

    async def fetch(self, query: Query, keys: Sequence[Key], deadline: float) -> Batch:
        """Wait until the test answers."""
        call = Call(query, tuple(keys), deadline, asyncio.get_running_loop().create_future(), self.tables)
        self.calls.append(call)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            return await call.reply
        finally:
            self.under_way -= 1


async def turns(count: int = 12) -> None:
    """Let the loop do whatever is ready."""
    for _ in range(count):
        await asyncio.sleep(0)

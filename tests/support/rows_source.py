"""A source over rows in memory: the transport that stands where a bureau's database or service stands."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.bureau_errors import BureauError, BureauUnavailable, ContractBroken
from adapters.source import Batch, Key, Query, SourceMark

Record = dict[str, Any]
Tables = Mapping[str, Mapping[Key, Sequence[Record]]]
"""The records of each dataset by key, in the order in which the bureau gives them."""


@dataclass(slots=True, eq=False)
class RowsSource:
    """Answers from `tables`; remembers what it was asked, and fails where it is told to."""

    bureau: str
    tables: Tables
    concurrency: int = 2
    down: bool = False
    broken: frozenset[tuple[str, Key]] = frozenset()
    """Datasets and keys whose rows break the contract."""
    asked: list[tuple[Query, tuple[Key, ...]]] = field(default_factory=list)

    async def open(self) -> None:
        """Ready as it is."""

    async def close(self) -> None:
        """Nothing to give back."""

    async def mark(self) -> SourceMark:
        """Say that the rows are invented."""
        return SourceMark(synthetic=True, city="test", edition="1")

    async def fetch(self, query: Query, keys: Sequence[Key], deadline: float) -> Batch:  # noqa: ARG002 the contract's
        """Answer after one turn of the loop, as a bureau does at the earliest."""
        self.asked.append((query, tuple(keys)))
        await asyncio.sleep(0)
        if self.down:
            raise BureauUnavailable(self.bureau, query.dataset.name)
        broken: dict[Key, BureauError] = {
            key: ContractBroken(self.bureau, query.dataset.name, rows=1)
            for key in keys
            if (query.dataset.name, key) in self.broken
        }
        table = self.tables.get(query.dataset.name, {})
        found = {key: rows_of(query, key, table[key]) for key in keys if table.get(key) and key not in broken}
        return Batch(found, broken)


def rows_of(query: Query, key: Key, records: Sequence[Record]) -> Any:
    """Return the rows of one key as the contract lays them out: the key, then the requested columns."""
    rows = [(key, *(record[column] for column in query.columns)) for record in records]
    return rows if query.dataset.many else rows[0]

"""A source over rows in memory: the transport that stands where a bureau's database or service stands."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from adapters.bureau_errors import BureauError, BureauUnavailable, ContractBroken
from adapters.source import Batch, Key, Query, SourceMark
from catalogue.dated_rules import dated_rules
from catalogue.declarations import Dataset
from catalogue.record_forms import DETERMINATION, STATE, RecordLife
from catalogue.record_life import STANDS
from catalogue.record_states import LifeReader

DAY = date(2026, 6, 30)
"""The day on which the gateways of tests in memory answer."""
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
        held = self.tables.get(query.dataset.name, {})
        table = {key: stated(query.dataset, key, held[key]) for key in keys if key in held}
        known = [key for key in keys if key not in broken and shown_to(query, table.get(key, ()))]
        found = {key: rows_of(query, key, table[key]) for key in known}
        return Batch(found, broken)


def rows_of(query: Query, key: Key, records: Sequence[Record]) -> Any:
    """Return the rows of one key as the contract lays them out: the key, then the requested columns."""
    rows = [(key, *(record[column] for column in query.columns)) for record in shown_to(query, records)]
    return rows if query.dataset.many else rows[0]


def stated(dataset: Dataset, key: Key, records: Sequence[Record]) -> Sequence[Record]:
    """Return records with their states: those that a test states, and the others as the law has them on its day."""
    life, unstated = dataset.life, dict.fromkeys(dataset.by_name)
    if life is None or all(STATE in each for each in records):
        return records
    return [{**unstated, **each, STATE: _state(life, key, {**unstated, **each}, each)} for each in records]


def _state(life: RecordLife, key: Key, record: Record, given: Record) -> str:
    """Return the state of a record; one without a day stands, and a duty is determined where a test does not say."""
    if record[life.begins] is None:
        return STANDS
    determined = dict(zip(DETERMINATION, ("1", record[life.begins]), strict=True))
    return LifeReader(life, dated_rules()).state({**record, **determined, **given}, key, DAY)


def shown_to(query: Query, records: Sequence[Record]) -> Sequence[Record]:
    """Return the records that a query is given: those that stand alone, unless it asks for history."""
    if query.dataset.life is None or query.history:
        return records
    return [each for each in records if each.get(STATE, STANDS) == STANDS]

"""Reads every row of a data set by a cursor on the server, so that the memory of a read does not grow with its rows."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from adapters.postgres import sql
from adapters.source import Row, SourceAddress
from catalogue.declarations import Dataset

CHUNK: Final = 1_000
"""Rows that are held at once."""


@dataclass(frozen=True, slots=True)
class WholeDataset:
    """An open read of a data set."""

    mistyped: str | None
    """Which column is not of its declared type, so that the rows have no order; None where all are."""
    _cursor: Any
    _dataset: Dataset
    _columns: Sequence[str]

    async def chunks(self) -> AsyncGenerator[list[Row]]:
        """Yield the rows: the key and the columns, ordered by key and then as declared, dates parsed."""
        while rows := await self._cursor.fetch(CHUNK):
            yield sql.parse_dates(self._dataset, self._columns, rows)


@asynccontextmanager
async def open_whole(
    dataset: Dataset, columns: Sequence[str], address: SourceAddress, seconds: float, purpose: str
) -> AsyncGenerator[WholeDataset]:
    """Open a read of all rows on a connection of its own; each statement may take some seconds.

    Raises the driver's errors, which may quote values: map them by `error_mapping.error_of`.
    """
    connection: Any = await asyncpg.connect(address.dsn, timeout=address.timeout, statement_cache_size=0)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute(f"SET LOCAL statement_timeout = {round(seconds * 1000)}")
            declared = await connection.prepare(sql.select_none(dataset, columns))
            types = [each.type.name for each in declared.get_attributes()]
            mistyped = sql.find_mistyped_column(dataset, columns, types)
            text = sql.select_whole(dataset, columns, purpose, ordered=mistyped is None)
            yield WholeDataset(mistyped, await connection.cursor(text), dataset, columns)
    finally:
        await connection.close(timeout=address.timeout)

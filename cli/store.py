"""The commands of the gateway's own store: bring it to this program's version, and look at it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import typer

from cli.common import command_group, configured
from gateway.access.addresses import store_dsn
from gateway.errors import StartRefused
from store.database import OwnStore, open_store
from store.migrate import Migration, migrate, read_migrations, status
from store.store_errors import StoreError

T = TypeVar("T")
app = command_group("The gateway's own store, in the PostgreSQL database that the setting `store` names.")


@app.command(name="migrate", epilog="Example: CREDITGRAPH_STORE__DSN=… creditgraph store migrate")
def migrate_command() -> None:
    """Bring the store to the version of this program.

    `serve` does the same at its start; this is for a city whose gateway may not make tables.
    """
    applied = _with_store(migrate)
    typer.echo("\n".join(f"applied {each.name}" for each in applied) or "Nothing was missing.")


@app.command(name="status", epilog="Example: CREDITGRAPH_STORE__DSN=… creditgraph store status")
def status_command() -> None:
    """List the migrations of this program, and when each was applied. Changes nothing."""
    for name, applied in _with_store(status).items():
        typer.echo(f"{name}  {f'{applied:%Y-%m-%d %H:%M:%SZ}' if applied else 'missing'}")


def _with_store(work: Callable[[OwnStore, Sequence[Migration]], Awaitable[T]]) -> T:
    settings = configured()
    dsn, own = store_dsn(settings), settings.store
    if dsn is None:
        raise StartRefused("No store is set. Set CREDITGRAPH_STORE__DSN to a PostgreSQL address.")

    async def run() -> T:
        async with open_store(dsn, own.connections, own.timeout) as store:
            return await work(store, read_migrations())

    try:
        return asyncio.run(run())
    except StoreError as error:
        raise StartRefused(f"CREDITGRAPH_STORE__DSN: {error}") from None

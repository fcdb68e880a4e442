"""The contenders' access to the bureaus' databases; the gateway has its own."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import asyncpg

DSNS_VARIABLE: Final = "BENCHMARK_DSNS"
"""The environment variable with the address of each bureau, as JSON."""
RESET_VARIABLE: Final = "BENCHMARK_RESET"
"""The environment variable that keeps asyncpg's default: the pool resets a connection after each use."""
CONNECTIONS: Final = 4
SESSION: Final = {"jit": "off", "plan_cache_mode": "force_generic_plan", "timezone": "Asia/Shanghai"}
"""The gateway's server settings, and the time zone of the city, in which `CURRENT_DATE` is its day."""

if TYPE_CHECKING:  # the driver's class takes a parameter in its stubs only
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
Pools: TypeAlias = "Mapping[str, Pool]"


async def _no_reset(_connection: Any) -> None:
    """Reset nothing: no statement changes the state of a connection."""


@asynccontextmanager
async def open_pools() -> AsyncGenerator[Pools]:
    """Open a pool for each bureau with all its connections, by the gateway's server settings."""
    reset: Any = None if os.environ.get(RESET_VARIABLE) else _no_reset
    dsns: dict[str, str] = json.loads(os.environ[DSNS_VARIABLE])
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(_pool(dsn, reset)) for name, dsn in dsns.items()}


def _pool(dsn: str, reset: Any) -> Pool:
    return asyncpg.create_pool(
        dsn,
        min_size=CONNECTIONS,
        max_size=CONNECTIONS,
        reset=reset,
        command_timeout=5.0,
        server_settings=SESSION,
    )

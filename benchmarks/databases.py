"""The bureaus' databases as the contenders that are not the gateway reach them."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import asyncpg

DSNS_VARIABLE: Final = "BENCHMARK_DSNS"
"""Names the variable that holds bureau → address as JSON."""
RESET_VARIABLE: Final = "BENCHMARK_RESET"
"""Names the variable that keeps asyncpg's default: a connection is reset whenever it goes back."""
CONNECTIONS: Final = 4

if TYPE_CHECKING:  # the driver's class takes a parameter in its stubs only
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
Pools: TypeAlias = "Mapping[str, Pool]"


async def _no_reset(_connection: Any) -> None:
    """Nothing that is run changes a connection's state, so there is nothing to put back."""


@asynccontextmanager
async def open_pools() -> AsyncGenerator[Pools]:
    """Open a pool for each bureau, every connection at once, with the server settings of the gateway."""
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
        server_settings={"jit": "off", "plan_cache_mode": "force_generic_plan"},
    )

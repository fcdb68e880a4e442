"""The session of a connection to a bureau: its settings, asked for at the start and verified, and its socket.

A pooler between gateway and bureau can drop the settings, or give each transaction to another session. Reads would
then run without their limits, write, or miss their prepared statement. Such a connection is refused.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import asyncpg

from adapters.postgres.statement_cache import TimeBudget
from adapters.source import SourceAddress

SHARED: Final = "the connection is shared: a pooler has to run in session mode"
USER_TIMEOUT_SECONDS: Final = 1.0
"""Seconds without an acknowledgement of sent bytes, after which the system breaks the connection."""
SHORTEST_CONNECTING: Final = 1.0
LONGEST_LOCK_SECONDS: Final = 0.5
OWN_END: Final = 0.95
"""The part of a statement's time after which the bureau itself ends it."""
_KEEPALIVE: Final = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
_LIMITS: Final = frozenset({"statement_timeout", "lock_timeout"})
_SAME_SESSION_CHECKS: Final = 3
_BACKEND: Final = "SELECT pg_catalog.pg_backend_pid()"

if TYPE_CHECKING:  # the driver's class takes a parameter in its stubs only
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]


class SessionRefused(Exception):
    """The session is not as asked for; `reason` says what differs."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def session_settings(longest: float) -> Mapping[str, str]:
    """Return the settings of a session whose statements take `longest` seconds at most; times are milliseconds."""
    return {
        # The bureau ends a slow statement first: a gateway's own time-out then means that the connection is silent.
        "statement_timeout": _milliseconds(longest * OWN_END),
        # A locked table would hold a connection for the whole time of a statement.
        "lock_timeout": _milliseconds(min(LONGEST_LOCK_SECONDS, longest / 6)),
        "default_transaction_read_only": "on",
        # Parallel parts of a UNION ALL would mix their rows.
        "max_parallel_workers_per_gather": "0",
        "jit": "off",  # every statement looks rows up by key: compiling it costs more than it saves
        "plan_cache_mode": "force_generic_plan",  # planning each batch anew costs more as well
    }


def connecting_seconds(address: SourceAddress) -> float:
    """Return the seconds that a connection may take: one, or a third of the source's time if that is longer."""
    return max(SHORTEST_CONNECTING, address.timeout / 3)


async def open_session(address: SourceAddress, budget: TimeBudget) -> BureauSession:
    """Connect and verify the session; raises SessionRefused, and the driver's own errors."""
    settings = session_settings(address.timeout)
    connection = await asyncpg.connect(
        address.dsn,
        timeout=budget.seconds(),
        command_timeout=address.timeout,
        statement_cache_size=0,  # StatementCache is bounded, keyed by query, and holds the checkers as well
        server_settings={"application_name": "creditgraph", **settings},
    )
    try:
        _watch_socket(connection)
        wanted = {**settings, "statement_timeout": _milliseconds(address.timeout)}
        return BureauSession(connection, await _verify(connection, wanted, budget))
    except BaseException:
        connection.terminate()
        raise


class BureauSession:
    """An open connection, and the server process that it was verified with."""

    __slots__ = ("backend", "connection")

    def __init__(self, connection: Connection, backend: int) -> None:
        self.connection = connection
        self.backend = backend

    async def require_same(self) -> None:
        """End the transaction that Parse opens, and raise SessionRefused if another server process answers.

        The driver sends no Sync after Parse because it expects the statement to run at once. A statement with a
        column of a wrong type never runs, and would keep its locks.
        """
        if await self.connection.fetchval(_BACKEND) != self.backend:
            raise SessionRefused(SHARED)


async def _verify(connection: Connection, settings: Mapping[str, str], budget: TimeBudget) -> int:
    """Return the server process; raise SessionRefused for a setting that is not as asked, and for a shared session."""
    names = ", ".join(f"'{name}'" for name in settings)
    text = f"{_BACKEND}, name, setting FROM pg_catalog.pg_settings WHERE name IN ({names})"
    rows = await connection.fetch(text, timeout=budget.seconds())
    found = {name: setting for _, name, setting in rows}
    for name, wanted in settings.items():
        if not _is_kept(name, wanted, found.get(name)):
            raise SessionRefused(f"the session setting {name} is not as asked for: does a pooler drop it?")
    backend: int = rows[0][0]
    if backend != connection.get_server_pid():  # a pooler makes its own numbers up
        for _ in range(_SAME_SESSION_CHECKS):
            if await connection.fetchval(_BACKEND, timeout=budget.seconds()) != backend:
                raise SessionRefused(SHARED)
    return backend


def _is_kept(name: str, wanted: str, found: str | None) -> bool:
    """Whether a session has the setting; a limit may be tighter."""
    if found is None or name not in _LIMITS:
        return found == wanted
    return 0 < int(found) <= int(wanted)


def find_socket(connection: Connection) -> Any:
    """Return the socket of a connection, or None; the driver has no public way to it."""
    transport: Any = getattr(connection, "_transport", None)
    return None if transport is None else transport.get_extra_info("socket")


def _watch_socket(connection: Connection) -> None:
    """Let the system find a connection whose other end no longer answers."""
    sock = find_socket(connection)
    if sock is None or sock.family == socket.AF_UNIX:
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    options = {**_KEEPALIVE, "TCP_USER_TIMEOUT": round(USER_TIMEOUT_SECONDS * 1000)}
    for name, value in options.items():
        number = getattr(socket, name, None)  # not every system has every option
        if number is not None:
            sock.setsockopt(socket.IPPROTO_TCP, number, value)


def _milliseconds(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))

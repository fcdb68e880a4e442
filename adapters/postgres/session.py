"""The session of a connection to a bureau: its settings, asked for at the start and verified.

A pooler between gateway and bureau can drop the settings, or give each transaction to another session. Reads would
then run without their limits, write, or miss their prepared statement. Such a connection is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from adapters.postgres.connect import connect
from adapters.postgres.statement_cache import TimeBudget
from adapters.source import SourceAddress

SHARED: Final = "the connection is shared: a pooler has to run in session mode"
LONGEST_LOCK_SECONDS: Final = 0.5
OWN_END: Final = 0.95
"""The part of a statement's time after which the bureau itself ends it."""
_LIMITS: Final = frozenset({"statement_timeout", "lock_timeout"})
_SAME_SESSION_CHECKS: Final = 3
_BACKEND: Final = "SELECT pg_catalog.pg_backend_pid()"

if TYPE_CHECKING:
    from adapters.postgres.connect import Connection


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


async def open_session(address: SourceAddress, budget: TimeBudget) -> BureauSession:
    """Connect and verify the session; raises SessionRefused, and the driver's own errors."""
    settings = session_settings(address.timeout)
    connection = await connect(address, budget.seconds(), address.timeout, settings)
    try:
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


def _milliseconds(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))

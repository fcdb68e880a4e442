"""Finds connections that fell silent under a statement, and breaks them, so that the read is tried on another one.

Something on the way can acknowledge all that the gateway sends and forward nothing: a proxy whose server is gone. The
system then sees a sound connection, and the driver waits as it does for a slow statement. Only the bureau knows which
of the two it is: a session that works on no statement has not got it, or its answer was lost. The watch asks the
bureau over a new connection. It asks about statements that are slow as well, and leaves these alone.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from adapters.postgres.connect import connect, connecting_seconds
from adapters.source import SourceAddress

if TYPE_CHECKING:
    from adapters.postgres.connection import PooledConnection

SUSPICION_SECONDS: Final = 0.3
"""So long may a statement take, and a connection bring no byte, before the bureau is asked about it."""
PAUSE: Final = 0.5
"""Seconds until the bureau is asked about the same statement again."""
_WORKING: Final = (
    "SELECT pid FROM pg_catalog.pg_stat_activity WHERE pid = ANY($1::int[])"
    " AND coalesce(state = 'active' AND wait_event_type = 'Client' OR state LIKE 'idle%', false) IS false"
)
"""The sessions that may work on a statement. An active one that waits for its client has read all of the statement,
or cannot write its answer."""
_LAST_DATA_RECEIVED: Final = 52
"""The offset of `tcpi_last_data_recv`, in milliseconds, in the `tcp_info` of Linux."""


class _Working(NamedTuple):
    """The sessions that may work on a statement; none if the bureau accepted no new connection in time."""

    backends: frozenset[int]
    deaf: bool = False


class _Suspect:
    """A connection whose statement got no answer so far."""

    __slots__ = ("_busy_since", "_connection", "backend")

    def __init__(self, connection: PooledConnection) -> None:
        self._connection = connection
        self._busy_since = connection.busy_since
        self.backend = connection.backend

    def is_silent(self, now: float) -> bool:
        """Whether the statement got no byte of an answer in the meantime."""
        return self._connection.busy_since == self._busy_since and _is_silent(self._connection, now)

    def break_connection(self) -> None:
        """Close the connection, so that the read is tried again."""
        self._connection.terminate()


class SilenceWatch:
    """Asks the bureau about connections of a source that are silent, and breaks those whose read was lost."""

    __slots__ = ("_address", "_connections", "_on_deaf", "_task")

    def __init__(
        self, address: SourceAddress, connections: Sequence[PooledConnection], on_deaf: Callable[[], None]
    ) -> None:
        """Make a watch; it calls `on_deaf` if the bureau also accepts no new connection in time."""
        self._address = address
        self._connections = connections
        self._on_deaf = on_deaf
        self._task: asyncio.Task[None] | None = None

    def look(self, now: float) -> None:
        """Start to ask about the connections that are silent at `now`, unless a question is under way."""
        if self._task is None or self._task.done():
            suspects = [_Suspect(each) for each in self._connections if _is_silent(each, now)]
            if suspects:
                self._task = asyncio.get_running_loop().create_task(self._ask(suspects))

    def close(self) -> None:
        """End a question that is under way."""
        if self._task is not None:
            self._task.cancel()

    async def _ask(self, suspects: Sequence[_Suspect]) -> None:
        """Break the connections whose session works on nothing; all of them if the bureau is deaf."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        working = await self._working([each.backend for each in suspects])
        now = loop.time()
        lost = [each for each in suspects if each.is_silent(now) and each.backend not in working.backends]
        if working.deaf:
            # A gateway that is short of processor time connects late as well, but gets answers meanwhile.
            if not lost or any(each.used_at > began for each in self._connections):
                return
            self._on_deaf()
        for each in lost:
            each.break_connection()

    async def _working(self, backends: Sequence[int]) -> _Working:
        """Return which sessions may work on a statement; all of them if the bureau does not say."""
        longest = connecting_seconds(self._address) - SUSPICION_SECONDS
        connection: Any = None
        try:
            connection = await connect(self._address, longest, longest)
            rows = await connection.fetch(_WORKING, backends)
            return _Working(frozenset(row[0] for row in rows))
        except Exception as error:
            deaf = isinstance(error, TimeoutError) and connection is None
            return _Working(frozenset() if deaf else frozenset(backends), deaf)
        finally:
            if connection is not None:
                connection.terminate()


def _is_silent(connection: PooledConnection, now: float) -> bool:
    if now - connection.busy_since < SUSPICION_SECONDS or not connection.is_open():
        return False
    sock = connection.socket()
    return sock is not None and _silent_seconds(sock) >= SUSPICION_SECONDS


def _silent_seconds(sock: Any) -> float:
    """Return for how long a socket has got no byte; for ever if it is of this machine, 0 if the system cannot tell."""
    if sock.family == socket.AF_UNIX:
        return float("inf")
    option = getattr(socket, "TCP_INFO", None)
    if option is None:
        return 0.0
    info = sock.getsockopt(socket.IPPROTO_TCP, option, _LAST_DATA_RECEIVED + 4)
    return struct.unpack_from("I", info, _LAST_DATA_RECEIVED)[0] / 1000

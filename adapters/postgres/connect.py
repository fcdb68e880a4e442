"""Connects to a PostgreSQL bureau: to the first of its hosts that answers.

The driver has one time limit for all hosts of an address together. A first host that drops packets would take the
whole of it each time, so that no other host is ever tried. Here each host has its share.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

import asyncpg

from adapters.source import SourceAddress

SHORTEST_CONNECTING: Final = 1.0
USER_TIMEOUT_SECONDS: Final = 1.0
"""Seconds without an acknowledgement of sent bytes, after which the system breaks the connection."""
_KEEPALIVE: Final = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
_NEXT_HOST: Final = (OSError, asyncpg.CannotConnectNowError, asyncpg.TargetServerAttributeNotMatched)
"""The errors after which the next host is tried, as the driver itself does."""

if TYPE_CHECKING:  # the driver's class takes a parameter in its stubs only
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]


def connecting_seconds(address: SourceAddress) -> float:
    """Return the seconds that a connection may take: one, or a third of the source's time if that is longer."""
    return max(SHORTEST_CONNECTING, address.timeout / 3)


async def connect(
    address: SourceAddress, seconds: float, longest: float, settings: Mapping[str, str] | None = None
) -> Connection:
    """Connect within some seconds; a statement takes `longest` seconds at most. Raises the driver's errors."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    hosts = one_host_each(address.dsn or "")
    failure: Exception | None = None
    for place, dsn in enumerate(hosts):
        try:
            connection = await asyncpg.connect(
                dsn,
                timeout=max(0.0, end - loop.time()) / (len(hosts) - place),
                command_timeout=longest,
                statement_cache_size=0,  # the driver's names of statements are other sessions' names as well
                server_settings={"application_name": "creditgraph", **(settings or {})},
            )
        except _NEXT_HOST as error:
            failure = error
        else:
            _watch_socket(connection)
            return connection
    raise failure or TimeoutError


def one_host_each(dsn: str) -> Sequence[str]:
    """Return an address for each host that stands before its path; the whole one where the driver has to choose."""
    parts = urlsplit(dsn)
    login, at, listed = parts.netloc.rpartition("@")
    parameters = parse_qs(parts.query)
    hosts = listed.split(",")
    if (
        len(hosts) == 1
        or "port" in parameters
        or "prefer-standby" in parameters.get("target_session_attrs", ())
    ):
        return [dsn]
    return [parts._replace(netloc=f"{login}{at}{host}").geturl() for host in hosts]


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

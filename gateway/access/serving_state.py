"""The state that a server and its connections share: bounds, the drain, and the observers of ended connections."""

import resource
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import getrandbits
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from gateway.access.connection_bounds import LEAST_STARTS, SPARE_CONNECTIONS
from gateway.access.protocol.refusal_response import REQUEST_ID, send_error
from gateway.errors import OVERLOADED, RequestError
from gateway.settings import Settings
from observability.events import ConnectionEnded, EndReason, RequestRefused
from observability.hooks import Hooks
from observability.request_trace import RequestTrace

HEAD_SECONDS: Final = 20.0
"""The time of each head, from its first byte; a new connection has it as well."""
STALL_SECONDS: Final = 20.0
"""The time that a client has to read an answer."""
IDLE_SECONDS: Final = 1.0
"""A connection that has been idle for so long may be ended in favour of a new one."""
RESERVED_FILES: Final = 100 + SPARE_CONNECTIONS
"""Open files beside the connections of callers: bureaus, the store, log, keys, listeners, the event loop's own."""
PROBES: Final = frozenset({"/healthz", "/readyz"})
"""Paths of which the requests wait for no others."""


@dataclass(slots=True)
class StartQueue:
    """Requests that wait for a turn of the event loop."""

    most: int = LEAST_STARTS
    """Requests that may begin in the present turn."""
    free: int = LEAST_STARTS
    """How many of them have not begun."""
    turned_at: float = 0.0
    """When the present turn began, by the processor time of the thread."""
    waiting: deque[tuple[float, Callable[[Any], None], RequestResponseCycle, Any]] = field(
        default_factory=deque[Any]
    )
    """Since when a request waits, how it is started with an application, the request, and its application."""


@dataclass(slots=True)
class ServingState:
    """What all connections of one server know.

    `connections` is the highest number of open connections. While `draining`, readiness is refused and every answer
    closes its connection.
    """

    connections: int = 1_000
    head_seconds: float = HEAD_SECONDS
    stall_seconds: float = STALL_SECONDS
    idle_seconds: float = IDLE_SECONDS
    hooks: Hooks = field(default_factory=Hooks)
    draining: bool = False
    queue: StartQueue = field(default_factory=StartQueue)

    async def refuse_overload(self, _scope: Any, _receive: Any, send: Any) -> None:
        """Answer a request that waited for too long, without a look at it: the id of the answer is new."""
        trace = RequestTrace(getrandbits(128), getrandbits(64))
        self.hooks.emit(RequestRefused(OVERLOADED.name, "", trace=trace))
        await send_error(send, RequestError(OVERLOADED), more=((REQUEST_ID, trace.request_id.encode()),))

    def ended(self, reason: EndReason) -> None:
        """Tell the observers that the gateway or a caller ended a connection early."""
        self.hooks.emit(ConnectionEnded(reason))


def open_file_bound(settings: Settings) -> int:
    """Return how many connections the process can keep open, at most the setting `connections`.

    The soft limit of open files is raised to what the setting needs, as far as the hard limit allows.
    """
    pools = sum(source.connections for source in settings.sources.values())
    reserved = RESERVED_FILES + pools + settings.store.connections
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = settings.connections + reserved
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return min(settings.connections, max(1, soft - reserved))
    return settings.connections

"""uvicorn's HTTP protocol with a bound on each part of a request, and a time for each wait.

Bytes: the head of a request, and what surrounds its body (chunk sizes, chunk extensions, trailers, line ends between
requests), have 64 KiB each; the endpoint bounds the body itself. Fields in a trailer are dropped, so that no field
after the head counts as a header. Requests that wait behind one that is not answered yet are bounded as well.

Turns: under load, each turn of the event loop starts a few requests only, and the others wait in `StartQueue`. So the
loop comes round quickly to accept new connections and to answer probes, which never wait. A request that waited for
`OVERLOAD_SECONDS` is refused.

Time: each head has a time limit from its first byte on, and so has the reading of an answer; both stand in
`ServingState`. `sweep` holds them each second, which costs less than a timer for each request.
"""

import asyncio
from functools import partial
from typing import Any, Final, cast

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from gateway.access.serving_state import PROBES, STARTS_A_TURN, ServingState
from observability.events import EndReason

MOST_HEAD_BYTES: Final = 64 * 1024
OVERLOAD_SECONDS: Final = 1.0
"""How long a request may wait until it is started."""
MOST_WAITING_REQUESTS: Final = 100
"""Requests that a client may send before the first of them is answered."""
MOST_UNREAD_BODY: Final = 1024 * 1024
LINGER_SECONDS: Final = 5.0
MOST_LINGER_BYTES: Final = 16 * 1024 * 1024
_SLICE: Final = 8 * 1024
"""Bytes that are parsed at once; the bounds are checked after each slice."""
_FRAMING: Final = 9
"""A byte of a body excuses eight bytes around it: a chunk of one byte has five."""
_EMPTY: Final = b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_REFUSALS: Final[dict[EndReason, bytes]] = {
    "head_too_large": b"HTTP/1.1 431 Request Header Fields Too Large" + _EMPTY,
    "malformed": b"HTTP/1.1 400 Bad Request" + _EMPTY,
    "connections_full": b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1" + _EMPTY,
}
"""The answers with which the server itself refuses. It sends one only while it sends no other answer."""


def sweep(loop: asyncio.AbstractEventLoop, connections: set[Any]) -> None:
    """Hold the time limits of the connections now, and each second from now on."""
    now = loop.time()
    for connection in list(connections):
        connection.expire(now)
    loop.call_later(1.0, sweep, loop, connections)


class BoundedProtocol(HttpToolsProtocol):
    """Ends a connection that is too slow or sends too much, and tells `state` the reason."""

    def __init__(self, *args: Any, state: ServingState, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._state = state
        self._out: AnswerTransport
        self._newest: RequestResponseCycle | None = None
        """The newest request of which the head is whole."""
        self._surplus = 0
        """Bytes of the present head, or around the present body."""
        self._in_head = True
        self._deadline: float | None = None
        """When the present head must be whole; None while no head is awaited."""
        self._stalled: float | None = None
        """When the client must have read its answer, or the closed connection be gone; None where neither waits."""
        self._keeps_alive = True
        self._ended = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give the first head its time, and make room where there are too many connections."""
        super().connection_made(transport)
        self.transport = self._out = AnswerTransport(transport, self.loop)
        self._deadline = self.loop.time() + self._state.head_seconds
        if len(self.connections) > self._state.connections:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count a client that left before its answer."""
        unread = self._out.failed or self._stalled is not None
        if (unread or self._is_answering()) and not self._ended:
            self._state.ended("client_gone")
        self._ended = True
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, slice by slice."""
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None
            if self._deadline is None:
                self._deadline = self.loop.time() + self._state.head_seconds
        if len(data) <= _SLICE:
            self._parse(data)
            return
        for start in range(0, len(data), _SLICE):
            self._parse(data[start : start + _SLICE])

    def _parse(self, data: bytes) -> None:
        if self._out.is_closing():
            self._out.discard(data)
            return
        self._surplus += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._ignore_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self._end("malformed")
        if self._surplus > MOST_HEAD_BYTES:
            self._end("head_too_large")
        elif len(self.pipeline) > MOST_WAITING_REQUESTS or self._unread() > MOST_UNREAD_BODY:
            self._end("too_many_waiting")

    def _ignore_upgrade(self, rest: bytes) -> None:
        """Read the request as if it asked for no other protocol, as RFC 9110 section 7.8 allows.

        The parser would take the body of such a request for data of the other protocol.
        """
        method = self.parser.get_method()
        if method == b"CONNECT":
            self._end("malformed")
            return
        lines = [b"%s %s HTTP/%s" % (method, self.url, self.parser.get_http_version().encode())]
        for name, value in self.headers:
            if name == b"connection":
                others = [each for each in value.split(b",") if each.strip().lower() != b"upgrade"]
                lines.append(b"connection: " + b",".join(others))
            elif name != b"upgrade":
                lines.append(b"%s: %s" % (name, value))
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._parse(b"\r\n".join([*lines, b"", b""]))
        self._parse(rest)

    def on_message_begin(self) -> None:
        """Count and time the head of the next request."""
        self._in_head, self._surplus = True, 0
        if self._deadline is None:
            self._deadline = self.loop.time() + self._state.head_seconds
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what stands in a trailer is none."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Start the request. Until its body is complete, its answer would end the connection."""
        self._in_head, self._surplus = False, 0
        if self.parser.should_upgrade():
            return
        self._deadline = None
        super().on_headers_complete()
        self._newest = self.cycle
        self._keeps_alive, self.cycle.keep_alive = self.cycle.keep_alive, False
        self._out.unfinished = True

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Start a request in this turn of the event loop, or in a later one where enough have begun."""
        queue = self._state.queue
        if queue.free > 0 or cycle.scope["path"] in PROBES:
            if queue.free == STARTS_A_TURN:
                self.loop.call_soon(self._next_turn)
            queue.free -= 1
            super()._start_asgi_task(cycle, app)
        else:
            queue.waiting.append((self.loop.time(), partial(super()._start_asgi_task, cycle), cycle, app))

    def _next_turn(self) -> None:
        """Start requests that wait, in their order; refuse those that waited for too long."""
        queue, too_old = self._state.queue, self.loop.time() - OVERLOAD_SECONDS
        queue.free = STARTS_A_TURN
        while queue.free > 0 and queue.waiting:
            since, start, cycle, app = queue.waiting.popleft()
            if not cycle.disconnected:
                queue.free -= 1
                start(app if since > too_old else self._state.refuse_overload)
        if queue.free < STARTS_A_TURN:
            self.loop.call_soon(self._next_turn)

    def on_body(self, body: bytes) -> None:
        """Take a part of the body; what surrounds it is in proportion to it."""
        self._surplus = max(0, self._surplus - _FRAMING * len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole: unless its answer has begun, the connection can be kept."""
        if self.parser.should_upgrade():
            return
        super().on_message_complete()
        if not self.cycle.response_started:
            self._out.unfinished = False
            self.cycle.keep_alive = self._keeps_alive and not self._state.draining

    def pause_writing(self) -> None:
        """Give the client time to read its answer."""
        self._stalled = self.loop.time() + self._state.stall_seconds
        super().pause_writing()

    def resume_writing(self) -> None:
        """The client reads."""
        self._stalled = None
        super().resume_writing()

    def shutdown(self) -> None:
        """End the connection: at once where nothing is under way, else with the answer."""
        self.drain()
        super().shutdown()

    def drain(self) -> None:
        """Let the answer that is under way be the last one."""
        self._keeps_alive = False
        if self._is_answering():
            self.cycle.keep_alive = False

    def expire(self, now: float) -> None:
        """End the connection where a time limit has passed at `now`, by the loop's clock."""
        if self._stalled is not None and now >= self._stalled:
            self._end("answer_unread")
            self._out.abort()
        elif self._stalled is None and self._out.is_closing() and not self._out.lingering:
            self._stalled = now + self._state.stall_seconds  # what is left to be sent
        elif self._deadline is not None and now >= self._deadline and not self._is_answering():
            self._end("head_too_slow")

    def make_way(self) -> None:
        """End the connection in favour of a new one."""
        if self._out.lingering:
            self._out.abort()
        self._end("made_room")

    def idle_since(self) -> tuple[bool, float] | None:
        """Return since when the connection does nothing, after whether it was ever used; None while it is busy."""
        if self._out.lingering:
            return (False, 0.0)
        if self._out.is_closing() or self._is_answering():
            return None
        idle = self.timeout_keep_alive_task
        if idle is not None:
            return (True, idle.when() - self.timeout_keep_alive)
        return (self._newest is not None, (self._deadline or 0.0) - self._state.head_seconds)

    def _is_answering(self) -> bool:
        return self._newest is not None and not self._newest.response_complete

    def _unread(self) -> int:
        return 0 if self._newest is None else len(self._newest.body)

    def _make_room(self) -> None:
        """End the connection that has been idle for longest; where all are busy, this one."""
        others = cast("set[BoundedProtocol]", self.connections) - {self}
        idle = {each: since for each in others if (since := each.idle_since()) is not None}
        if idle:
            min(idle, key=idle.__getitem__).make_way()
        else:
            self._end("connections_full")

    def _end(self, reason: EndReason) -> None:
        """Close the connection and tell why, once."""
        if self._ended or self._out.is_closing():
            return
        self._ended = True
        self._state.ended(reason)
        if reason in _REFUSALS and not self._is_answering():
            self._out.write(_REFUSALS[reason])
        # A connection that is one too many must not stay.
        self._out.unfinished = reason in _REFUSALS and reason != "connections_full"
        self._out.close()


class AnswerTransport(asyncio.Transport):
    """Writes to a connection for the server's protocol; bytes for a client that left are dropped without an error.

    An answer to a request whose body is not complete ends the connection. If the socket were closed while the client
    still sends, the kernel would reset the connection, and the client could lose the answer. So the gateway ends
    only its own direction, and discards for a bounded time and number of bytes what the client sends.
    """

    __slots__ = ("_discarded", "_loop", "_wire", "failed", "lingering", "unfinished")

    def __init__(self, wire: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._wire = wire
        self._loop = loop
        self._discarded = 0
        self.failed = False
        """Whether a write found that the client had left."""
        self.unfinished = False
        """Whether the body of the newest request is still on its way."""
        self.lingering = False
        """Whether the last answer is sent, and what still comes is discarded."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write. Between the end of the connection and `connection_lost`, uvloop raises: the client left."""
        try:
            self._wire.write(data)
        except RuntimeError:
            self.failed = True

    def is_closing(self) -> bool:
        """Tell whether the last answer of the connection is sent."""
        return self.lingering or self._wire.is_closing()

    def close(self) -> None:
        """Close when what was written is sent; where a body is on its way, discard it first."""
        if not self.unfinished or self.is_closing():
            self._wire.close()
            return
        self.lingering = True
        self._wire.write_eof()
        self._wire.resume_reading()
        self._loop.call_later(LINGER_SECONDS, self._wire.abort)

    def abort(self) -> None:
        """Close at once; what was not sent is lost."""
        self._wire.abort()

    def discard(self, data: bytes) -> None:
        """Count what came after the last answer, and close where it is too much."""
        self._discarded += len(data)
        if self._discarded > MOST_LINGER_BYTES:
            self._wire.abort()

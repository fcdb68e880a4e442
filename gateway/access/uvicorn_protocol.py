"""uvicorn's HTTP protocol with a bound on each part of a request, and a time for each wait.

Bytes: the head of a request, and what surrounds its body (chunk sizes, chunk extensions, trailers, line ends between
requests), have bounds, and so has the number of requests that wait; the endpoint bounds the body. A field in a trailer
is dropped, so that nothing after the head counts as a header. `connection_bounds` has the numbers.

Connections: one beyond the bound takes the place of one that is idle. Where none is idle, a few more may send one
request each: a probe is answered, because a busy gateway is alive, and any other request is refused.

Turns: under load, a turn of the event loop starts a few requests only, and the others wait in `StartQueue`. So the loop
comes round quickly to new connections and to probes, which never wait. Who waited for `OVERLOAD_SECONDS` is refused.

Time: each head has a time limit from its first byte on, and so has the reading of an answer; both stand in
`ServingState`. `sweep` holds them each second, which costs less than a timer for each request.
"""

import asyncio
from functools import partial
from time import thread_time
from typing import Any, cast

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from gateway.access import connection_bounds as bounds
from gateway.access.head_replay import head_without_upgrade
from gateway.access.serving_state import PROBES, ServingState
from observability.events import EndReason


def sweep(loop: asyncio.AbstractEventLoop, connections: set[Any]) -> None:
    """Hold the time limits of the connections now, and each second from now on."""
    loop.call_later(1.0, sweep, loop, connections)
    now = loop.time()
    for connection in list(connections):
        connection.expire(now)


class BoundedProtocol(HttpToolsProtocol):
    """Ends a connection that is too slow or sends too much, and tells `state` the reason."""

    def __init__(self, *args: Any, state: ServingState, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._state = state
        self._out: AnswerTransport
        self._newest: RequestResponseCycle | None = None
        """The newest request of which the head is whole."""
        self._whole: RequestResponseCycle | None = None
        """The newest request of which head and body are whole."""
        self._surplus = 0
        """Bytes of the present head, or around the present body."""
        self._in_head = True
        self._deadline: float | None = None
        """When the present head must be whole; None while no head is awaited."""
        self._stalled: float | None = None
        """When the client must have read its answer, or the closed connection be gone; None where neither waits."""
        self._keeps_alive = True
        self._is_spare = False
        """Whether the connection was one too many when it was made."""
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
        if len(data) <= bounds.SLICE:
            self._parse(data)
            return
        for start in range(0, len(data), bounds.SLICE):
            self._parse(data[start : start + bounds.SLICE])

    def _parse(self, data: bytes) -> None:
        if self._ended or self._out.is_closing():
            self._out.discard(data)
            return
        self._surplus += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._ignore_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self._end("head_too_large" if self._surplus > bounds.MOST_HEAD_BYTES else "malformed")
        if self._surplus > bounds.MOST_HEAD_BYTES:
            self._end("head_too_large")
        elif len(self.pipeline) > bounds.MOST_WAITING_REQUESTS:
            self._end("too_many_waiting")

    def _ignore_upgrade(self, rest: bytes) -> None:
        """Read the request as if it offered no other protocol (RFC 9110 section 7.8): else its body would be lost."""
        method = self.parser.get_method()
        if method == b"CONNECT":
            self._end("malformed")
            return
        head = head_without_upgrade(method, self.url, self.parser.get_http_version(), self.headers)
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._parse(head)
        self._parse(rest)

    def on_message_begin(self) -> None:
        """Count and time the head of the next request."""
        self._in_head, self._surplus = True, 0
        if self._deadline is None:
            self._deadline = self.loop.time() + self._state.head_seconds
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what stands in a trailer is none."""
        if self._in_head and len(self.headers) < bounds.MOST_HEADERS:
            super().on_header(name, value)
        elif self._in_head:
            self._surplus = bounds.MOST_HEAD_BYTES + 1
            raise ValueError

    def on_headers_complete(self) -> None:
        """Start the request. Until its body is complete, its answer would end the connection."""
        self._in_head, self._surplus = False, 0
        if self.parser.should_upgrade():
            return
        self._deadline = None
        super().on_headers_complete()
        self._newest = self.cycle
        self._keeps_alive, self.cycle.keep_alive = self.cycle.keep_alive and not self._is_spare, False
        self._out.unfinished = True

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Start a request in this turn of the event loop, or in a later one where enough have begun."""
        queue, is_probe = self._state.queue, cycle.scope["path"] in PROBES
        if self._is_spare and not is_probe:
            self._state.ended("connections_full")
            super()._start_asgi_task(cycle, self._state.refuse_overload)
        elif queue.free > 0 or is_probe:
            if queue.free == queue.most:
                queue.turned_at = thread_time()
                self.loop.call_soon(self._next_turn)
            queue.free -= 1
            super()._start_asgi_task(cycle, app)
        else:
            queue.waiting.append((self.loop.time(), partial(super()._start_asgi_task, cycle), cycle, app))

    def _next_turn(self) -> None:
        """Start requests that wait, in their order; refuse those that waited for too long."""
        queue, too_old, now = self._state.queue, self.loop.time() - bounds.OVERLOAD_SECONDS, thread_time()
        # As many as take one turn's time, by what the last turn took; at most twice as many as in the last one.
        share = min(2.0, bounds.TURN_SECONDS / max(now - queue.turned_at, 1e-6))
        queue.most = queue.free = max(bounds.LEAST_STARTS, min(bounds.MOST_STARTS, int(queue.most * share)))
        queue.turned_at = now
        while queue.free > 0 and queue.waiting:
            since, start, cycle, app = queue.waiting.popleft()
            if not cycle.disconnected:
                queue.free -= 1
                start(app if since > too_old else self._state.refuse_overload)
        if queue.free < queue.most:
            self.loop.call_soon(self._next_turn)

    def on_body(self, body: bytes) -> None:
        """Take a part of the body; what surrounds it is in proportion to it."""
        self._surplus = max(0, self._surplus - bounds.FRAMING * len(body))
        super().on_body(body)
        if len(self.cycle.body) > bounds.SLICE:
            self.flow.pause_reading()  # until the endpoint takes it

    def on_message_complete(self) -> None:
        """The request is whole: unless its answer has begun, the connection can be kept."""
        if self.parser.should_upgrade():
            return
        super().on_message_complete()
        self._whole = self.cycle
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
        """End the connection: with the answer that is under way, or that one which was just made may ask for."""
        self.drain()
        if self._newest is None and (self._deadline or 0) > self.loop.time() + self._state.head_seconds - 1:
            self._deadline = self.loop.time() + 1
        else:
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
        self.connections.discard(self)

    def idle_since(self) -> tuple[bool, float] | None:
        """Return since when the connection does nothing, after whether it was ever used; None while it is busy."""
        if self._out.lingering:
            return (False, 0.0)
        if self._out.is_closing() or self._is_answering() or self._out.get_write_buffer_size():
            return None
        idle = self.timeout_keep_alive_task
        if idle is not None:
            return (True, idle.when() - self.timeout_keep_alive)
        return (self._newest is not None, (self._deadline or 0.0) - self._state.head_seconds)

    def _is_answering(self) -> bool:
        return self._newest is not None and not self._newest.response_complete

    def _make_room(self) -> None:
        """End the connection that has been idle for longest; where all are busy, this one is a spare one.

        One that is idle since a moment ago may have a request on its way: it ends only where no spare one is left.
        """
        others = cast("set[BoundedProtocol]", self.connections) - {self}
        idle = {each: since for each in others if (since := each.idle_since()) is not None}
        first = min(idle, key=idle.__getitem__, default=None)
        none_left = len(self.connections) > self._state.connections + bounds.SPARE_CONNECTIONS
        if first and (none_left or idle[first][1] <= self.loop.time() - self._state.idle_seconds):
            first.make_way()
        elif none_left:
            self._end("connections_full")
        self._is_spare = len(self.connections) > self._state.connections

    def _end(self, reason: EndReason) -> None:
        """End the connection and tell why, once: at once, or after the answers to whole requests before the fault."""
        if self._ended or self._out.is_closing():
            return
        self._ended = True
        self._state.ended(reason)
        # A connection that is one too many must not stay.
        self._out.unfinished = reason in bounds.REFUSALS and reason != "connections_full"
        if self._whole is not None and not self._whole.response_complete:
            self._drop_after(self._whole)
        else:
            self._refuse(reason)

    def _drop_after(self, last: RequestResponseCycle) -> None:
        """Let the connection end with the answer to a request, and forget the one that came after it."""
        last.keep_alive, self._out.unfinished = False, True
        if self._newest is not last:
            self.pipeline.popleft()
            self._newest = self.cycle = last

    def _refuse(self, reason: EndReason) -> None:
        """Close the connection with the server's own answer, unless another is on its way."""
        newest = self._newest
        if newest is not None and not newest.response_complete:
            newest.disconnected = not newest.response_started
            newest.message_event.set()
        if reason in bounds.REFUSALS and (newest is None or newest.response_complete or newest.disconnected):
            self._out.write(bounds.REFUSALS[reason])
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
        self._loop.call_later(bounds.LINGER_SECONDS, self._wire.abort)

    def get_write_buffer_size(self) -> int:
        """Return how many bytes wait for the client."""
        return self._wire.get_write_buffer_size()

    def abort(self) -> None:
        """Close at once; what was not sent is lost."""
        self._wire.abort()

    def discard(self, data: bytes) -> None:
        """Count what came after the last answer, and close where it is too much."""
        self._discarded += len(data)
        if self._discarded > bounds.MOST_LINGER_BYTES:
            self._wire.abort()

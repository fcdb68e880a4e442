"""The gateway's server over an application of the test's own, in a thread, and clients that send bytes as they are."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvloop
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.access.protocol.graphql_over_http import read_body
from gateway.access.server import LISTENERS, Server, bound_socket
from gateway.access.serving_state import IDLE_SECONDS, ServingState
from gateway.settings import Settings
from observability.events import ConnectionEnded
from observability.hooks import Hooks
from tests.support.hearing_observer import Hearing


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer at /echo with headers and body, at /large with 8 MB, at /slow late, and elsewhere without reading."""
    body = b"ok"
    if scope["path"] == "/slow":
        await asyncio.sleep(0.2)
    if scope["path"] == "/echo":
        lines = [b"%s: %s\n" % header for header in scope["headers"]]
        body = b"".join(lines) + await read_body(receive, 1_000_000)
    elif scope["path"] == "/large":
        body = b"x" * 8_000_000
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@dataclass
class Served:
    """A server that listens."""

    port: int
    server: Server
    heard: Hearing = field(default_factory=Hearing)

    @property
    def reasons(self) -> list[str]:
        """Why connections were ended early."""
        return [event.reason for event in self.heard.facts if isinstance(event, ConnectionEnded)]

    def wait_for(self, reason: str) -> None:
        """Return when a connection was ended for the reason."""
        limit = time.monotonic() + 20
        while reason not in self.reasons:
            assert time.monotonic() < limit, self.reasons
            time.sleep(0.02)

    def connect(self) -> socket.socket:
        """Open a connection; nothing is waited for longer than 20 seconds."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def exchange(self, *parts: bytes) -> bytes:
        """Send bytes as they are on a connection of their own and return what comes back until it ends."""
        with self.connect() as client:
            for part in parts:
                try:
                    client.sendall(part)
                except OSError:
                    break
            return until_end(client)


def until_end(client: socket.socket) -> bytes:
    """Return what comes until the other side ends the connection."""
    received = b""
    try:
        while chunk := client.recv(65_536):
            received += chunk
    except ConnectionResetError:
        pass
    return received


@contextmanager
def served_app(
    app: ASGIApp = echo,
    *,
    connections: int = 100,
    seconds: float = 0.3,
    idle: float = IDLE_SECONDS,
    **settings: float,
) -> Generator[Served]:
    """Serve the application under time limits of `seconds`; connections that are idle for `idle` may make room."""
    heard, listener, ready = Hearing(), bound_socket("127.0.0.1", 0), threading.Event()
    state = ServingState(connections, seconds, seconds, idle, Hooks([heard]))
    server = Server(app, Settings(shutdown=1, **settings), ready.set, state)  # type: ignore[arg-type]

    def run() -> None:
        listeners = [listener, *(listener.dup() for _ in range(LISTENERS - 1))]
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(server.serve(sockets=listeners))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        assert ready.wait(60)
        yield Served(listener.getsockname()[1], server, heard)
    finally:
        server.should_exit = True
        thread.join(20)

"""Under load the loop comes round: probes wait for no others, new connections are taken, and nobody waits for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from threading import Event

from starlette.types import Receive, Scope, Send

from gateway.errors import OVERLOADED
from tests.support.served_app import Served, echo, served_app, until_end

CLOSING = b" HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"


def compute(seconds: float) -> None:
    """Use the processor for some seconds."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


class Busy:
    """Holds the loop for a while for each request but those of /healthz."""

    def __init__(self, seconds: float, work: Callable[[float], None] = time.sleep) -> None:
        self.seconds = seconds
        self.work = work
        self.begun = 0
        self.everybody_asked = Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/healthz":
            self.everybody_asked.wait(timeout=20)
            self.begun += 1
            self.work(self.seconds)
        await echo(scope, receive, send)


def asked_at_once(served: Served, opened: ExitStack, number: int, path: bytes = b"/") -> list:
    """Connections that have each sent a request."""
    clients = [opened.enter_context(served.connect()) for _ in range(number)]
    for client in clients:
        client.sendall(b"GET " + path + CLOSING)
    return clients


def probe_behind(app: Busy, served: Served, opened: ExitStack, clients: int) -> list:
    """Clients that asked before a probe, of which no request is done before it asks; the probe is answered."""
    asked = asked_at_once(served, opened, clients)
    (probe,) = asked_at_once(served, opened, 1, b"/healthz")
    app.everybody_asked.set()
    assert until_end(probe).endswith(b"ok")
    return asked


def test_a_probe_waits_for_no_others():
    """A new connection's probe is answered while hundreds of requests that came before it have not begun."""
    app = Busy(0.003, compute)
    with served_app(app, connections=1_000, seconds=30) as served, ExitStack() as opened:
        clients = probe_behind(app, served, opened, 400)
        assert app.begun < 300
        assert all(until_end(client) for client in clients)


def test_every_request_is_answered_or_refused():
    """A request that has waited for a second is refused by a code of its own, and is not begun."""
    app = Busy(0.02)
    with served_app(app, connections=1_000, seconds=30) as served, ExitStack() as opened:
        clients = asked_at_once(served, opened, 200)
        app.everybody_asked.set()
        answers = [until_end(client) for client in clients]
        refused = [answer for answer in answers if answer.startswith(b"HTTP/1.1 503")]
        for part in (OVERLOADED.name.encode(), b"retry-after: 1", b"x-request-id: "):
            assert all(part in answer for answer in refused)
        assert 0 < len(refused) == 200 - app.begun
        assert sum(answer.endswith(b"ok") for answer in answers) == app.begun


def test_fewer_requests_begin_where_each_takes_long():
    """Where each request takes the processor for long, a few begin in a turn, so that a probe waits for few of them."""
    app = Busy(0.01, compute)
    with served_app(app, connections=1_000, seconds=30) as served, ExitStack() as opened:
        clients = probe_behind(app, served, opened, 40)
        assert app.begun < 25
        assert all(until_end(client) for client in clients)

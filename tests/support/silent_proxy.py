"""A TCP proxy between gateway and bureau that can fall silent without closing anything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

PARTS = 6
PAUSE = 0.1
"""Into how many parts a slow proxy cuts what it forwards, and the seconds between two of them."""


class _End(asyncio.Protocol):
    """One side of a forwarded connection; it keeps what comes before the other side is there."""

    def __init__(self, proxy: "SilentProxy", other: "_End | None" = None) -> None:
        self.proxy, self.epoch, self.other = proxy, proxy.epoch, other
        self.number = proxy.accepted if other is not None else 0
        self.transport: Any = None
        self.early: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the two sides; a deaf proxy joins nothing."""
        self.transport = transport
        self.proxy.transports.append(transport)
        if self.other is None:
            self.proxy.accepted += 1
            if not self.proxy.deaf:
                self.proxy.connect(self)
        else:
            self.other.other = self
            for data in self.other.early:
                self.transport.write(data)

    def data_received(self, data: bytes) -> None:
        """Forward, unless this connection is forgotten."""
        if self.other is None:
            self.early.append(data)
        elif self.epoch == self.proxy.epoch:
            self.proxy.forward(data, self.other.transport, slowly=0 < self.number <= self.proxy.slow)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Close the other side as well, unless this connection is forgotten."""
        if self.other is not None and self.epoch == self.proxy.epoch:
            self.other.transport.close()


class SilentProxy:
    """Forwards to a bureau's socket; what was opened before `forget` gets no byte any more, and is not closed."""

    def __init__(self, socket_path: str) -> None:
        self.epoch = 0
        self.deaf = False
        """Whether new connections are accepted and never answered."""
        self.slow = 0
        """Up to which connection it forwards what the bureau answers in parts, with pauses."""
        self.accepted = 0
        self.port = 0
        self.transports: list[Any] = []
        self._path = socket_path
        self._tasks: set[asyncio.Task[Any]] = set()

    def forget(self) -> None:
        """Fall silent on every open connection, as a firewall does that forgot them."""
        self.epoch += 1

    def forward(self, data: bytes, transport: Any, *, slowly: bool) -> None:
        """Write at once, or in parts."""
        if not slowly:
            transport.write(data)
            return
        size = len(data) // PARTS + 1
        for place in range(PARTS):
            part = data[place * size : (place + 1) * size]
            asyncio.get_running_loop().call_later(place * PAUSE, transport.write, part)

    def connect(self, end: _End) -> None:
        """Connect to the bureau for a new connection."""
        loop = asyncio.get_running_loop()
        task = loop.create_task(loop.create_unix_connection(lambda: _End(self, end), self._path))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@asynccontextmanager
async def silent_proxy(socket_path: str) -> AsyncIterator[SilentProxy]:
    """Run a proxy before a server's Unix socket."""
    proxy = SilentProxy(socket_path)
    server = await asyncio.get_running_loop().create_server(lambda: _End(proxy), "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        for transport in proxy.transports:
            transport.abort()
        await asyncio.sleep(0.05)

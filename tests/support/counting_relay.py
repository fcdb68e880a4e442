"""A TCP relay before a gateway that counts what the gateway sends: workers and fonts of a page included."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

BLOCK = 65_536


class CountingRelay:
    """Counts the bytes that come through from the gateway's port."""

    def __init__(self, port: int) -> None:
        self.address = ""
        self.sent = 0
        """Bytes from the gateway to its clients, heads included."""
        self._port = port
        self._came = asyncio.Event()

    async def quiet(self, seconds: float) -> int:
        """Wait until nothing came for so long, and return how many bytes had come."""
        with suppress(TimeoutError):
            while True:
                self._came.clear()
                async with asyncio.timeout(seconds):
                    await self._came.wait()
        return self.sent

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Relay one connection until either side ends it."""
        onwards = await asyncio.open_connection("127.0.0.1", self._port)
        await asyncio.gather(self._copy(reader, onwards[1]), self._copy(onwards[0], writer, counted=True))

    async def _copy(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, counted: bool = False
    ) -> None:
        with suppress(ConnectionError):
            while data := await source.read(BLOCK):
                if counted:
                    self.sent += len(data)
                    self._came.set()
                target.write(data)
                await target.drain()
        target.close()


@asynccontextmanager
async def counting_relay(port: int) -> AsyncIterator[CountingRelay]:
    """Run a relay before a port of this host."""
    relay = CountingRelay(port)
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
    relay.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield relay
    finally:
        server.close()

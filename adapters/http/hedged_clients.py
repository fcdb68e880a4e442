"""The connections to an HTTP bureau, and a second request where a connection may have fallen silent.

Something on the way can acknowledge all that the gateway sends and forward nothing. HTTP/1.1 has no way to ask about
a request under way, so a request without an answer is sent once more over a new connection, and the first answer
counts. This is safe because all requests only read. A bureau that is slow gets no second requests for a while.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeAlias

import httpx2

from adapters.source import SourceAddress

SUSPICION_SECONDS: Final = 0.5
"""So long may an answer take before the request is sent again over a new connection."""
PAUSE_SECONDS: Final = 30.0
"""So long is no request sent again after a first request was answered late: its connection was not silent."""

Exchange: TypeAlias = Callable[[httpx2.AsyncClient], Coroutine[Any, Any, bytes]]
"""Sends one request by a client, and returns the body of the answer."""


class HedgedClients:
    """Two clients of one bureau: `kept` keeps its connections open, `fresh` makes a new one for each request."""

    __slots__ = ("fresh", "hedges_from", "kept")

    def __init__(self, address: SourceAddress, transport: httpx2.AsyncBaseTransport | None) -> None:
        trusted = httpx2.create_ssl_context(trust_env=False)

        def make(kept: int) -> httpx2.AsyncClient:
            return httpx2.AsyncClient(
                transport=transport,
                verify=trusted,
                timeout=address.timeout,
                limits=httpx2.Limits(max_connections=address.connections, max_keepalive_connections=kept),
                trust_env=False,  # ignores proxies of the environment: no setting of the gateway names them
                headers={"accept": "application/json", "accept-encoding": "identity"},
            )

        self.kept, self.fresh = make(address.connections), make(0)
        self.hedges_from = float("-inf")
        """From when on requests are sent again, as a time of the loop."""

    async def close(self) -> None:
        """Close every connection."""
        await self.kept.aclose()
        await self.fresh.aclose()

    async def ask_again(self, first: asyncio.Task[bytes], exchange: Exchange) -> bytes:
        """Return the first answer to two requests; raise what the first one raises if neither is answered."""
        loop = asyncio.get_running_loop()
        second = loop.create_task(exchange(self.fresh))
        try:
            await _first_success({first, second})
            if first.done() and first.exception() is None:
                self.hedges_from = loop.time() + PAUSE_SECONDS
                return first.result()
            if second.done() and second.exception() is None:
                return second.result()
            return first.result()
        finally:
            second.cancel()
            await asyncio.gather(second, return_exceptions=True)


async def _first_success(waiting: set[asyncio.Task[bytes]]) -> None:
    """Wait until a request is answered, or all have failed."""
    while waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if any(each.exception() is None for each in done):
            return

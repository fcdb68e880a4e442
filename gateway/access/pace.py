"""How often the gateway does for strangers what takes time from its callers."""

import asyncio
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

T = TypeVar("T")
_FREE_SECONDS: Final = 0.1
_FIRST_ERROR: Final = 400
_UNAVAILABLE: Final = 503


class Pace:
    """Lets `a_second` pass at once or after a short wait. Who comes while many do waits for at most `longest` seconds.

    Whoever asks again after each answer so asks slowly. The first tenth of a second is free: a few who come at once
    do not wait for each other.
    """

    __slots__ = ("_longest", "_next", "_step")

    def __init__(self, a_second: float, longest: float) -> None:
        self._step = 1 / a_second
        self._longest = longest
        self._next = 0.0

    async def turn(self) -> None:
        """Return when it is the caller's turn."""
        now = asyncio.get_running_loop().time()
        self._next = min(max(now, self._next) + self._step, now + self._longest + _FREE_SECONDS)
        wait = self._next - now - _FREE_SECONDS
        if wait > 0:
            await asyncio.sleep(wait)


class SharedResult(Generic[T]):
    """Makes a result at most once in `seconds`, and gives it to all who have asked since the last one was made."""

    def __init__(self, make: Callable[[], T], seconds: float) -> None:
        self._make = make
        self._seconds = seconds
        self._made_at = float("-inf")
        self._making: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """Return a result that is made after this call."""
        if self._making is None:
            self._making = asyncio.create_task(self._make_in_time())
        return await asyncio.shield(self._making)

    async def _make_in_time(self) -> T:
        loop = asyncio.get_running_loop()
        wait = self._made_at + self._seconds - loop.time()
        if wait > 0:
            await asyncio.sleep(wait)
        self._making, self._made_at = None, loop.time()
        return self._make()


def pace_refusals(app: ASGIApp, pace: Pace) -> ASGIApp:
    """Return an application that answers as `app` does; its refusals wait for their turn."""

    async def paced(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_turn(message: Message) -> None:
            if _FIRST_ERROR <= message.get("status", 0) < _UNAVAILABLE:
                await pace.turn()
            await send(message)

        await app(scope, receive, send_in_turn)

    return paced

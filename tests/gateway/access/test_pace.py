"""Strangers take turns: a few pass at once, many wait, and what is dear is made once for all who ask."""

from __future__ import annotations

import asyncio

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gateway.access.pace import Pace, SharedResult, pace_refusals


async def test_a_few_pass_at_once_and_many_wait():
    """Of many who come at once, those of the first moment pass, and the others wait for their turn."""
    pace, loop = Pace(100, longest=60), asyncio.get_running_loop()
    began = loop.time()
    waiting = [asyncio.create_task(pace.turn()) for _ in range(1_000)]
    done, pending = await asyncio.wait(waiting, timeout=0.05)
    for each in pending:
        each.cancel()
    assert 10 <= len(done) <= 11 + 100 * (loop.time() - began)


async def test_nobody_waits_for_longer_than_the_longest_wait():
    """However many come, all pass after the longest wait, though each turn by itself takes minutes."""
    pace = Pace(0.01, longest=0.01)
    async with asyncio.timeout(60):
        await asyncio.gather(*(pace.turn() for _ in range(1_000)))


async def test_a_result_is_made_once_for_all_who_ask():
    """Those who ask at once share a result; who asks while it is fresh gets a later one, once for all of them."""
    made = iter(range(100))
    shared = SharedResult(lambda: next(made), 0.02)
    assert await asyncio.gather(*(shared.get() for _ in range(20))) == [0] * 20
    assert await asyncio.gather(*(shared.get() for _ in range(20))) == [1] * 20


async def test_who_leaves_takes_nobodys_result_along():
    """One who gives up waiting leaves the result to the others."""
    made = iter(range(100))
    shared = SharedResult(lambda: next(made), 0.02)
    await shared.get()
    leaving, staying = (asyncio.create_task(shared.get()) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 1


async def test_a_failure_is_told_to_all_and_not_kept():
    """A result that could not be made fails those who waited for it; the next one is made anew."""
    outcomes = iter([ValueError(), 1])

    def make() -> int:
        outcome = next(outcomes)
        if isinstance(outcome, ValueError):
            raise outcome
        return outcome

    shared = SharedResult(make, 0.02)
    both = await asyncio.gather(shared.get(), shared.get(), return_exceptions=True)
    assert [type(each) for each in both] == [ValueError] * 2
    assert await shared.get() == 1


class HeldPace(Pace):
    """A pace of which nobody's turn comes before all of a number wait."""

    __slots__ = ("_all", "expected", "waiting")

    def __init__(self, expected: int) -> None:
        super().__init__(100, longest=60)
        self.expected, self.waiting = expected, 0
        self._all = asyncio.Event()

    async def turn(self) -> None:
        """Wait until all are here who are expected."""
        self.waiting += 1
        if self.waiting == self.expected:
            self._all.set()
        await self._all.wait()


@pytest.mark.parametrize(
    ("path", "status", "paced"), [("/", 200, 0), ("/503", 503, 0), ("/nothing", 404, 50)]
)
async def test_refusals_wait_for_their_turn(path: str, status: int, paced: int):
    """What is refused to strangers is paced; answers, and the state of a gateway that is not ready, are not."""

    async def answer(request: Request) -> Response:
        return PlainTextResponse("x", 503 if request.url.path == "/503" else 200)

    app, pace = Starlette(routes=[Route("/", answer), Route("/503", answer)]), HeldPace(50)
    transport = httpx2.ASGITransport(pace_refusals(app, pace))
    async with httpx2.AsyncClient(transport=transport, base_url="http://x") as http, asyncio.timeout(60):
        answers = await asyncio.gather(*(http.get(path) for _ in range(50)))
    assert {each.status_code for each in answers} == {status}
    assert pace.waiting == paced, (
        "one that is not paced never came to its turn, and all that are came together"
    )

"""One probe answers all who ask whether the gateway is ready; a gateway is ready while it can answer anything."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from adapters.bureau_errors import BureauUnavailable
from gateway.access.readiness import ReadinessEndpoint, ReadinessProbe
from gateway.access.serving_state import ServingState
from observability.hooks import Hooks

WATCHER = "a token of nobody but the one who watches"


@dataclass
class Pinged:
    """A source that counts how often it is asked."""

    down: bool = False
    asked: int = 0
    held: asyncio.Event = field(default_factory=asyncio.Event)

    async def ready(self) -> None:
        """Count, wait, and fail where the bureau is down."""
        self.asked += 1
        await self.held.wait()
        if self.down:
            raise BureauUnavailable("tax", None, "the connection")

    async def close(self) -> None:
        """Close nothing."""


@dataclass
class Asked:
    """An endpoint over two bureaus."""

    tax: Pinged = field(default_factory=Pinged)
    courts: Pinged = field(default_factory=Pinged)
    serving: ServingState = field(default_factory=ServingState)
    fresh: float = 60.0

    def __post_init__(self) -> None:
        sources: Any = {"tax": self.tax, "courts": self.courts}
        self.probe = ReadinessProbe(sources, None, Hooks(), self.fresh)
        nobody: Any = None
        endpoint = ReadinessEndpoint(self.probe.readiness, lambda: None, self.serving, nobody, None)
        app = Starlette(routes=[Route("/readyz", endpoint.answer)])
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://x")

    async def status(self, query: str = "") -> int:
        """The status of one answer."""
        return (await self.http.get(f"/readyz{query}")).status_code

    def let_go(self) -> None:
        """Let the bureaus answer."""
        self.tax.held.set()
        self.courts.held.set()


async def test_many_who_ask_share_one_probe():
    """Forty questions at once, and forty more soon after, ask each bureau once."""
    asked = Asked()
    first = [asyncio.create_task(asked.status()) for _ in range(40)]
    await asyncio.sleep(0.05)
    asked.let_go()
    assert set(await asyncio.gather(*first)) == {200}
    assert {await asked.status() for _ in range(40)} == {200}
    assert (asked.tax.asked, asked.courts.asked) == (1, 1)


async def test_who_leaves_ends_nobodys_probe():
    """A question that is given up leaves the probe to the others."""
    asked = Asked()
    leaving, staying = (asyncio.create_task(asked.probe.readiness()) for _ in range(2))
    await asyncio.sleep(0.01)
    leaving.cancel()
    asked.let_go()
    assert (await staying).complete
    assert asked.tax.asked == 1


async def test_a_silent_bureau_holds_up_nobody():
    """A bureau that does not answer counts as silent while it does not, and is asked once until it does."""
    asked = Asked(fresh=0.0)
    asked.courts.held.set()
    found = [await asked.probe.readiness() for _ in range(2)]
    assert {(each.ready, each.complete, each.bureaus["tax"]) for each in found} == {
        (True, False, "BUREAU_TIMED_OUT")
    }
    assert (asked.tax.asked, asked.courts.asked) == (1, 2)
    asked.let_go()
    await asyncio.sleep(0)
    assert (await asked.probe.readiness()).complete


@pytest.mark.parametrize("query", ["?strict=%ff", "?" + "a=b&" * 10_000, "?strict=false&strict=true"])
async def test_a_query_that_cannot_be_read_is_strict(query: str):
    """A question that is not understood is answered in the stricter way, and costs nothing to read."""
    asked = Asked(Pinged(down=True))
    asked.let_go()
    assert await asked.status(query) == 503


@pytest.mark.parametrize(
    ("tax", "courts", "ready", "strict"),
    [(False, False, 200, 200), (True, False, 200, 503), (True, True, 503, 503)],
)
async def test_ready_while_anything_can_be_answered(tax: bool, courts: bool, ready: int, strict: int):
    """One bureau that answers is enough; the strict form asks for all."""
    asked = Asked(Pinged(tax), Pinged(courts))
    asked.let_go()
    assert [await asked.status(query) for query in ("", "?strict=false", "?strict=true", "?strict")] == [
        ready,
        ready,
        strict,
        strict,
    ]


async def test_not_ready_while_it_drains():
    """A gateway that was told to stop is not ready, though all of its bureaus answer."""
    asked = Asked()
    asked.let_go()
    asked.serving.draining = True
    assert await asked.status() == 503


async def test_an_old_result_is_asked_anew():
    """A result is told for a moment only."""
    asked = Asked(fresh=0.0)
    asked.let_go()
    assert await asked.status() == 200
    asked.tax.down = asked.courts.down = True
    assert await asked.status() == 503


async def test_a_silent_bureau_is_not_waited_for():
    """A bureau that does not answer is told as such, is asked once however many probes there are, and found again."""
    asked = Asked(fresh=0.0)
    asked.courts.held.set()
    for _ in range(2):
        found = await asked.probe.readiness()
        assert found.bureaus == {"tax": "BUREAU_TIMED_OUT", "courts": "ok"}
        assert found.ready
    assert (asked.tax.asked, asked.courts.asked) == (1, 2)
    asked.tax.held.set()
    assert (await asked.probe.readiness()).complete
    assert (await asked.probe.readiness()).complete
    await asked.probe.close()

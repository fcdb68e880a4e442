"""Which path is answered by what, over a gateway that is opened in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from adapters import bureaus
from gateway.access.app import make_app
from gateway.access.running_gateway import Gateway, open_gateway
from gateway.settings import Settings
from tests.support.admissions import REGISTER
from tests.support.approvers import approved_register
from tests.support.issuer import Issuer
from tests.support.small_city import PERSONS

WATCHER = "a token of nobody but the one who watches"
NOWHERE = {"dsn": "postgresql:///x?host=/nonexistent"}


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    """An issuer whose keys the gateway knows."""
    return Issuer(tmp_path_factory.mktemp("issuer") / "jwks.json")


@dataclass(frozen=True, slots=True, repr=False)  # asyncio writes the value of an async fixture out
class Opened:
    """A gateway and a client of it."""

    gateway: Gateway
    http: httpx2.AsyncClient


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory, issuer: Issuer) -> AsyncIterator[Opened]:
    """A gateway in production none of whose bureaus can be reached."""
    register = approved_register(tmp_path_factory.mktemp("app"))
    settings: dict[str, Any] = {"jwks": str(issuer.file), "metrics_token": WATCHER, **register}
    limits: Any = {"subject_requests": 2}
    sources = dict.fromkeys(bureaus.discover(), NOWHERE)
    given = Settings(sources=sources, limits=limits, silence_grid=0.02, **settings)
    async with open_gateway(given) as gateway:
        transport = httpx2.ASGITransport(make_app(gateway))
        async with httpx2.AsyncClient(transport=transport, base_url="http://x") as client:
            yield Opened(gateway, client)


@pytest.fixture
def http(opened: Opened) -> httpx2.AsyncClient:
    """The client of the gateway."""
    return opened.http


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "PUT"])
async def test_graphql_answers_every_method_at_its_path(http: httpx2.AsyncClient, method: str):
    """Whatever the method, the endpoint itself answers at /graphql: without a token by 401."""
    answer = await http.request(method, "/graphql?x=1")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("path", ["/graphql/", "/graphql/x", "//graphql", "/GraphQL", "/graphql%0A"])
async def test_no_other_path_is_graphql(http: httpx2.AsyncClient, path: str):
    """Below, above and beside /graphql nothing is found, as at any path that nobody serves."""
    nothing = await http.post("/nothing")
    answer = await http.post(f"http://x{path}")
    assert (
        (answer.status_code, answer.content) == (nothing.status_code, nothing.content) == (404, b"Not Found")
    )


async def test_a_bureau_that_is_down_delays_no_start(http: httpx2.AsyncClient):
    """A gateway opens over bureaus that cannot be reached; it lives, and is not ready."""
    assert (await http.get("/healthz")).text == "ok\n"
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False})


@pytest.mark.parametrize("token", ["", "Bearer x", "Bearer ", f"Basic {WATCHER}", WATCHER])
async def test_nobody_without_a_token_learns_which_bureau_is_down(http: httpx2.AsyncClient, token: str):
    """Without a valid token readiness is a yes or a no."""
    answer = await http.get("/readyz", headers={"authorization": token})
    assert (answer.status_code, answer.json()) == (503, {"ready": False})


async def test_a_token_shows_the_state_of_each_bureau(http: httpx2.AsyncClient, issuer: Issuer):
    """The monitoring system's token and a caller's show which bureau is down."""
    for token in (WATCHER, issuer.token("library", ("reward.reading",))):
        answer = await http.get("/readyz", headers={"authorization": f"Bearer {token}"})
        assert answer.json()["bureaus"] == dict.fromkeys(bureaus.discover(), "BUREAU_UNAVAILABLE")


async def test_the_probe_takes_no_connection_of_a_request(opened: Opened):
    """Readiness asks each bureau over one connection of its own."""
    gateway = opened.gateway
    probed = gateway.readiness.sources
    assert set(probed) == set(gateway.sources)
    for name, source in probed.items():
        assert source is not gateway.sources[name]
        assert source.concurrency == 1


async def test_the_settings_of_silence_hold(opened: Opened, issuer: Issuer):
    """A gateway that is opened from its settings bounds questions about one subject, and has the grid that is set."""
    headers = {"authorization": f"Bearer {issuer.token('library', ('reward.reading',))}"}
    asked = {"documentId": REGISTER["library"].document_id, "variables": {"of": {"person": PERSONS[0]}}}
    answers = [await opened.http.post("/graphql", json=asked, headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    gateway = opened.gateway
    silence = gateway.endpoint.answerer.silence
    assert silence is not None
    assert silence.grid.width == gateway.settings.silence_grid == 0.02

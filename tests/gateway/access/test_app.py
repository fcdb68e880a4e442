"""Which path is answered by what, over a gateway that is opened in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from adapters import bureaus
from gateway.access.app import make_app
from gateway.access.running_gateway import open_gateway
from gateway.settings import Settings
from tests.support.approvers import approved_register
from tests.support.issuer import Issuer

NOWHERE = {"dsn": "postgresql:///x?host=/nonexistent"}


@pytest.fixture(scope="module")
async def http(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a gateway in production none of whose bureaus can be reached."""
    folder = tmp_path_factory.mktemp("app")
    settings: dict[str, Any] = {"jwks": str(Issuer(folder / "jwks.json").file), **approved_register(folder)}
    sources = dict.fromkeys(bureaus.discover(), NOWHERE)
    async with open_gateway(Settings(sources=sources, **settings)) as gateway:
        transport = httpx2.ASGITransport(make_app(gateway))
        async with httpx2.AsyncClient(transport=transport, base_url="http://x") as client:
            yield client


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
    """A gateway opens over bureaus that cannot be reached; it lives, and readiness names each of them."""
    assert (await http.get("/healthz")).text == "ok\n"
    answer = await http.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "bureaus": dict.fromkeys(bureaus.discover(), "BUREAU_UNAVAILABLE"),
    }

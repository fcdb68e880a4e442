"""A gateway with a store of its own: it starts over one that fits, and readiness follows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg
import httpx2
import pytest

from adapters import bureaus
from gateway.access.app import make_app
from gateway.access.readiness import FRESH_SECONDS
from gateway.access.running_gateway import PROVED, Deciders, open_gateway
from gateway.errors import StartRefused
from gateway.installation import approved_rules
from gateway.settings import Settings
from sandbox.city import RunningCity
from tests.support.approvers import approved_register
from tests.support.issuer import Issuer
from tests.support.own_stores import empty_store, end_connections, password_of, with_password

WATCHER = "a token of nobody but the one who watches"
NOWHERE = {"dsn": "postgresql:///x?host=/nonexistent"}
SettingsOf = Callable[[str], Settings]


@pytest.fixture(scope="module")
def settings_of(tmp_path_factory: pytest.TempPathFactory) -> SettingsOf:
    """The settings of a gateway in production over a store; its bureaus cannot be reached."""
    folder = tmp_path_factory.mktemp("own-store")
    given: dict[str, Any] = {"jwks": str(Issuer(folder / "jwks.json").file), **approved_register(folder)}
    sources = dict.fromkeys(bureaus.discover(), NOWHERE)
    return lambda dsn: Settings(sources=sources, store={"dsn": dsn}, metrics_token=WATCHER, **given)


@pytest.fixture(scope="module")
def deciders(settings_of: SettingsOf) -> Deciders:
    """Rules that are read and proved once for all tests."""
    rules = approved_rules(settings_of("postgresql:///x"))
    return Deciders(lambda _settings, _graph: rules, PROVED.admission)


async def store_of(http: httpx2.AsyncClient) -> str:
    """What /readyz says of the store, once the last result is old; it is never ready while the bureaus are not."""
    await asyncio.sleep(FRESH_SECONDS)
    answer = await http.get("/readyz", headers={"authorization": f"Bearer {WATCHER}"})
    assert answer.status_code == 503
    return answer.json()["store"]


async def test_readiness_follows_the_store(
    city: RunningCity, tmp_path: Path, settings_of: SettingsOf, deciders: Deciders
):
    """A store is migrated at the start and is ok; readiness says when it is gone, and when it is back."""
    dsn, sockets = empty_store(city), tmp_path / "sockets"
    parts = urlsplit(dsn)
    real = Path(parts.query.removeprefix("host=").replace("%2F", "/"))
    sockets.symlink_to(real)
    own = settings_of(parts._replace(query=f"host={quote(str(sockets))}").geturl())
    async with open_gateway(own, deciders) as gateway:
        transport = httpx2.ASGITransport(make_app(gateway))
        async with httpx2.AsyncClient(transport=transport, base_url="http://x") as http:
            assert await store_of(http) == "ok"
            sockets.unlink()
            await end_connections(city, dsn)
            assert await store_of(http) == "STORE_UNAVAILABLE"
            sockets.symlink_to(real)
            assert await store_of(http) == "ok"
    connection = await asyncpg.connect(dsn)
    assert await connection.fetchval("SELECT max(version) FROM store.version") == 1
    await connection.execute("INSERT INTO store.version VALUES (2, '0002_later', '')")
    await connection.close()
    await refused(own, deciders, "is of version 2 and this program knows 1")


async def refused(settings: Settings, deciders: Deciders, reason: str) -> str:
    """The sentence with which a gateway refuses to start; it names the setting."""
    with pytest.raises(StartRefused, match=f"^CREDITGRAPH_STORE__DSN: the store .*{reason}") as refusal:
        async with open_gateway(settings, deciders):
            pass
    return str(refusal.value)


async def test_no_start_without_the_store(city: RunningCity, settings_of: SettingsOf, deciders: Deciders):
    """A store that is set and cannot be used refuses the start with a reason, and no password is repeated."""
    dsn = empty_store(city)
    await refused(settings_of("postgresql://x@/x?host=/nonexistent"), deciders, "cannot be reached")
    said = await refused(settings_of(with_password(dsn, "Wr0ng-secret")), deciders, "refuses the login")
    assert "Wr0ng-secret" not in said
    assert password_of(dsn) not in repr(settings_of(dsn))

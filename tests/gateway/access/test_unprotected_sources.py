"""A gateway in production and the ways to its bureaus."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters import bureaus
from gateway.access.running_gateway import open_gateway
from gateway.errors import StartRefused
from gateway.settings import Settings
from tests.support.approvers import approved_register
from tests.support.issuer import Issuer

NOWHERE = {"dsn": "postgresql:///x?host=/nonexistent"}
PLAIN = {"url": "http://192.0.2.1", "secret": "hidden"}


def _settings(folder: Path, **changed: object) -> Settings:
    given: dict[str, Any] = {"jwks": str(Issuer(folder / "jwks.json").file), **approved_register(folder)}
    return Settings(sources={**dict.fromkeys(bureaus.discover(), NOWHERE), **changed}, **given)


@pytest.mark.parametrize("source", [PLAIN, {"dsn": "postgresql://u:hidden@192.0.2.1/d"}])
async def test_an_unprotected_way_is_refused_at_start(tmp_path: Path, source: dict[str, object]) -> None:
    """A bureau on another machine without TLS is refused by its name and a remedy, and without its address."""
    with pytest.raises(StartRefused, match=r"the way to tax is not protected.*UNPROTECTED") as caught:
        async with open_gateway(_settings(tmp_path, tax=source)):
            pass
    assert "hidden" not in str(caught.value)
    assert "192.0.2.1" not in str(caught.value)


async def test_a_setting_says_that_the_network_protects_the_way(tmp_path: Path) -> None:
    """Where the network protects the way, a setting of the source says so."""
    async with open_gateway(_settings(tmp_path, tax={**PLAIN, "unprotected": True})) as gateway:
        assert gateway is not None

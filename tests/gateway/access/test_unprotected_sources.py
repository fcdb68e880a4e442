"""A gateway in production and the ways to its bureaus and its store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from adapters import bureaus
from cli import app
from gateway.access.addresses import address_of, store_dsn
from gateway.access.running_gateway import open_gateway
from gateway.errors import StartRefused
from gateway.settings import Settings, StoreSettings
from tests.support.approvers import approved_register
from tests.support.issuer import Issuer

NOWHERE = {"dsn": "postgresql:///x?host=/nonexistent"}
PLAIN = {"url": "http://192.0.2.1", "secret": "hidden"}


def _settings(folder: Path, **changed: object) -> Settings:
    given: dict[str, Any] = {"jwks": str(Issuer(folder / "jwks.json").file), **approved_register(folder)}
    return Settings(sources={**dict.fromkeys(bureaus.discover(), NOWHERE), **changed}, **given)


@pytest.mark.rule("R37", "HN-39")
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


FAR = "postgresql://u:hidden@192.0.2.1/d"


async def test_an_unprotected_way_to_the_store_is_refused_at_start(tmp_path: Path) -> None:
    """A store on another machine without TLS is refused with a remedy, and without its address."""
    given = _settings(tmp_path).model_copy(update={"store": StoreSettings(dsn=SecretStr(FAR))})
    with pytest.raises(
        StartRefused, match=r"the way to the store is not protected.*STORE__UNPROTECTED"
    ) as caught:
        async with open_gateway(given):
            pass
    assert "hidden" not in str(caught.value)
    assert "192.0.2.1" not in str(caught.value)


@pytest.mark.parametrize("changed", [{"explorer": True}, {"store": {"dsn": FAR, "unprotected": True}}])
def test_a_store_may_be_said_to_be_protected(tmp_path: Path, changed: dict[str, Any]) -> None:
    """Where the network protects the way, a setting says so; the explorer's data is synthetic."""
    given = {"store": {"dsn": FAR}, **changed}
    assert store_dsn(Settings(jwks=str(tmp_path), **given)) == FAR


@pytest.mark.parametrize("address", [{"dsn": "postgresql://[::1/d"}, {"url": "http://[::1", "secret": "s"}])
def test_an_address_of_no_form_is_refused_by_its_name(address: dict[str, str]) -> None:
    """An address that cannot be read is refused before anything is sent."""
    with pytest.raises(StartRefused, match="the address of tax cannot be read"):
        address_of("tax", Settings(sources={"tax": address}))
    with pytest.raises(StartRefused, match="STORE__DSN cannot be read"):
        store_dsn(Settings(store={"dsn": "postgresql://[::1/d"}))


@pytest.mark.parametrize("command", [["bureaus", "check", "tax"], ["store", "status"]])
def test_commands_refuse_an_unprotected_way(command: list[str]) -> None:
    """A command that reads bureaus or the store in production takes no way that the gateway would not take."""
    given = {"CREDITGRAPH_SOURCES__TAX__DSN": FAR, "CREDITGRAPH_STORE__DSN": FAR}
    found = CliRunner().invoke(app, command, env=given)
    assert isinstance(found.exception, StartRefused)
    assert "is not protected" in str(found.exception)

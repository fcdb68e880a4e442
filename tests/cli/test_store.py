"""`creditgraph store`: the version of the gateway's own store, for its operators."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner, Result

from cli import app
from gateway.errors import StartRefused
from sandbox.city import RunningCity
from tests.support.own_stores import empty_store, password_of, with_password


def invoke(command: str, dsn: str | None) -> Result:
    """Run a command of the store within this process."""
    return CliRunner().invoke(app, ("store", command), env={"CREDITGRAPH_STORE__DSN": dsn})


def test_a_store_is_migrated_once(city: RunningCity):
    """`status` lists what is missing, `migrate` applies it and says so, and both say when nothing is missing."""
    dsn = empty_store(city)
    assert invoke("status", dsn).output == "0001_version  missing\n"
    assert invoke("migrate", dsn).output == "applied 0001_version\n"
    assert invoke("migrate", dsn).output == "Nothing was missing.\n"
    assert invoke("status", dsn).output.startswith("0001_version  20")


@pytest.mark.parametrize("command", ["status", "migrate"])
def test_a_store_that_cannot_be_used_is_refused(city: RunningCity, command: str):
    """Without a setting, and with a wrong password, the refusal names the setting and repeats no secret."""
    assert "CREDITGRAPH_STORE__DSN" in str(invoke(command, None).exception)
    dsn = empty_store(city)
    result = invoke(command, with_password(dsn, "Wr0ng-secret"))
    assert isinstance(result.exception, StartRefused)
    assert str(result.exception).startswith("CREDITGRAPH_STORE__DSN: the store refuses the login. Check ")
    for secret in (password_of(dsn), "Wr0ng-secret"):
        assert secret not in result.output + repr(result.exception)

"""A failure of the gateway's own parts is logged with its kind and place, and with its reason where that is in our words."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.access.identity.demo_key import demo_jwks
from gateway.access.identity.keys import RENEWAL_PAUSE, Keys
from gateway.errors import RequestError
from gateway.jwks import KeysError
from gateway.operations.operation_gate import RegisterGate, RevokedFile
from observability.logging import make_logger, route_foreign
from tests.support.admissions import REGISTER, BrokenQuotas, Turned

NUMBER = "110105194912310021"


@contextmanager
def heard(name: str) -> Iterator[Callable[[], dict[str, Any]]]:
    """Send the records of one module through the sieve; yield what returns the only line."""
    logger, stream = logging.getLogger(name), io.StringIO()
    before = (logger.handlers[:], logger.level, logger.propagate)
    logger.propagate = False
    route_foreign(logger, make_logger("WARNING", stream))
    try:
        yield lambda: json.loads(stream.getvalue())
    finally:
        logger.handlers[:], logger.level, logger.propagate = before


@pytest.mark.parametrize(
    ("failure", "kind", "why"),
    [
        (
            KeysError("its address answered with status 500"),
            "gateway.jwks.KeysError",
            "its address answered with status 500",
        ),
        (ConnectionError(NUMBER), "builtins.ConnectionError", "ConnectionError"),
    ],
)
async def test_keys_that_cannot_be_renewed_are_logged_with_the_reason(
    failure: Exception, kind: str, why: str
):
    """The log says which setting names the keys and why their renewal failed."""
    now, answers = [100.0], [demo_jwks()]

    async def load() -> bytes:
        if not answers:
            raise failure
        return answers.pop()

    keys = Keys(load, clock=lambda: now[0], setting="CREDITGRAPH_JWKS")
    await keys.open()
    now[0] += RENEWAL_PAUSE
    with heard("gateway.access.identity.keys") as line:
        assert await keys.find("unknown", "EdDSA") is None
        found = line()
    assert (found["setting"], found["why"], found["error_type"]) == ("CREDITGRAPH_JWKS", why, kind)
    assert NUMBER not in json.dumps(found)
    await keys.close()


def test_revocations_that_cannot_be_read_are_logged_with_their_failure(tmp_path: Path):
    """Where the file of revocations is missing, the line names the kind of the failure and its place."""
    with heard("gateway.operations.operation_gate") as line:
        with pytest.raises(FileNotFoundError):
            RevokedFile(tmp_path).names()
        found = line()
    assert found["error_type"] == "builtins.FileNotFoundError"
    assert "operation_gate.py" in found["location"]


def test_a_quota_that_cannot_be_counted_is_logged_with_its_failure():
    """Where the store of quotas fails, the line names the kind of the failure, and nothing of its text."""
    gate = RegisterGate(Turned(), BrokenQuotas(TimeoutError(NUMBER)))
    with heard("gateway.operations.operation_gate") as line:
        with pytest.raises(RequestError):
            gate.count(REGISTER["library"], "library")
        found = line()
    assert found["error_type"] == "builtins.TimeoutError"
    assert NUMBER not in json.dumps(found)

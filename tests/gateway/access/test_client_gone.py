"""An answer that cannot be written is a client that left: counted as such, and no failure of the gateway."""

from __future__ import annotations

import time
from typing import Any

import pytest

from gateway.access.endpoint import GraphQLEndpoint, Headers
from gateway.errors import MALFORMED_JSON, RequestError
from gateway.principal import Principal
from observability.events import ConnectionEnded
from observability.hooks import Hooks
from tests.support.hearing_observer import Hearing

GONE = ConnectionEnded("client_gone")
CLOSED = (
    RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed"),
    BrokenPipeError(),
    ConnectionResetError(),
    OSError(),
)


class Everybody:
    """Knows every token."""

    def cached(self, _token: bytes) -> Principal:
        """Return the library."""
        return Principal("library", "city", "411500", frozenset(), None, time.time() + 60)


def endpoint(hearing: Hearing) -> GraphQLEndpoint:
    """An endpoint of which nothing but `respond` is asked."""
    parts: Any = {"current": None, "answerer": None, "body_bytes": 1, "deadline": 1, "get_allowed": False}
    return GraphQLEndpoint(authenticator=Everybody(), hooks=Hooks([hearing]), **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize("failure", CLOSED, ids=repr)
@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("written", [0, 1])
async def test_a_failed_write_is_a_client_gone(
    failure: Exception, refused: bool, written: int, caplog: pytest.LogCaptureFixture
):
    """Whether an answer or a refusal was to be written, nothing is raised, logged, or written after it."""
    hearing, sent = Hearing(), list[Any]()

    async def send(message: Any) -> None:
        sent.append(message)
        if len(sent) > written:
            raise failure

    async def handle(*_: object) -> bytes:
        if refused:
            raise RequestError(MALFORMED_JSON)
        return b"{}"

    scope: Any = {"headers": [(b"authorization", b"Bearer x")], "method": "POST"}
    await endpoint(hearing).respond(scope, None, send, handle, b"POST")  # type: ignore[arg-type]
    assert hearing.facts[-1] == GONE
    assert [getattr(each, "code", "") for each in hearing.facts[:-1]] == ["MALFORMED_JSON"] * refused
    assert len(sent) == written + 1
    assert caplog.records == []


async def test_a_failure_of_our_own_is_still_one(caplog: pytest.LogCaptureFixture):
    """A fault while the answer is made is logged, and answered by INTERNAL."""
    hearing, sent = Hearing(), list[Any]()

    async def send(message: Any) -> None:
        sent.append(message)

    async def handle(_scope: object, _receive: object, _principal: Principal, _headers: Headers) -> bytes:
        raise RuntimeError("a fault")

    scope: Any = {"headers": [(b"authorization", b"Bearer x")], "method": "POST"}
    await endpoint(hearing).respond(scope, None, send, handle, b"POST")  # type: ignore[arg-type]
    assert [each.code for each in hearing.facts] == ["INTERNAL"]
    assert sent[0]["status"] == 500
    assert [record.message for record in caplog.records] == ["request failed"]

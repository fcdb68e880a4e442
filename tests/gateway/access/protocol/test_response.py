from __future__ import annotations

import json

import pytest

from gateway.access.protocol.graphql_over_http import send_json
from gateway.access.protocol.media_types import GRAPHQL, JSON
from gateway.access.protocol.refusal_response import encode_error, error_status, send_error
from gateway.errors import (
    BODY_TOO_LARGE,
    CODES,
    DOCUMENT_INVALID,
    DOCUMENT_SYNTAX,
    INTERNAL,
    MALFORMED_JSON,
    MALFORMED_REQUEST,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    NUL_BYTE,
    OPERATION_UNKNOWN,
    TOKEN_EXPIRED,
    TOKEN_INVALID,
    TOKEN_MISSING,
    TOO_DEEP,
    UNSUPPORTED_MEDIA_TYPE,
    VARIABLE_INVALID,
    RequestError,
)


class Wire:
    """Takes what is sent."""

    def __init__(self) -> None:
        self.messages: list[dict[str, object]] = []

    async def __call__(self, message: dict[str, object]) -> None:
        self.messages.append(message)

    @property
    def status(self) -> object:
        return self.messages[0]["status"]

    def headers(self) -> dict[bytes, bytes]:
        pairs = self.messages[0]["headers"]
        found = dict(pairs)
        assert len(found) == len(pairs)
        return found


@pytest.mark.parametrize("media_type", [GRAPHQL, JSON])
async def test_answer(media_type):
    """An answer has its media type in UTF-8, its length, no permission to store it, and the extra headers."""
    wire = Wire()
    await send_json(wire, 200, media_type, b'{"data":1}', [(b"x-extra", b"1")])
    assert wire.status == 200
    assert wire.headers() == {
        b"content-type": f"{media_type}; charset=utf-8".encode(),
        b"content-length": b"10",
        b"cache-control": b"no-store",
        b"x-content-type-options": b"nosniff",
        b"x-extra": b"1",
    }
    assert wire.messages[1] == {"type": "http.response.body", "body": b'{"data":1}'}


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_own_status_under_the_newer_type(code):
    """Under application/graphql-response+json a refused request has its code's status."""
    assert error_status(GRAPHQL, code) == code.status


@pytest.mark.parametrize("code", [DOCUMENT_SYNTAX, DOCUMENT_INVALID, VARIABLE_INVALID, TOO_DEEP])
def test_well_formed_requests_under_json(code):
    """Under application/json a request whose document or variables are refused is answered with 200."""
    assert error_status(JSON, code) == 200


@pytest.mark.parametrize(
    "code",
    [
        MALFORMED_JSON,
        MALFORMED_REQUEST,
        NUL_BYTE,
        BODY_TOO_LARGE,
        UNSUPPORTED_MEDIA_TYPE,
        NOT_ACCEPTABLE,
        METHOD_NOT_ALLOWED,
        TOKEN_MISSING,
        OPERATION_UNKNOWN,
        INTERNAL,
    ],
)
def test_malformed_requests_under_json(code):
    """What is wrong with the request around the document keeps its status under either media type."""
    assert error_status(JSON, code) == code.status


@pytest.mark.parametrize(
    ("code", "value"),
    [
        (TOKEN_MISSING, b"Bearer"),
        (TOKEN_INVALID, b'Bearer error="invalid_token"'),
        (TOKEN_EXPIRED, b'Bearer error="invalid_token"'),
    ],
)
async def test_challenge(code, value):
    """A 401 names the scheme, and the error where a token was sent."""
    wire = Wire()
    await send_error(wire, RequestError(code), GRAPHQL)
    assert wire.status == 401
    assert wire.headers()[b"www-authenticate"] == value


async def test_allow():
    """A 405 lists the methods that are answered; other statuses list none."""
    wire, other = Wire(), Wire()
    await send_error(wire, RequestError(METHOD_NOT_ALLOWED), JSON, b"GET, POST")
    await send_error(other, RequestError(DOCUMENT_SYNTAX), JSON)
    assert (wire.status, wire.headers()[b"allow"]) == (405, b"GET, POST")
    assert b"allow" not in other.headers()


def test_error_body():
    """A refused request's answer has errors with code, remedy and places, and no data."""
    body = json.loads(
        encode_error(RequestError(DOCUMENT_SYNTAX, "Unexpected Name.", ((1, 2),), {"limit": 3}))
    )
    assert body == {
        "errors": [
            {
                "message": "The document is not GraphQL. Unexpected Name.",
                "locations": [{"line": 1, "column": 2}],
                "extensions": {"code": "DOCUMENT_SYNTAX", "remedy": DOCUMENT_SYNTAX.remedy, "limit": 3},
            }
        ]
    }

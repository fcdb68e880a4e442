"""The answer to a refused request: its status under each media type, and the headers that the status asks for."""

from typing import Final

import orjson

from gateway.access.protocol.graphql_over_http import Header, Send, send_json
from gateway.access.protocol.media_types import JSON, MediaType
from gateway.errors import (
    CASE_NUMBER_INVALID,
    CASE_NUMBER_KIND,
    CASE_NUMBER_MISSING,
    MALFORMED_JSON,
    MALFORMED_REQUEST,
    NUL_BYTE,
    OPERATION_KIND,
    OVERLOADED,
    PURPOSE_MISSING,
    PURPOSE_UNKNOWN,
    QUOTA_EXCEEDED,
    TOKEN_MISSING,
    UNSUPPORTED_CONTENT_ENCODING,
    Code,
    RequestError,
)

REQUEST_ID: Final = b"x-request-id"
"""The header with the id of a request, in the request and in its answer."""
_BAD_REQUEST: Final = 400
_UNAUTHORIZED: Final = 401
_NOT_ALLOWED: Final = 405
_OUTSIDE_THE_DOCUMENT: Final = (
    CASE_NUMBER_INVALID,
    CASE_NUMBER_KIND,
    CASE_NUMBER_MISSING,
    MALFORMED_JSON,
    MALFORMED_REQUEST,
    NUL_BYTE,
    OPERATION_KIND,
    PURPOSE_MISSING,
    PURPOSE_UNKNOWN,
)
"""Codes of status 400 that stay so under application/json: the fault is in the request around the document."""


async def send_error(
    send: Send,
    error: RequestError,
    media_type: MediaType = JSON,
    allow: bytes = b"POST",
    more: tuple[Header, ...] = (),
) -> None:
    """Send the answer to a refused request with the headers that its status asks for, and more.

    `allow` lists the methods that are answered.
    """
    status = error_status(media_type, error.code)
    await send_json(send, status, media_type, encode_error(error), (*_headers(error, allow), *more))


def error_status(media_type: MediaType, code: Code) -> int:
    """Return the HTTP status of a refused request.

    Under application/graphql-response+json it is the code's own. Under application/json a well-formed
    request whose document or variables are refused is answered with 200, as GraphQL over HTTP has it.
    """
    if media_type == JSON and code.status == _BAD_REQUEST and code not in _OUTSIDE_THE_DOCUMENT:
        return 200
    return code.status


def encode_error(error: RequestError) -> bytes:
    """Return the answer without a `data` entry, since nothing was executed."""
    return orjson.dumps({"errors": [error.formatted()]})


def _headers(error: RequestError, allow: bytes) -> tuple[Header, ...]:
    code = error.code
    if code.status == _UNAUTHORIZED:
        # RFC 6750 section 3.1: a request without credentials is told no error.
        reason = b"" if code is TOKEN_MISSING else b' error="invalid_token"'
        return ((b"www-authenticate", b"Bearer" + reason),)
    if code is QUOTA_EXCEEDED:
        return ((b"retry-after", b"%d" % error.extensions["retryAfter"]),)
    if code is OVERLOADED:
        return ((b"retry-after", b"1"),)
    if code is UNSUPPORTED_CONTENT_ENCODING:
        return ((b"accept-encoding", b"identity"),)
    return ((b"allow", allow),) if code.status == _NOT_ALLOWED else ()

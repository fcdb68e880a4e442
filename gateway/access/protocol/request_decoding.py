"""A GraphQL request as it comes over HTTP: a document or its id, a name, and variables."""

from __future__ import annotations

from typing import Any, Final, cast
from urllib.parse import parse_qsl

import msgspec

from gateway.access.protocol.unique_members import has_duplicates
from gateway.errors import MALFORMED_JSON, MALFORMED_REQUEST, NUL_BYTE, RequestError
from gateway.pipeline.graphql_request import GraphQLRequest

_decode = msgspec.json.Decoder().decode
_NUL_ESCAPE: Final = b"\\u0000"
_PARAMETERS: Final = 16
"""Parameters that a query string may have; the specification names four and the appendix one."""


def decode_body(body: bytes) -> GraphQLRequest:
    """Return the request that a POST body holds.

    Raises MALFORMED_JSON; MALFORMED_REQUEST naming the member that is wrong, or where two members have one
    name; NUL_BYTE where a text holds U+0000, which PostgreSQL cannot. Unknown members are passed over.
    Nothing of the body is in the errors.
    """
    parameters = _object(body)
    request = _request(parameters)
    if _NUL_ESCAPE in body and _holds_nul(parameters):
        raise RequestError(NUL_BYTE)
    known = tuple(text for text in (request.document, request.document_id) if text is not None)
    if _ambiguous(body, parameters, known):
        raise RequestError(MALFORMED_REQUEST, "Two members of an object have the same name.")
    return request


def decode_query(query_string: bytes) -> GraphQLRequest:
    """Return the request that the query string of a GET holds; `variables` and `extensions` are JSON texts."""
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, max_num_fields=_PARAMETERS, errors="strict"
        )
    except ValueError:
        raise RequestError(MALFORMED_REQUEST, "The query string cannot be read.") from None
    parameters: dict[str, Any] = dict(pairs)
    if len(parameters) < len(pairs):
        raise RequestError(MALFORMED_REQUEST, "Two parameters have the same name.")
    for name in ("variables", "extensions"):
        if text := parameters.pop(name, ""):
            parameters[name] = _member(name, text)
    if _holds_nul(parameters):
        raise RequestError(NUL_BYTE)
    return _request(parameters)


def _object(text: bytes) -> dict[str, Any]:
    """Return the JSON object that the body is."""
    try:
        value: Any = _decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        # A NUL as it stands is never JSON; told apart, since drivers that pad texts send it.
        raise RequestError(NUL_BYTE if b"\x00" in text else MALFORMED_JSON) from None
    if type(value) is list:
        raise RequestError(MALFORMED_REQUEST, "Several requests in one array are not answered.")
    if type(value) is not dict:
        raise RequestError(MALFORMED_REQUEST)
    return cast("dict[str, Any]", value)


def _member(name: str, text: str) -> dict[str, Any]:
    """Return the object that a parameter of a query string holds."""
    raw = text.encode()
    try:
        parameters = _object(raw)
    except RequestError:
        raise RequestError(MALFORMED_REQUEST, f'"{name}" is not a JSON object.') from None
    if _ambiguous(raw, parameters, ()):
        raise RequestError(MALFORMED_REQUEST, "Two members of an object have the same name.")
    return parameters


def _ambiguous(text: bytes, parameters: dict[str, Any], known: tuple[str, ...]) -> bool:
    try:
        return has_duplicates(text, parameters, known)
    except (ValueError, RecursionError):
        # What one decoder reads and the other does not is nothing to build upon.
        raise RequestError(MALFORMED_JSON) from None


def _request(parameters: dict[str, Any]) -> GraphQLRequest:
    document = _text(parameters, "query")
    document_id = _text(parameters, "documentId")
    if document is None and document_id is None:
        raise RequestError(MALFORMED_REQUEST, 'Neither "documentId" nor "query" is there.')
    if document is not None and document_id is not None:
        raise RequestError(MALFORMED_REQUEST, '"documentId" and "query" exclude each other.')
    operation_name = _text(parameters, "operationName") or None
    case_number = _text(_mapping(parameters, "extensions"), "caseNumber")
    return GraphQLRequest(
        document, document_id, operation_name, _mapping(parameters, "variables"), case_number
    )


def _text(parameters: dict[str, Any], name: str) -> str | None:
    value = parameters.get(name)
    if value is not None and type(value) is not str:
        raise RequestError(MALFORMED_REQUEST, f'"{name}" is not a string.')
    return value


def _mapping(parameters: dict[str, Any], name: str) -> dict[str, Any]:
    value = parameters.get(name)
    if value is None:
        return {}
    if type(value) is not dict:
        raise RequestError(MALFORMED_REQUEST, f'"{name}" is not an object.')
    return cast("dict[str, Any]", value)


def _holds_nul(parameters: dict[str, Any]) -> bool:
    """Tell whether any text within, a member's name included, holds U+0000."""
    pending: list[Any] = [parameters]
    while pending:
        value = pending.pop()
        if type(value) is str:
            if "\x00" in value:
                return True
        elif type(value) is dict:
            members = cast("dict[str, Any]", value)
            pending.extend(members)
            pending.extend(members.values())
        elif type(value) is list:
            pending.extend(cast("list[Any]", value))
    return False

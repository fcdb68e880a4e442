r"""GraphQL over HTTP: from the bytes of a request to a `GraphQLRequest`, and from an answer to ASGI messages.

Two members of one name: JSON decoders take the last of them, silently. A request that says two things is refused
instead. Reading every text twice would cost more than decoding it, so the colons are counted first: a text has at
least as many colons as members, and exactly as many where no string holds one. Where the colons outside of known
strings are as many as the decoded members, nothing was lost. Every other text (and any with `\u`, which can hide a
colon) is read again by a decoder that reports each member.
"""

import asyncio
import codecs
import json
from collections.abc import Awaitable, Callable, Generator, Iterable, MutableMapping
from typing import Any, Final, TypeAlias, cast
from urllib.parse import parse_qsl

import msgspec

from gateway.access.protocol.media_types import GRAPHQL, JSON, MediaType
from gateway.errors import (
    BODY_TOO_LARGE,
    BODY_TOO_SLOW,
    MALFORMED_JSON,
    MALFORMED_REQUEST,
    NUL_BYTE,
    RequestError,
)
from gateway.principal import GraphQLRequest

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Header: TypeAlias = tuple[bytes, bytes]

PLAIN_ACCEPTS: Final[dict[bytes | None, MediaType]] = {
    None: JSON,
    **{media_type.encode(): media_type for media_type in (GRAPHQL, JSON)},
}
"""What is answered to the headers Accept that most clients send; `negotiate` knows the others."""
PLAIN_CONTENT_TYPE: Final = b"application/json"

_decode = msgspec.json.Decoder().decode
_OTHER_MARKS: Final = (
    codecs.BOM_UTF16_LE,  # a mark of UTF-32 begins with it
    codecs.BOM_UTF16_BE,
    codecs.BOM_UTF32_BE,
)
_GZIP: Final = b"\x1f\x8b"
_NUL_ESCAPE: Final = b"\\u0000"
_PARAMETERS: Final = 16
"""Parameters that a query string may have; the specification names four and the appendix one."""
_OTHER_NAMES: Final = ("id", "doc_id", "queryId")
"""What clients older than `documentId` call it: Strawberry Shake `id`, and the network layers of Relay each of them."""
_HEADERS: Final[dict[MediaType, tuple[Header, ...]]] = {
    media_type: (
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    )
    for media_type in (GRAPHQL, JSON)
}


class ClientGone(Exception):
    """The client left before its request was read; nobody waits for an answer."""


class DuplicateName(ValueError):
    """Two members of one object have the same name."""


async def read_body(
    receive: Receive, limit: int, content_length: bytes | None = None, seconds: float | None = None
) -> bytes:
    """Return the body of at most `limit` bytes; BODY_TOO_LARGE as soon as it is known to be longer.

    `content_length` is the header's value: a body that announces its length is refused before it is read,
    one that lies or does not tell while it is read. Raises ClientGone where the client leaves, and BODY_TOO_SLOW
    where the body is not complete within `seconds`.
    """
    # An announced length that is no number is left to the count.
    if content_length is not None and content_length.isdigit() and int(content_length[:20]) > limit:
        raise _too_large(limit)
    waiting, pause, message = receive().__await__(), None, None
    try:
        pause = next(waiting)
    except StopIteration as done:  # it was there at once: a time limit would cost more than the reading
        message = done.value
        if message["type"] == "http.request" and not message.get("more_body", False):
            body: bytes = message.get("body", b"")
            if len(body) > limit:
                raise _too_large(limit) from None
            return body
    try:
        async with asyncio.timeout(seconds):
            return await _collect(message or await _Resumed(waiting, pause), receive, limit)
    except TimeoutError:
        raise RequestError(BODY_TOO_SLOW) from None


class _Resumed(msgspec.Struct):
    """Goes on to wait for a message: `pause` is what the waiting has yielded at its first step."""

    waiting: Generator[Any, Any, Message]
    pause: Any

    def __await__(self) -> Generator[Any, Any, Message]:
        try:
            yield self.pause
        except BaseException as error:
            self.waiting.throw(error)
            raise
        return (yield from self.waiting)


async def _collect(message: Message, receive: Receive, limit: int) -> bytes:
    body = bytearray()
    while True:
        if message["type"] != "http.request":
            raise ClientGone
        body += message.get("body", b"")
        if len(body) > limit:
            raise _too_large(limit)
        if not message.get("more_body", False):
            return bytes(body)
        message = await receive()


def _too_large(limit: int) -> RequestError:
    return RequestError(BODY_TOO_LARGE, f"At most {limit} bytes are read.")


def decode_body(body: bytes) -> GraphQLRequest:
    """Return the request that a POST body holds.

    A byte order mark of UTF-8 before the JSON is passed over, as RFC 8259 section 8.1 allows. Raises MALFORMED_JSON,
    which names UTF-16, UTF-32 and gzip where the first bytes show them; MALFORMED_REQUEST, naming the member that is
    wrong, or where two members have one name; NUL_BYTE where a text holds U+0000, which PostgreSQL cannot. Unknown
    members are passed over.
    Nothing of the body is in the errors.
    """
    body = body.removeprefix(codecs.BOM_UTF8)
    parameters = _object(body)
    request = _request(parameters)
    if _NUL_ESCAPE in body and _holds_nul(parameters):
        raise RequestError(NUL_BYTE)
    _refuse_duplicates(body, parameters, request.document or request.document_id or "")
    return request


def decode_query(query_string: bytes) -> GraphQLRequest:
    """Return the request that the query string of a GET holds; `variables` and `extensions` are JSON texts."""
    pairs = parse_query(query_string)
    parameters: dict[str, Any] = dict(pairs)
    if len(parameters) < len(pairs):
        raise RequestError(MALFORMED_REQUEST, "Two parameters have the same name.")
    for name in ("variables", "extensions"):
        if text := parameters.pop(name, ""):
            parameters[name] = _member(name, text)
    if _holds_nul(parameters):
        raise RequestError(NUL_BYTE)
    return _request(parameters, by_get=True)


def parse_query(query_string: bytes) -> list[tuple[str, str]]:
    """Return the parameters of a query string, or raise MALFORMED_REQUEST."""
    try:
        return parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, max_num_fields=_PARAMETERS, errors="strict"
        )
    except ValueError:
        raise RequestError(MALFORMED_REQUEST, "The query string cannot be read.") from None


def _object(text: bytes) -> dict[str, Any]:
    """Return the JSON object that the body is."""
    try:
        value: Any = _decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _unreadable(text) from None
    if type(value) is list:
        raise RequestError(MALFORMED_REQUEST, "Several requests in one array are not answered.")
    if type(value) is not dict:
        raise RequestError(MALFORMED_REQUEST)
    return cast("dict[str, Any]", value)


def _unreadable(text: bytes) -> RequestError:
    """Return why a text is not JSON, by its first bytes."""
    # JSON begins with a sign of ASCII, which has a NUL beside it in an encoding that RFC 8259 section 8.1 excludes.
    if text.startswith(_OTHER_MARKS) or b"\x00" in text[:2]:
        return RequestError(MALFORMED_JSON, "It looks like UTF-16 or UTF-32.")
    if text.startswith(_GZIP):
        return RequestError(MALFORMED_JSON, "It looks like gzip; bodies are read as they are.")
    # A NUL as it stands is never JSON; told apart, since drivers that pad texts send it.
    return RequestError(NUL_BYTE if b"\x00" in text else MALFORMED_JSON)


def _member(name: str, text: str) -> dict[str, Any]:
    """Return the object that a parameter of a query string holds."""
    raw = text.encode()
    try:
        parameters = _object(raw)
    except RequestError:
        raise RequestError(MALFORMED_REQUEST, f'"{name}" is not a JSON object.') from None
    _refuse_duplicates(raw, parameters, "")
    return parameters


def _request(parameters: dict[str, Any], *, by_get: bool = False) -> GraphQLRequest:
    extensions = _typed(parameters, "extensions", dict)
    document, document_id, document_hash = _named_document(parameters, extensions)
    name = _typed(parameters, "operationName", str) or None
    case_number = None if extensions is None else _typed(extensions, "caseNumber", str)
    variables: dict[str, Any] = _typed(parameters, "variables", dict) or {}
    return GraphQLRequest(document, document_id, name, variables, case_number, by_get, document_hash)


def _named_document(
    parameters: dict[str, Any], extensions: dict[str, Any] | None
) -> tuple[str | None, str | None, str | None]:
    """Return the text, or the id, or the text and the hash that is sent with it."""
    document = _typed(parameters, "query", str)
    document_id = _typed(parameters, "documentId", str)
    if document_id is None:
        document_hash = None if extensions is None else _persisted(extensions)
        if document:
            return document, None, document_hash
        document_id = _otherwise_named(parameters) if document_hash is None else document_hash
    if document_id is not None and document:
        raise RequestError(MALFORMED_REQUEST, '"documentId" and "query" exclude each other.')
    if document_id is None and document is None:
        raise RequestError(MALFORMED_REQUEST, 'Neither "documentId" nor "query" is there.')
    return (document if document_id is None else None), document_id, None


def _otherwise_named(parameters: dict[str, Any]) -> str | None:
    """Return the id of a request that names its document by another member; MALFORMED_REQUEST for two of them."""
    found = [value for name in _OTHER_NAMES if (value := _typed(parameters, name, str)) is not None]
    if len(found) > 1:
        raise RequestError(MALFORMED_REQUEST, f"Two of {', '.join(_OTHER_NAMES)} exclude each other.")
    return found[0] if found else None


def _persisted(extensions: dict[str, Any]) -> str | None:
    """Return the id that clients of persisted queries (Apollo, urql) send; None where it is none."""
    persisted = extensions.get("persistedQuery")
    if type(persisted) is not dict:
        return None
    found = cast("dict[str, Any]", persisted).get("sha256Hash")
    return found if type(found) is str else None


def _typed(parameters: dict[str, Any], name: str, kind: type) -> Any:
    """Return a member of a type, or None; null stands for a member that is not there."""
    value = parameters.get(name)
    if value is not None and type(value) is not kind:
        meant = "a string" if kind is str else "an object"
        raise RequestError(MALFORMED_REQUEST, f'"{name}" is not {meant}.')
    return value


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


def _refuse_duplicates(text: bytes, decoded: dict[str, Any], known: str) -> None:
    """Raise MALFORMED_REQUEST where an object of the text has two members of one name.

    `decoded` is what a decoder made of the text, `known` a string among its values that may hold colons.
    """
    if b"\\u" not in text and text.count(b":") - known.count(":") == _members(decoded):
        return
    try:
        json.loads(text, object_pairs_hook=_unique)
    except DuplicateName:
        raise RequestError(MALFORMED_REQUEST, "Two members of an object have the same name.") from None
    except (ValueError, RecursionError):
        # What one decoder reads and the other does not is nothing to build upon.
        raise RequestError(MALFORMED_JSON) from None


def _members(decoded: dict[str, Any]) -> int:
    """Return the number of members of all objects within."""
    count = 0
    pending: list[Any] = [decoded]
    while pending:
        value = pending.pop()
        if type(value) is dict:
            members = cast("dict[str, Any]", value)
            count += len(members)
            pending.extend(members.values())
        # Long lists are lists of strings, which are passed over without a look at each.
        elif type(value) is list and not {dict, list}.isdisjoint(map(type, cast("list[Any]", value))):
            pending.extend(cast("list[Any]", value))
    return count


def _unique(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) < len(pairs):
        raise DuplicateName


async def send_json(
    send: Send, status: int, media_type: MediaType, body: bytes, headers: Iterable[Header] = ()
) -> None:
    """Send a whole answer, never stored by anybody on the way."""
    length = (b"content-length", b"%d" % len(body))
    found = [*_HEADERS[media_type], length, *headers]
    await send({"type": "http.response.start", "status": status, "headers": found})
    await send({"type": "http.response.body", "body": body})

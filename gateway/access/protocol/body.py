"""Reading a request's body, no further than it may be long."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from gateway.errors import BODY_TOO_LARGE, RequestError

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


class ClientGone(Exception):
    """The client left before its request was read; nobody waits for an answer."""


async def read_body(receive: Receive, limit: int, content_length: bytes | None = None) -> bytes:
    """Return the body of at most `limit` bytes; BODY_TOO_LARGE as soon as it is known to be longer.

    `content_length` is the header's value: a body that announces its length is refused before it is read,
    one that lies or does not tell while it is read. Raises ClientGone where the client leaves.
    """
    if content_length is not None:
        _check(_announced(content_length), limit)
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        body: bytes = message.get("body", b"")
        _check(len(body), limit)
        return body
    return await _collect(message, receive, limit)


def _announced(content_length: bytes) -> int:
    """Return the announced length; one that is no number is left to the count."""
    return int(content_length[:20]) if content_length.isdigit() else 0


async def _collect(message: Message, receive: Receive, limit: int) -> bytes:
    body = bytearray()
    while True:
        if message["type"] != "http.request":
            raise ClientGone
        body += message.get("body", b"")
        _check(len(body), limit)
        if not message.get("more_body", False):
            return bytes(body)
        message = await receive()


def _check(length: int, limit: int) -> None:
    if length > limit:
        raise RequestError(BODY_TOO_LARGE, f"At most {limit} bytes are read.")

"""What callers read about themselves: the schema as they may see it, and their live registered operations.

Both are answered to the tokens of /graphql, in production too. Nothing is read of any bureau, and neither holds
anything of another caller. A client that sends the ETag of what it has gets 304 while that is still so.
"""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from starlette.types import Message, Scope

from gateway.access.endpoint import GraphQLEndpoint, Handle, Headers
from gateway.access.protocol.entity_tags import is_held, tag_of
from gateway.access.protocol.graphql_over_http import Receive, Send
from gateway.access.protocol.refusal_response import REQUEST_ID
from gateway.errors import AUTHORIZATION_UNAVAILABLE, METHOD_NOT_ALLOWED, PURPOSE_NOT_GRANTED, RequestError
from gateway.operations.register import Registration
from gateway.pipeline.cooperative import run_with_pauses
from gateway.pipeline.prepare import Operation
from gateway.principal import Principal

_METHODS: Final = ("GET", "HEAD")
_ALLOW: Final = b"GET, HEAD"


@dataclass(frozen=True, slots=True)
class OwnSchemaEndpoint:
    """GET: the SDL of what the caller may read for some purpose of its token."""

    graphql: GraphQLEndpoint
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One view is made at a time, so that callers of the same view wait for it and do not make it again."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await _answer(self.graphql, scope, receive, send, self._sdl, b"application/graphql; charset=utf-8")

    async def _sdl(self, scope: Scope, _receive: Receive, principal: Principal, _headers: Headers) -> bytes:
        _check_method(scope)
        snapshot = self.graphql.current.snapshot
        client = snapshot.registered.client_of(principal)
        if snapshot.views is None:
            raise RequestError(AUTHORIZATION_UNAVAILABLE)
        purposes = principal.purposes.intersection(client.purposes)
        async with self._turn:
            sdl = await run_with_pauses(snapshot.views.sdl_in_steps(client.kind, purposes))
        if sdl is None:
            raise RequestError(PURPOSE_NOT_GRANTED)
        return sdl.encode()


@dataclass(frozen=True, slots=True)
class OwnOperationsEndpoint:
    """GET: the registered operations of the caller's client that are answered today, as a JSON array."""

    graphql: GraphQLEndpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await _answer(
            self.graphql, scope, receive, send, self._operations, b"application/json; charset=utf-8"
        )

    async def _operations(
        self, scope: Scope, _receive: Receive, principal: Principal, _headers: Headers
    ) -> bytes:
        _check_method(scope)
        own = self.graphql.current.snapshot.registered.own(principal)
        return orjson.dumps([_described(*each, principal.purposes) for each in own])


def _described(
    registration: Registration, operation: Operation, for_a_case: bool, granted: Collection[str]
) -> dict[str, Any]:
    """Return what a client needs to ask an operation; `granted` are the purposes of its token."""
    quota, duty = registration.quota, registration.duty
    hours = None if duty is None else {"days": sorted(duty.days), "from": duty.start, "until": duty.until}
    return {
        "name": registration.name,
        "documentId": registration.document_id,
        "ids": sorted(registration.ids or ()),
        "title": {"zh": registration.zh, "en": registration.en},
        "purpose": registration.purpose,
        "granted": registration.purpose in granted,
        "caseNumber": for_a_case,
        "subjects": registration.subjects,
        "expires": registration.expires,
        "quota": {"perCaller": quota.per_caller, "total": quota.total, "seconds": quota.seconds},
        "duty": hours,
        "variables": {
            each.name: each.type_text for each in operation.variables if each.name not in registration.bind
        },
        "document": registration.document,
    }


def _check_method(scope: Scope) -> None:
    if scope["method"] not in _METHODS:
        raise RequestError(METHOD_NOT_ALLOWED)


async def _answer(
    graphql: GraphQLEndpoint, scope: Scope, receive: Receive, send: Send, handle: Handle, content_type: bytes
) -> None:
    """Send what `handle` makes with an ETag, or 304 to a client that has it; refusals are those of /graphql."""
    # The answer has one media type, whatever the client accepts.
    read = {**scope, "headers": [each for each in scope["headers"] if each[0] != b"accept"]}
    known = [value for name, value in scope["headers"] if name == b"if-none-match"]
    started: list[Message] = []

    async def send_tagged(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
            return
        start, body = started[0], message["body"]
        if start["status"] == 200:  # noqa: PLR2004
            start, body = _tagged(start, body, content_type, known)
        await send(start)
        await send({**message, "body": body})

    await graphql.respond(read, receive, send_tagged, handle, _ALLOW)


def _tagged(
    start: Message, body: bytes, content_type: bytes, known: Iterable[bytes]
) -> tuple[Message, bytes]:
    tag = tag_of(body)
    headers = [
        *(each for each in start["headers"] if each[0] == REQUEST_ID),
        (b"etag", tag),
        (b"cache-control", b"private, no-cache"),
        (b"vary", b"authorization"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if is_held(tag, known):
        return {"type": "http.response.start", "status": 304, "headers": headers}, b""
    headers += [(b"content-type", content_type), (b"content-length", b"%d" % len(body))]
    return {"type": "http.response.start", "status": 200, "headers": headers}, body

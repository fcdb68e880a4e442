"""The GraphQL endpoint as a plain ASGI application: who asks, what is sent, and the answer or the refusal."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import getrandbits
from typing import Final, TypeAlias

import msgspec
from starlette.types import ASGIApp, Scope

from gateway.access.identity.tokens import Authenticator
from gateway.access.pace import Pace
from gateway.access.protocol.graphql_over_http import (
    PLAIN_ACCEPTS,
    PLAIN_CONTENT_TYPE,
    ClientGone,
    Receive,
    Send,
    decode_body,
    decode_query,
    read_body,
    send_json,
)
from gateway.access.protocol.media_types import (
    JSON,
    MediaType,
    check_content_encoding,
    check_content_type,
    negotiate,
)
from gateway.access.protocol.refusal_response import REQUEST_ID, send_error
from gateway.errors import INTERNAL, MALFORMED_REQUEST, METHOD_NOT_ALLOWED, RequestError
from gateway.operations.case_number import CaseRefused
from gateway.pipeline.lookup import CurrentPolicy
from gateway.pipeline.request import Answerer
from gateway.principal import Principal
from observability.events import CaseNumberRefused, ConnectionEnded, RequestRefused
from observability.hooks import Hooks
from observability.redaction import Written
from observability.request_trace import RequestTrace, continue_trace

PATH: Final = "/graphql"
_WRITE_FAILURES: Final = (OSError, RuntimeError)
"""How servers say that the client left: OSError by ASGI 2.4, RuntimeError of a closed handle by uvloop."""
_log: Final = logging.getLogger(__name__)


class Headers(msgspec.Struct, frozen=True):
    """The headers of a request that the endpoint reads, and the trace that they continue or begin."""

    trace: RequestTrace
    accept: bytes | None = None
    authorization: bytes | None = None
    content_encoding: bytes | None = None
    content_length: bytes | None = None
    content_type: bytes | None = None
    data_purpose: bytes | None = None


Handle: TypeAlias = Callable[[Scope, Receive, Principal, Headers], Awaitable[bytes]]
"""Makes the body of an answer for a caller, or raises RequestError."""
_READ: Final = {
    b"accept": "accept",
    b"authorization": "authorization",
    b"content-encoding": "content_encoding",
    b"content-length": "content_length",
    b"content-type": "content_type",
    b"data-purpose": "data_purpose",
    b"traceparent": "traceparent",
    REQUEST_ID: "request_id",
}
_TRACE: Final = frozenset({"traceparent", "request_id"})

_LISTS: Final = frozenset({b"accept", b"content-encoding"})
"""Headers that are lists: several lines of one are one list, as RFC 9110 section 5.3 has it."""


def headers_of(scope: Scope, trace: RequestTrace) -> Headers:
    """Return the headers that the endpoint reads, and continue the trace that they name.

    MALFORMED_REQUEST where one of them stands twice; of the trace, what stands twice is ignored.
    """
    found: dict[str, bytes] = {}
    twice: set[str] = set()
    for name, value in scope["headers"]:
        if name in _READ:
            member = _READ[name]
            known = found.get(member)
            if known is None:
                found[member] = value
            elif name in _LISTS:
                found[member] = b"%s, %s" % (known, value)
            else:
                twice.add(member)
    if not _TRACE.isdisjoint(found):
        given = {member: found.pop(member, None) for member in _TRACE}
        continue_trace(trace, **{member: None if member in twice else given[member] for member in _TRACE})
    if twice - _TRACE:
        raise RequestError(MALFORMED_REQUEST, "A header stands twice.")
    return Headers(trace, **found)


@dataclass(frozen=True, slots=True)
class GraphQLEndpoint:
    """Answers GraphQL over HTTP. GET is answered in the explorer only: a URL may be logged on its way."""

    authenticator: Authenticator
    current: CurrentPolicy
    answerer: Answerer
    hooks: Hooks
    body_bytes: int
    deadline: float
    """Seconds that a request may take."""
    get_allowed: bool
    others: ASGIApp | None = None
    """Answers every path but /graphql; None where nothing else is answered."""
    refusals: Pace | None = None
    """The pace of refusals to those who have shown no valid token; None where they do not wait."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever fails, nothing but a stable code leaves."""
        if self.others is not None and (scope["type"] != "http" or scope["path"] != PATH):
            await self.others(scope, receive, send)
            return
        # Where GET is allowed, only a mutation by GET is not.
        allow = b"GET, POST" if self.get_allowed and scope["method"] != "GET" else b"POST"
        await self.respond(scope, receive, send, self._handle, allow)

    async def respond(self, scope: Scope, receive: Receive, send: Send, handle: Handle, allow: bytes) -> None:
        """Send what `handle` makes for a caller whose token holds, or the refusal in its place."""
        media_type: MediaType = JSON
        client = ""
        trace = RequestTrace(getrandbits(128), getrandbits(64))
        try:
            headers = headers_of(scope, trace)
            media_type = PLAIN_ACCEPTS.get(headers.accept) or negotiate(headers.accept)
            token = headers.authorization
            principal = None if token is None else self.authenticator.cached(token)
            if principal is None:
                principal = await self.authenticator.authenticate(token)
            client = principal.client
            answer = await handle(scope, receive, principal, headers)
        except RequestError as error:
            await self._refuse(send, error, media_type, client, allow, trace)
        except ClientGone:
            return
        except Exception as fault:
            _log.exception("request failed", exc_info=fault, extra={"request_id": trace.request_id})
            await self._refuse(send, RequestError(INTERNAL), media_type, client, allow, trace)
        else:
            try:
                given = trace.given_id
                request_id = given.encode() if given else b"%032x" % trace.trace_id
                await send_json(send, 200, media_type, answer, ((REQUEST_ID, request_id),))
            except _WRITE_FAILURES:
                self.hooks.emit(ConnectionEnded("client_gone"))

    async def _refuse(
        self,
        send: Send,
        error: RequestError,
        media_type: MediaType,
        client: str,
        allow: bytes,
        trace: RequestTrace,
    ) -> None:
        self.hooks.emit(RequestRefused(error.code.name, client, trace.operation, trace))
        if isinstance(error, CaseRefused):
            self.hooks.emit(CaseNumberRefused(client, error.purpose, Written(error.rule)))
        # Without an id of the caller's own, equal refusals are equal byte by byte: the id stands in the header alone.
        if trace.is_named:
            error.extensions = {**error.extensions, "requestId": trace.request_id}
        if self.refusals is not None and not client:
            await self.refusals.turn()
        try:
            await send_error(send, error, media_type, allow, ((REQUEST_ID, trace.request_id.encode()),))
        except _WRITE_FAILURES:
            self.hooks.emit(ConnectionEnded("client_gone"))

    async def _handle(self, scope: Scope, receive: Receive, principal: Principal, headers: Headers) -> bytes:
        method = scope["method"]
        if method == "POST":
            if headers.content_type != PLAIN_CONTENT_TYPE:
                check_content_type(headers.content_type)
            request = decode_body(await self.body(headers, receive))
        elif method == "GET" and self.get_allowed:
            request = decode_query(scope["query_string"])
        else:
            raise RequestError(METHOD_NOT_ALLOWED)
        purpose = None if headers.data_purpose is None else headers.data_purpose.decode("latin-1")
        snapshot, trace = self.current.snapshot, headers.trace
        return await self.answerer.handle(snapshot, request, principal, purpose, self.deadline, trace)

    async def body(self, headers: Headers, receive: Receive) -> bytes:
        """Return the body of a request.

        Raises UNSUPPORTED_CONTENT_ENCODING where it is packed, and BODY_TOO_LARGE or BODY_TOO_SLOW where it is
        beyond its bounds.
        """
        if headers.content_encoding is not None:
            check_content_encoding(headers.content_encoding)
        return await read_body(receive, self.body_bytes, headers.content_length, self.deadline)

"""The GraphQL endpoint as a plain ASGI application: the way of every request, in order."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from starlette.types import Scope

from gateway.access.identity.tokens import Authenticator
from gateway.access.protocol.body import ClientGone, Receive, Send, read_body
from gateway.access.protocol.media_types import JSON, MediaType, check_content_type, negotiate
from gateway.access.protocol.request_decoding import decode_body, decode_query
from gateway.access.protocol.response import send_error, send_json
from gateway.errors import BODY_TOO_SLOW, INTERNAL, MALFORMED_REQUEST, METHOD_NOT_ALLOWED, RequestError
from gateway.pipeline.graphql_request import GraphQLRequest
from gateway.pipeline.prepare import Operation
from gateway.pipeline.request import Answer, Answerer
from gateway.pipeline.snapshot import InForce
from gateway.principal import Principal
from observability.events import OperationFinished, OperationStarted, RequestRefused
from observability.hooks import Hooks

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of a request that the endpoint reads."""

    accept: bytes | None = None
    authorization: bytes | None = None
    content_length: bytes | None = None
    content_type: bytes | None = None
    data_purpose: bytes | None = None


Handle: TypeAlias = Callable[[Principal, Headers], Awaitable[bytes]]
"""Makes the body of an answer for a caller, or raises RequestError."""
_READ: Final = {
    b"accept": "accept",
    b"authorization": "authorization",
    b"content-length": "content_length",
    b"content-type": "content_type",
    b"data-purpose": "data_purpose",
}


def headers_of(scope: Scope) -> Headers:
    """Return the headers that the endpoint reads; MALFORMED_REQUEST where one of them stands twice."""
    found = [(_READ[name], value) for name, value in scope["headers"] if name in _READ]
    headers = dict(found)
    if len(headers) < len(found):
        raise RequestError(MALFORMED_REQUEST, "A header stands twice.")
    return Headers(**headers)


@dataclass(frozen=True, slots=True)
class GraphQLEndpoint:
    """Answers GraphQL over HTTP. GET is answered in the explorer only: a URL may be logged on its way."""

    authenticator: Authenticator
    in_force: InForce
    answerer: Answerer
    hooks: Hooks
    body_bytes: int
    deadline: float
    get_allowed: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever fails, nothing but a stable code leaves."""

        async def handle(principal: Principal, headers: Headers) -> bytes:
            request = await self._request(scope, headers, receive)
            return (await self._answer(request, principal, headers)).body

        await self.answered(scope, send, handle, b"GET, POST" if self.get_allowed else b"POST")

    async def answered(self, scope: Scope, send: Send, handle: Handle, allow: bytes) -> None:
        """Send what `handle` makes for a caller whose token holds, or the refusal in its place."""
        media_type: MediaType = JSON
        client = ""
        try:
            headers = headers_of(scope)
            media_type = negotiate(headers.accept)
            principal = await self._principal(headers)
            client = principal.client
            await send_json(send, 200, media_type, await handle(principal, headers))
        except RequestError as error:
            await self._refuse(send, error, media_type, client, allow)
        except ClientGone:
            return
        except Exception as fault:
            _log.exception("request failed", exc_info=fault)
            await self._refuse(send, RequestError(INTERNAL), media_type, client, allow)

    async def _refuse(
        self, send: Send, error: RequestError, media_type: MediaType, client: str, allow: bytes
    ) -> None:
        self.hooks.told(RequestRefused(error.code.name, client))
        await send_error(send, error, media_type, allow)

    async def _principal(self, headers: Headers) -> Principal:
        if headers.authorization is not None:
            found = self.authenticator.cached(headers.authorization)
            if found is not None:
                return found
        return await self.authenticator.authenticate(headers.authorization)

    async def _request(self, scope: Scope, headers: Headers, receive: Receive) -> GraphQLRequest:
        method = scope["method"]
        if method == "POST":
            check_content_type(headers.content_type)
            return decode_body(await self.body(headers, receive))
        if method == "GET" and self.get_allowed:
            return decode_query(scope["query_string"])
        raise RequestError(METHOD_NOT_ALLOWED)

    async def body(self, headers: Headers, receive: Receive) -> bytes:
        """Return the body of a request; BODY_TOO_LARGE or BODY_TOO_SLOW where it is beyond its bounds."""
        try:
            async with asyncio.timeout(self.deadline):
                return await read_body(receive, self.body_bytes, headers.content_length)
        except TimeoutError:
            raise RequestError(BODY_TOO_SLOW) from None

    def _operation(self, request: GraphQLRequest, principal: Principal, headers: Headers) -> Operation:
        ruling = self.in_force.ruling
        if request.document_id is not None:
            return ruling.registered.find(request.document_id, principal, request.case_number)
        purpose = headers.data_purpose.decode("latin-1") if headers.data_purpose is not None else None
        return ruling.free.find(request, principal, purpose)

    async def _answer(self, request: GraphQLRequest, principal: Principal, headers: Headers) -> Answer:
        operation = self._operation(request, principal, headers)
        started = time.perf_counter()
        event = OperationStarted(operation.name, operation.purpose, principal.client, time.time_ns())
        origins = self.hooks.started(event)
        deadline = asyncio.get_running_loop().time() + self.deadline
        outcome, answer = INTERNAL.name, None
        try:
            answer = await self.answerer.answer(operation, request.variables, principal, deadline, origins)
            outcome = "partial" if answer.codes else "ok"
        except RequestError as error:
            outcome = error.code.name
            raise
        else:
            return answer
        finally:
            seconds = time.perf_counter() - started
            nodes, codes = (answer.nodes, answer.codes) if answer else (0, ())
            self.hooks.finished(
                OperationFinished(
                    operation.name,
                    operation.purpose,
                    principal.client,
                    outcome,
                    seconds,
                    nodes,
                    codes,
                    operation.grant.policy_version,
                ),
                origins,
            )

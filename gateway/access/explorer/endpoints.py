"""What the explorer's page asks beside its documents: an explanation of one, and the schema that its caller sees.

Both are answered in the explorer's mode only, to the same tokens, within the same limits and with the same errors
as documents are. Nothing is read of any bureau.
"""

from codecs import BOM_UTF8
from dataclasses import dataclass
from typing import Any, cast

import msgspec
import orjson
from starlette.types import Scope

from gateway.access.endpoint import GraphQLEndpoint, Headers
from gateway.access.protocol.graphql_over_http import Receive, Send, decode_body, parse_query
from gateway.access.protocol.media_types import check_content_type
from gateway.errors import MALFORMED_REQUEST, METHOD_NOT_ALLOWED, RequestError
from gateway.principal import GraphQLRequest, Principal


@dataclass(frozen=True, slots=True)
class ExplainEndpoint:
    """POST {"query", "purpose", "operationName"}: what becomes of each use, as `policy explain` says it."""

    graphql: GraphQLEndpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self.graphql.respond(scope, receive, send, self._explanation, b"POST")

    async def _explanation(
        self, scope: Scope, receive: Receive, principal: Principal, headers: Headers
    ) -> bytes:
        if scope["method"] != "POST":
            raise RequestError(METHOD_NOT_ALLOWED)
        check_content_type(headers.content_type)
        request, purpose = _explained(await self.graphql.body(headers, receive))
        found = await self.graphql.current.snapshot.free.explain(request, principal, purpose)
        return orjson.dumps({"explanation": found, "mixesPurposes": found.mixes_purposes})


@dataclass(frozen=True, slots=True)
class SchemaEndpoint:
    """GET ?purpose=…: the SDL of what the caller may read for all of its purposes, or for the one that is named."""

    graphql: GraphQLEndpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self.graphql.respond(scope, receive, send, self._schema, b"GET")

    async def _schema(
        self, scope: Scope, _receive: Receive, principal: Principal, _headers: Headers
    ) -> bytes:
        if scope["method"] != "GET":
            raise RequestError(METHOD_NOT_ALLOWED)
        asked = _purpose(scope["query_string"])
        view = await self.graphql.current.snapshot.free.view_in_steps(principal, asked)
        return orjson.dumps({"sdl": view.sdl if view else ""})


def _explained(body: bytes) -> tuple[GraphQLRequest, str | None]:
    request = decode_body(body)
    if request.document is None:
        raise RequestError(MALFORMED_REQUEST, 'There is no "query" to explain.')
    purpose = cast("dict[str, Any]", msgspec.json.decode(body.removeprefix(BOM_UTF8))).get("purpose")
    if purpose is not None and not isinstance(purpose, str):
        raise RequestError(MALFORMED_REQUEST, '"purpose" is not a string.')
    return request, purpose or None


def _purpose(query_string: bytes) -> str | None:
    named = [value for name, value in parse_query(query_string) if name == "purpose"]
    if len(named) > 1:
        raise RequestError(MALFORMED_REQUEST, "Two parameters have the same name.")
    return (named[0] or None) if named else None

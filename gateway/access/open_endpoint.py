"""The open index over HTTP: `GET /open` without a token, as JSON or as a page, by the Accept header.

Its forms are made once for a snapshot of the rules, packed and unpacked, so that an answer costs its bytes alone.
"""

import asyncio
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import getrandbits
from typing import Final, Literal, TypeAlias

import msgspec
from starlette.types import Receive, Scope, Send

from catalogue.open_index import OpenIndex
from gateway.access.endpoint import headers_of
from gateway.access.explorer.explorer_page import SECURITY_HEADERS
from gateway.access.pace import Pace
from gateway.access.protocol.accepted_codings import accepted_codings
from gateway.access.protocol.entity_tags import is_held, tag_of
from gateway.access.protocol.graphql_over_http import Header
from gateway.access.protocol.media_types import HTML, negotiate_page
from gateway.access.protocol.refusal_response import REQUEST_ID, send_error
from gateway.errors import AUTHORIZATION_UNAVAILABLE, METHOD_NOT_ALLOWED, RequestError
from gateway.openness.index_page import index_page
from gateway.pipeline.lookup import CurrentPolicy
from observability.events import ConnectionEnded, OpenIndexAnswered, RequestRefused
from observability.hooks import Hooks
from observability.request_trace import RequestTrace

OPEN_PATH: Final = "/open"
ANSWERS_A_SECOND: Final = 200
LONGEST_WAIT: Final = 1.0
KEPT_SECONDS: Final = 300
"""How long an answer may be kept; a reload of the rules is seen everywhere after so long."""
_WRITE_FAILURES: Final = (OSError, RuntimeError)
_JSON_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
_Form: TypeAlias = Literal["html", "json"]


@dataclass(frozen=True, slots=True)
class _Body:
    """One form under one coding: the bytes, and the headers that go with them."""

    content: bytes
    tag: bytes
    headers: tuple[Header, ...]


_Bodies: TypeAlias = Mapping[tuple[_Form, bool], _Body]
"""By form, and whether it is packed."""


@dataclass(slots=True)
class OpenIndexEndpoint:
    """Answers everybody with the open index of the rules in force. It looks at no token."""

    current: CurrentPolicy
    hooks: Hooks
    _pace: Pace = field(default_factory=lambda: Pace(ANSWERS_A_SECOND, LONGEST_WAIT))
    _made: tuple[OpenIndex, _Bodies] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        trace = RequestTrace(getrandbits(128), getrandbits(64))
        try:
            try:
                await self._answer(scope, send, trace)
            except RequestError as error:
                self.hooks.emit(RequestRefused(error.code.name, "", trace=trace))
                more = ((REQUEST_ID, trace.request_id.encode()),)
                await send_error(send, error, allow=b"GET, HEAD", more=more)
        except _WRITE_FAILURES:
            self.hooks.emit(ConnectionEnded("client_gone"))

    async def _answer(self, scope: Scope, send: Send, trace: RequestTrace) -> None:
        accept = headers_of(scope, trace).accept
        if scope["method"] not in ("GET", "HEAD"):
            raise RequestError(METHOD_NOT_ALLOWED)
        form: _Form = "html" if negotiate_page(accept) == HTML else "json"
        index = self.current.snapshot.open_index
        if index is None:
            raise RequestError(AUTHORIZATION_UNAVAILABLE)
        await self._pace.turn()
        body = (await self._bodies(index))[form, _takes_gzip(scope)]
        held = is_held(body.tag, _values(scope, b"if-none-match"))
        self.hooks.emit(OpenIndexAnswered("not_modified" if held else form))
        content = b"" if held else body.content
        length = () if held else ((b"content-length", b"%d" % len(content)),)
        headers = [*body.headers, *length, (REQUEST_ID, trace.request_id.encode())]
        await send({"type": "http.response.start", "status": 304 if held else 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _bodies(self, index: OpenIndex) -> _Bodies:
        """Return the forms of an index, made once; whoever asks meanwhile waits for them."""
        async with self._turn:
            if self._made is None or self._made[0] is not index:
                self._made = index, await asyncio.to_thread(_make_bodies, index)
            return self._made[1]


def _make_bodies(index: OpenIndex) -> _Bodies:
    page = index_page(index)
    contents: Mapping[_Form, tuple[bytes, str, str]] = {
        "html": (page.html.encode(), "text/html; charset=utf-8", page.policy),
        "json": (msgspec.json.encode(index), "application/json; charset=utf-8", _JSON_POLICY),
    }
    return {
        (form, packed): _body(
            gzip.compress(content, mtime=0) if packed else content, media_type, policy, packed
        )
        for form, (content, media_type, policy) in contents.items()
        for packed in (False, True)
    }


def _body(content: bytes, media_type: str, policy: str, packed: bool) -> _Body:
    tag = tag_of(content)
    named = {
        "Content-Type": media_type,
        **SECURITY_HEADERS,
        "Content-Security-Policy": policy,
        "Cache-Control": f"public, max-age={KEPT_SECONDS}",
        "Vary": "Accept, Accept-Encoding",
        **({"Content-Encoding": "gzip"} if packed else {}),
    }
    headers = [(name.lower().encode(), value.encode()) for name, value in named.items()]
    return _Body(content, tag, (*headers, (b"etag", tag)))


def _values(scope: Scope, name: bytes) -> list[bytes]:
    return [value for each, value in scope["headers"] if each == name]


def _takes_gzip(scope: Scope) -> bool:
    return "gzip" in accepted_codings(b",".join(_values(scope, b"accept-encoding")).decode("latin-1"))

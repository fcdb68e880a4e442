"""The explorer's page: its session, the headers that bind it to this gateway, and where it is served.

The page shows its session to whoever reaches it, tokens included. That is right over synthetic sources only, and over
others the gateway refuses to start with the explorer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.access.pace import SharedResult
from gateway.access.protocol.accepted_codings import accepted_codings

PAGE = "/explorer"
SESSION_SECONDS = 0.5
"""A session holds a token for each client; to sign them takes tens of milliseconds."""
NOT_BUILT = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>浏览器尚未构建 · Explorer not built</title>
<h1>浏览器尚未构建。 · The explorer is not built.</h1>
<p>请运行 <code>make explorer</code> 后重新加载。 · Run <code>make explorer</code> and load this page again.</p>
"""
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        # The editor (monaco) writes its colours into <style> elements and places lines by style attributes.
        # Style can neither run code nor, under this policy, load or send anything.
        "style-src 'self' 'unsafe-inline'",
        "worker-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'none'",
    )
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

NEVER_STORED = "no-store"
ASKED_ANEW = "no-cache"
CODINGS = (("br", ".br"), ("gzip", ".gz"))
"""The codings in which the bundle holds its assets, the smallest first, and how such a file's name ends."""
KEPT_FOR_GOOD = "public, max-age=31536000, immutable"  # the names hold a hash of the content
FIRST_ERROR_STATUS = 400


@dataclass(frozen=True, slots=True)
class SessionPurpose:
    """A leaf of the purpose tree, with what it is called."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class SessionOperation:
    """A registered operation of a client: what it is called, its purpose and its document."""

    name: str
    zh: str
    en: str
    purpose: str
    document: str


@dataclass(frozen=True, slots=True)
class SessionClient:
    """A client of the sandbox: its bearer token and the purposes that the token carries."""

    name: str
    title_zh: str
    title_en: str
    token: str = field(repr=False)
    purposes: tuple[SessionPurpose, ...]
    operations: tuple[SessionOperation, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """A synthetic subject to ask for."""

    kind: Literal["person", "enterprise"]
    identifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """Everything that the page needs beside the schema."""

    city: str
    clients: tuple[SessionClient, ...]
    samples: tuple[Sample, ...]
    synthetic: Literal[True] = True


def encode(session: Session) -> bytes:
    """Return the session as the JSON that the page reads."""
    return msgspec.json.encode(session)


@dataclass(frozen=True, slots=True)
class SecurityHeaders:
    """Pure ASGI: adds the policy to every answer, and how long an answer without error may be kept."""

    app: ASGIApp
    cache: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the inner application does, with the headers added."""

        async def send_bound(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SECURITY_HEADERS)
                failed = message["status"] >= FIRST_ERROR_STATUS
                headers["Cache-Control"] = NEVER_STORED if failed else self.cache
            await send(message)

        await self.app(scope, receive, send_bound)


def routes(bundle: Path, session: Callable[[], bytes]) -> list[BaseRoute]:
    """Return the routes of the explorer that is built in `bundle`; `session` is made for all who open it at once.

    The bundle may be built while the gateway runs: it is looked for at each request.
    """
    opened = SharedResult(session, SESSION_SECONDS)

    async def page(_: Request) -> Response:
        index = bundle / "index.html"
        return FileResponse(index) if index.is_file() else HTMLResponse(NOT_BUILT, status_code=503)

    async def opening(_: Request) -> Response:
        return Response(await opened.get(), media_type="application/json")

    async def home(_: Request) -> Response:
        return RedirectResponse(PAGE)

    # Declared before the mount, which would take their paths.
    return [
        Route("/", home, middleware=_bound(ASKED_ANEW)),
        Route(PAGE, page, middleware=_bound(ASKED_ANEW)),
        Route(f"{PAGE}/", page, middleware=_bound(ASKED_ANEW)),
        Route(f"{PAGE}/session.json", opening, middleware=_bound(NEVER_STORED)),
        Mount(f"{PAGE}/assets", _Assets(bundle / "assets"), middleware=_bound(KEPT_FOR_GOOD)),
    ]


def _bound(cache: str) -> list[Middleware]:
    return [Middleware(SecurityHeaders, cache=cache)]


class _Assets(StaticFiles):
    """The files of the bundle; a bundle that is not there has none of them, which is no failure."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)

    async def check_config(self) -> None:
        """Leave out the check that the folder exists."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the smallest form that the browser takes; a refusal is answered here, beneath the headers."""
        accepted = accepted_codings(Headers(scope=scope).get("accept-encoding", ""))
        for coding, ending in CODINGS:
            if coding in accepted and _is_there(found := await self._served(path + ending, scope)):
                found.headers["Content-Encoding"] = coding
                return _varying(found)
        return _varying(await self._served(path, scope))

    async def _served(self, path: str, scope: Scope) -> Response:
        try:
            return await super().get_response(path, scope)
        except HTTPException as refused:
            return PlainTextResponse(refused.detail, refused.status_code)


def _is_there(response: Response) -> bool:
    return response.status_code < FIRST_ERROR_STATUS


def _varying(response: Response) -> Response:
    response.headers["Vary"] = "Accept-Encoding"
    return response

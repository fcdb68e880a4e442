"""Where the explorer is served: its page, the files that the page loads, and the session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from gateway.access.explorer.page_headers import ASKED_ANEW, KEPT_FOR_GOOD, NEVER_STORED, SecurityHeaders

PAGE = "/explorer"
NOT_BUILT = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>Explorer not built · 浏览器尚未构建</title>
<h1>The explorer is not built. · 浏览器尚未构建。</h1>
<p>Run <code>make explorer</code> and load this page again. · 请运行 <code>make explorer</code> 后重新加载。</p>
"""


def routes(bundle: Path, session: Callable[[], bytes]) -> list[BaseRoute]:
    """Return the routes of the explorer that is built in `bundle`; `session` is asked at every opening.

    The bundle may be built while the gateway runs: it is looked for at each request.
    """

    async def page(_: Request) -> Response:
        index = bundle / "index.html"
        return FileResponse(index) if index.is_file() else HTMLResponse(NOT_BUILT, status_code=503)

    async def opening(_: Request) -> Response:
        return Response(session(), media_type="application/json")

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
        """Answer a refusal here, beneath the headers, which an exception would pass by."""
        try:
            return await super().get_response(path, scope)
        except HTTPException as refused:
            return PlainTextResponse(refused.detail, refused.status_code)

"""The Starlette application: the GraphQL endpoint, health, readiness, metrics and the explorer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.access.endpoint import GraphQLEndpoint
from gateway.access.explorer.endpoints import ExplainEndpoint, SchemaEndpoint
from gateway.access.explorer.routes import PAGE
from gateway.access.explorer.routes import routes as explorer_routes
from gateway.access.metrics_endpoint import MetricsEndpoint
from gateway.access.reload import hear
from gateway.access.running_gateway import PROVED, Deciders, Gateway, open_gateway
from gateway.errors import StartRefused
from gateway.settings import Settings
from observability.decisions import DecisionFile
from observability.hooks import Hooks
from observability.log_observer import LogObserver
from observability.telemetry import Telemetry

SessionMaker = Callable[[Gateway], bytes]
"""Makes what the explorer's page is opened with."""


class _Endpoint:
    """Hands requests to the gateway that the application's life has opened."""

    def __init__(self) -> None:
        self.gateway: Gateway | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.opened().endpoint(scope, receive, send)

    def beside(self, made: Callable[[GraphQLEndpoint], ASGIApp]) -> ASGIApp:
        """Return what answers beside the endpoint by what it has."""
        return _Beside(self, made)

    def opened(self) -> Gateway:
        if self.gateway is None:
            raise RuntimeError("the application has not been started")
        return self.gateway


@dataclass(frozen=True, slots=True)
class _Beside:
    endpoint: _Endpoint
    made: Callable[[GraphQLEndpoint], ASGIApp]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.made(self.endpoint.opened().endpoint)(scope, receive, send)


def make_app(
    settings: Settings, session: SessionMaker | None = None, deciders: Deciders = PROVED
) -> Starlette:
    """Return the application; it opens the gateway when it starts and closes it when it stops."""
    telemetry = Telemetry.build(settings.otlp_endpoint)
    recorder = DecisionFile(settings.decisions) if settings.decisions else None
    hooks = Hooks((telemetry, LogObserver(), *((recorder,) if recorder else ())))
    endpoint = _Endpoint()

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncGenerator[None]:
        endpoint.gateway = await _opened(settings, hooks, deciders, app)
        hearing = hear(endpoint.gateway.reloader)
        try:
            yield
        finally:
            hearing.close()
            await endpoint.gateway.close()
            await asyncio.to_thread(telemetry.shutdown)
            if recorder:
                await asyncio.to_thread(recorder.close)

    app = Starlette(routes=_routes(settings, endpoint, telemetry, session), lifespan=life)
    app.router.redirect_slashes = False  # a redirect would say the query string once more
    return app


async def _opened(settings: Settings, hooks: Hooks, deciders: Deciders, app: Starlette) -> Gateway:
    """Open the gateway; what refuses to start stands in the application's state for whoever serves it."""
    try:
        return await open_gateway(settings, hooks, deciders)
    except StartRefused as refusal:
        app.state.refusal = refusal
        raise


def _routes(
    settings: Settings, endpoint: _Endpoint, telemetry: Telemetry, session: SessionMaker | None
) -> list[BaseRoute]:
    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        bureaus = await endpoint.opened().readiness()
        ready = all(state == "ok" for state in bureaus.values())
        return JSONResponse({"ready": ready, "bureaus": bureaus}, 200 if ready else 503)

    found: list[BaseRoute] = [
        Route("/graphql", endpoint),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
    ]
    if settings.explorer or settings.metrics_token is not None:
        found.append(Route("/metrics", MetricsEndpoint(telemetry, settings.metrics_token)))
    if settings.explorer:
        found += [
            Route(f"{PAGE}/explain", endpoint.beside(ExplainEndpoint)),
            Route(f"{PAGE}/schema", endpoint.beside(SchemaEndpoint)),
        ]
    if settings.explorer and session is not None:
        made = session
        found += explorer_routes(settings.explorer_bundle, lambda: made(endpoint.opened()))
    return found

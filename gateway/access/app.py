"""The ASGI application: GraphQL at once; health, metrics, the open index, own views and the explorer by Starlette."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from gateway.access.explorer.endpoints import ExplainEndpoint, SchemaEndpoint
from gateway.access.explorer.explorer_page import PAGE
from gateway.access.explorer.explorer_page import routes as explorer_routes
from gateway.access.metrics_endpoint import MetricsEndpoint
from gateway.access.open_endpoint import OPEN_PATH, OpenIndexEndpoint
from gateway.access.own_endpoints import OwnOperationsEndpoint, OwnSchemaEndpoint
from gateway.access.pace import Pace, pace_refusals
from gateway.access.readiness import ReadinessEndpoint
from gateway.access.running_gateway import Gateway

SessionMaker = Callable[[Gateway], bytes]
"""Makes what the explorer's page is opened with."""
REFUSALS_A_SECOND: Final = 200
LONGEST_REFUSAL_WAIT: Final = 1.0
HEALTH_ANSWERS_A_SECOND: Final = 500
LONGEST_HEALTH_WAIT: Final = 0.03


def make_app(gateway: Gateway, session: SessionMaker | None = None) -> ASGIApp:
    """Return the application of an open gateway. What callers ask does not pass through Starlette's router."""
    others = Starlette(routes=_routes(gateway, session))
    others.router.redirect_slashes = False  # a redirect would say the query string once more
    refusals = Pace(REFUSALS_A_SECOND, LONGEST_REFUSAL_WAIT)
    return replace(gateway.endpoint, others=pace_refusals(others, refusals), refusals=refusals)


def _routes(gateway: Gateway, session: SessionMaker | None) -> list[BaseRoute]:
    health = Pace(HEALTH_ANSWERS_A_SECOND, LONGEST_HEALTH_WAIT)

    async def healthz(_: Request) -> Response:
        await health.turn()
        return PlainTextResponse("ok\n")

    settings, endpoint = gateway.settings, gateway.endpoint
    readyz = ReadinessEndpoint(
        gateway.readiness.readiness,
        gateway.last_check.summary,
        gateway.serving,
        endpoint.authenticator,
        settings.metrics_token,
    )
    found: list[BaseRoute] = [Route("/healthz", healthz), Route("/readyz", readyz.answer)]
    found += [
        Route("/schema.graphql", OwnSchemaEndpoint(endpoint)),
        Route("/operations", OwnOperationsEndpoint(endpoint)),
        Route(OPEN_PATH, OpenIndexEndpoint(endpoint.current, endpoint.hooks)),
    ]
    if settings.explorer or settings.metrics_token is not None:
        found.append(
            Route("/metrics", MetricsEndpoint(gateway.telemetry, settings.metrics_token, gateway.last_check))
        )
    if settings.explorer:
        found += [
            Route(f"{PAGE}/explain", ExplainEndpoint(endpoint)),
            Route(f"{PAGE}/schema", SchemaEndpoint(endpoint)),
            # The page asks for its schema here: some 450 kB as they are, and some 40 packed.
            Route(f"{PAGE}/graphql", GZipMiddleware(endpoint, compresslevel=6)),
        ]
    if settings.explorer and session is not None:
        found += explorer_routes(settings.explorer_bundle, partial(session, gateway))
    return found

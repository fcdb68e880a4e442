"""The metrics for Prometheus. They show what other callers do, so callers of the graph must not read them."""

from hmac import compare_digest
from typing import Final

from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from gateway.access.last_bureau_check import LastBureauCheck
from gateway.access.pace import SharedResult
from observability.telemetry import Telemetry

TEXT_SECONDS: Final = 0.2
"""At most so often the text is made, which takes ten milliseconds; all who ask meanwhile get the next one."""
_REFUSED: Final = {"www-authenticate": "Bearer"}


class MetricsEndpoint:
    """Answers with every metric: to callers with the token if one is set, else to every caller."""

    def __init__(self, telemetry: Telemetry, token: SecretStr | None, last_check: LastBureauCheck) -> None:
        self._telemetry = telemetry
        self._last_check = last_check
        self._text = SharedResult(self._make_text, TEXT_SECONDS)
        self._expected = f"Bearer {token.get_secret_value()}".encode() if token else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: 401 without the token, 405 where it is no GET."""
        answer = await self._answer(Request(scope))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Ask by GET.\n", 405, {"allow": "GET, HEAD"})
        given = request.headers.get("authorization", "").encode("latin-1")
        if self._expected is not None and not compare_digest(given, self._expected):
            return PlainTextResponse("The token of /metrics is needed.\n", 401, _REFUSED)
        body, content_type = await self._text.get()
        return Response(body, headers={"content-type": content_type})

    def _make_text(self) -> tuple[bytes, str]:
        self._last_check.refresh()
        return self._telemetry.metrics_text()

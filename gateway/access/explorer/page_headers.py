"""The headers that bind the explorer's page to this gateway."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
        "font-src 'self' data:",  # GraphiQL's style sheet carries its fonts as data: addresses
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
KEPT_FOR_GOOD = "public, max-age=31536000, immutable"  # the names hold a hash of the content
FIRST_ERROR_STATUS = 400


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

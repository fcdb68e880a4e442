"""The explorer: its page, the policy that binds it, and the session that it opens with."""

from __future__ import annotations

from gateway.access.explorer.routes import routes
from gateway.access.explorer.session import Sample, Session, SessionClient, SessionPurpose, encode

__all__ = ["Sample", "Session", "SessionClient", "SessionPurpose", "encode", "routes"]

"""The explorer: its page, the policy that binds it, and the session that it opens with."""

from __future__ import annotations

from gateway.access.explorer.routes import routes
from gateway.access.explorer.session import Client, Purpose, Sample, Session, encode

__all__ = ["Client", "Purpose", "Sample", "Session", "encode", "routes"]

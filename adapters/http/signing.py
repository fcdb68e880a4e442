"""The signed requests of the exchange platform, with a signature that covers the whole request.

The provincial platform signs requester, service and time only, so that a captured header can be replayed
with another question. Here the signature is Base64(HMAC-SHA256(secret, canonical string)), and the
canonical string is these lines, joined by one line feed and encoded as UTF-8::

    method                   POST
    path                     /v1/licence, as it is sent, without the query string
    hash of the body         SHA-256 in lower-case hexadecimal, of no bytes where there is no body
    gjgxjhpt_rid             who asks
    gjgxjhpt_sid             the service: the name of the dataset, or "mark" or "ready"
    gjgxjhpt_rtime           milliseconds since 1970 in UTC
    gjgxjhpt_nonce           32 hexadecimal digits, never used twice
    gjgxjhpt_purpose         the purpose tag

No part may hold a line feed, so that two requests never have one canonical string.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

REQUESTER: Final = "gjgxjhpt_rid"
SERVICE: Final = "gjgxjhpt_sid"
TIME: Final = "gjgxjhpt_rtime"
NONCE: Final = "gjgxjhpt_nonce"
PURPOSE: Final = "gjgxjhpt_purpose"
SIGNATURE: Final = "gjgxjhpt_sign"
HEADERS: Final = (REQUESTER, SERVICE, TIME, NONCE, PURPOSE, SIGNATURE)


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What a signature covers."""

    method: str
    path: str
    body: bytes
    requester: str
    service: str
    time: str
    nonce: str
    purpose: str

    @classmethod
    def now(cls, method: str, path: str, body: bytes, *, requester: str, service: str, purpose: str) -> Self:
        """A request of this moment, with a nonce of its own."""
        moment = str(time.time_ns() // 1_000_000)
        return cls(method, path, body, requester, service, moment, secrets.token_hex(16), purpose)

    def canonical(self) -> bytes:
        """The bytes that are signed; raises ValueError for a part that holds a line feed."""
        digest = hashlib.sha256(self.body).hexdigest()
        parts = (self.method, self.path, digest, *self._told())
        if any("\n" in part for part in parts):
            raise ValueError("a part of a signed request holds a line feed")
        return "\n".join(parts).encode()

    def signature(self, secret: str) -> str:
        """The value of the header gjgxjhpt_sign."""
        return base64.b64encode(hmac.digest(secret.encode(), self.canonical(), "sha256")).decode()

    def is_signed_by(self, secret: str, signature: str) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(self.signature(secret).encode(), signature.encode())

    def headers(self, secret: str) -> Mapping[str, str]:
        """Everything that travels beside the body."""
        told = (*self._told(), self.signature(secret))
        return dict(zip(HEADERS, told, strict=True))

    def _told(self) -> tuple[str, str, str, str, str]:
        return self.requester, self.service, self.time, self.nonce, self.purpose

"""Signs requests in the style of the provincial exchange platform; the signature covers the whole request.

The platform itself signs only requester, service and time, so an attacker can replay a captured header with
another body. Here the signature is Base64(HMAC-SHA256(secret, canonical string)). The canonical string is
these lines, joined by one line feed and encoded as UTF-8::

    method                   POST
    path                     /v1/licence, as sent, without the query string
    hash of the body         SHA-256 in lower-case hexadecimal; without a body, of no bytes
    gjgxjhpt_rid             the requester
    gjgxjhpt_sid             the service: the name of the dataset, or "mark" or "ready"
    gjgxjhpt_rtime           milliseconds since 1970 in UTC
    gjgxjhpt_nonce           32 hexadecimal digits, never used twice
    gjgxjhpt_purpose         the purpose tag

No part may contain a line feed; otherwise two requests could have one canonical string.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Final, Self

import msgspec

REQUESTER: Final = "gjgxjhpt_rid"
SERVICE: Final = "gjgxjhpt_sid"
TIME: Final = "gjgxjhpt_rtime"
NONCE: Final = "gjgxjhpt_nonce"
PURPOSE: Final = "gjgxjhpt_purpose"
SIGNATURE: Final = "gjgxjhpt_sign"
HEADERS: Final = (REQUESTER, SERVICE, TIME, NONCE, PURPOSE, SIGNATURE)


class SignedRequest(msgspec.Struct, frozen=True):
    """The parts of a request that the signature covers."""

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
        """Make a request with the current time and a new nonce."""
        moment = str(time.time_ns() // 1_000_000)
        return cls(method, path, body, requester, service, moment, secrets.token_hex(16), purpose)

    def canonical(self) -> bytes:
        """Return the bytes to sign; raises ValueError for a part with a line feed."""
        digest = hashlib.sha256(self.body).hexdigest()
        parts = (self.method, self.path, digest, *self._header_values())
        if any("\n" in part for part in parts):
            raise ValueError("a part of a signed request holds a line feed")
        return "\n".join(parts).encode()

    def signature(self, secret: str) -> str:
        """Return the value of the header gjgxjhpt_sign."""
        return base64.b64encode(hmac.digest(secret.encode(), self.canonical(), "sha256")).decode()

    def is_signed_by(self, secret: str, signature: str) -> bool:
        """Whether `signature` is the right one; the comparison takes constant time."""
        return hmac.compare_digest(self.signature(secret).encode(), signature.encode())

    def headers(self, secret: str) -> Mapping[str, str]:
        """Return the headers of the request."""
        return dict(zip(HEADERS, (*self._header_values(), self.signature(secret)), strict=True))

    def _header_values(self) -> tuple[str, str, str, str, str]:
        return self.requester, self.service, self.time, self.nonce, self.purpose

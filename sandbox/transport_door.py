"""Checks the requests to the transport bureau: requester, time, nonce and signature."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from cachetools import TTLCache

from adapters.http.exchange_messages import (
    HEADERS,
    NONCE,
    PURPOSE,
    REQUESTER,
    SERVICE,
    SIGNATURE,
    TIME,
    SignedAnswer,
    SignedRequest,
)
from adapters.source import is_purpose

WINDOW_SECONDS: Final = 60.0
MAX_NONCES: Final = 200_000

_NONCE = re.compile(r"[0-9a-f]{32}")
_TIME = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason of a refusal, and its HTTP status."""

    code: str
    status: int


SIGNATURE_WRONG: Final = Refusal("SIGNATURE_WRONG", 401)
TIME_OUTSIDE_WINDOW: Final = Refusal("TIME_OUTSIDE_WINDOW", 401)
NONCE_USED: Final = Refusal("NONCE_USED", 401)
PURPOSE_MALFORMED: Final = Refusal("PURPOSE_MALFORMED", 403)
TOO_MANY_REQUESTS: Final = Refusal("TOO_MANY_REQUESTS", 429)


class Door:
    """Checks signed requests by the secret of the only requester that the bureau knows.

    A request is valid for up to two windows after its arrival, because its time may be one window ahead. Its
    nonce is stored for that long. If `most_nonces` are stored, every request is refused.
    """

    def __init__(
        self,
        requester: str,
        secret: str,
        clock: Callable[[], float] = time.time,
        most_nonces: int = MAX_NONCES,
    ) -> None:
        self._requester, self._secret, self._clock = requester, secret, clock
        self._nonces: TTLCache[str, None] = TTLCache(most_nonces, 2 * WINDOW_SECONDS, timer=clock)

    def refusal(
        self, method: str, path: str, service: str, headers: Mapping[str, str], body: bytes
    ) -> Refusal | None:
        """Return the reason why the request is refused, or None if it passes.

        The nonce is stored last, so that requests without the secret cannot fill the memory.
        """
        values = {name: headers.get(name, "") for name in HEADERS}
        if not self._is_signed(method, path, service, values, body):
            return SIGNATURE_WRONG
        if abs(int(values[TIME]) / 1000 - self._clock()) > WINDOW_SECONDS:
            return TIME_OUTSIDE_WINDOW
        if not is_purpose(values[PURPOSE]):
            return PURPOSE_MALFORMED
        return self._store(values[NONCE])

    def answer_signature(self, service: str, headers: Mapping[str, str], status: int, body: bytes) -> str:
        """Return the signature of an answer to a request that passed."""
        return SignedAnswer(status, body, service, headers.get(NONCE, "")).signature(self._secret)

    def _store(self, nonce: str) -> Refusal | None:
        """Store a nonce, or return the reason why its request is refused."""
        if nonce in self._nonces:
            return NONCE_USED
        self._nonces.expire()
        if self._nonces.currsize >= self._nonces.maxsize:
            return TOO_MANY_REQUESTS
        self._nonces[nonce] = None
        return None

    def _is_signed(
        self, method: str, path: str, service: str, values: Mapping[str, str], body: bytes
    ) -> bool:
        formed = _NONCE.fullmatch(values[NONCE]) and _TIME.fullmatch(values[TIME])
        if not formed or values[REQUESTER] != self._requester or values[SERVICE] != service:
            return False
        request = SignedRequest(
            method, path, body, self._requester, service, values[TIME], values[NONCE], values[PURPOSE]
        )
        return request.is_signed_by(self._secret, values[SIGNATURE])

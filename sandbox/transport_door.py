"""Who may pass into the transport bureau: a known requester, in time, once, with a signature that fits."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from adapters.http.signing import HEADERS, NONCE, PURPOSE, REQUESTER, SERVICE, SIGNATURE, TIME, SignedRequest
from adapters.round_trip_limits import is_purpose

WINDOW_SECONDS: Final = 60.0
MAX_NONCES: Final = 200_000

_NONCE = re.compile(r"[0-9a-f]{32}")
_TIME = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request does not pass, and the HTTP status that says so."""

    code: str
    status: int


SIGNATURE_WRONG: Final = Refusal("SIGNATURE_WRONG", 401)
TIME_OUTSIDE_WINDOW: Final = Refusal("TIME_OUTSIDE_WINDOW", 401)
NONCE_USED: Final = Refusal("NONCE_USED", 401)
PURPOSE_MALFORMED: Final = Refusal("PURPOSE_MALFORMED", 403)
TOO_MANY_REQUESTS: Final = Refusal("TOO_MANY_REQUESTS", 429)


class Nonces:
    """The nonces of the last two windows, in bounded memory.

    A request is accepted for at most two windows after it arrives (its time may lie one window ahead), so
    a nonce is remembered that long. When there is no room for another one, nothing passes.
    """

    def __init__(self, limit: int = MAX_NONCES) -> None:
        self._limit = limit
        self._until: OrderedDict[str, float] = OrderedDict()

    def refusal(self, nonce: str, now: float) -> Refusal | None:
        """Remember `nonce`; say why where that cannot be."""
        while self._until and next(iter(self._until.values())) <= now:
            self._until.popitem(last=False)
        if nonce in self._until:
            return NONCE_USED
        if len(self._until) >= self._limit:
            return TOO_MANY_REQUESTS
        self._until[nonce] = now + 2 * WINDOW_SECONDS
        return None


class Door:
    """Checks signed requests against the secret of the one requester that the bureau knows."""

    def __init__(
        self,
        requester: str,
        secret: str,
        *,
        clock: Callable[[], float] = time.time,
        nonces: Nonces | None = None,
    ) -> None:
        self._requester = requester
        self._secret = secret
        self._clock = clock
        self._nonces = nonces or Nonces()

    def refusal(
        self, method: str, path: str, service: str, headers: Mapping[str, str], body: bytes
    ) -> Refusal | None:
        """Why the request does not pass; None when it does.

        The nonce is remembered last, so that nobody without the secret can fill the memory.
        """
        told = {name: headers.get(name, "") for name in HEADERS}
        if not self._is_signed(method, path, service, told, body):
            return SIGNATURE_WRONG
        now = self._clock()
        if abs(int(told[TIME]) / 1000 - now) > WINDOW_SECONDS:
            return TIME_OUTSIDE_WINDOW
        if not is_purpose(told[PURPOSE]):
            return PURPOSE_MALFORMED
        return self._nonces.refusal(told[NONCE], now)

    def _is_signed(self, method: str, path: str, service: str, told: Mapping[str, str], body: bytes) -> bool:
        formed = _NONCE.fullmatch(told[NONCE]) and _TIME.fullmatch(told[TIME])
        if not formed or told[REQUESTER] != self._requester or told[SERVICE] != service:
            return False
        request = SignedRequest(
            method, path, body, self._requester, service, told[TIME], told[NONCE], told[PURPOSE]
        )
        return request.is_signed_by(self._secret, told[SIGNATURE])

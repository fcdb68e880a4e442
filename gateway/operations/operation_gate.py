"""Whether a registered operation may be asked now: not expired, not revoked, on duty, for a case, in its quota.

Whatever this depends on may fail. It then says so by one code for every id, and nothing is read.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from gateway.errors import AUTHORIZATION_UNAVAILABLE, OPERATION_OFF_DUTY, QUOTA_EXCEEDED, RequestError
from gateway.operations.quota import QuotaStore
from gateway.operations.register import Registration
from gateway.operations.revocations import Revocations

_log: Final = logging.getLogger(__name__)


class Admits(Protocol):
    """Says whether a registered operation may be asked now; whatever it raises, nothing is read."""

    def state(self) -> tuple[float, frozenset[str]]:
        """Return the moment, in seconds of the Unix clock, and the names that are revoked at it."""
        ...

    def check_duty(self, registration: Registration, now: float) -> None:
        """Raise OPERATION_OFF_DUTY outside the hours of duty."""
        ...

    def count(self, registration: Registration, client: str) -> None:
        """Count a request, or raise QUOTA_EXCEEDED."""
        ...


@dataclass(frozen=True, slots=True)
class Admission:
    """Asks the clock, the revocations and the quotas; `clock` gives seconds of the Unix clock."""

    revocations: Revocations
    quotas: QuotaStore
    clock: Callable[[], float] = time.time

    def state(self) -> tuple[float, frozenset[str]]:
        """Return the moment and the names that are revoked at it, or raise AUTHORIZATION_UNAVAILABLE."""
        try:
            now, revoked = self.clock(), self.revocations.names()
        except Exception as fault:
            raise _unavailable(fault) from None
        if not math.isfinite(now):
            raise RequestError(AUTHORIZATION_UNAVAILABLE)
        return now, revoked

    def check_duty(self, registration: Registration, now: float) -> None:
        """Raise OPERATION_OFF_DUTY outside the hours of duty, where there are any."""
        if registration.duty is not None and not registration.duty.holds(now):
            raise RequestError(OPERATION_OFF_DUTY)

    def count(self, registration: Registration, client: str) -> None:
        """Count a request, or raise QUOTA_EXCEEDED with the whole seconds to wait."""
        try:
            wait = self.quotas.take(registration.name, client, registration.quota)
        except Exception as fault:
            raise _unavailable(fault) from None
        if wait == 0:
            return
        if not 0 < wait < math.inf:
            raise RequestError(AUTHORIZATION_UNAVAILABLE)
        raise RequestError(QUOTA_EXCEEDED, extensions={"retryAfter": math.ceil(wait)})


def _unavailable(fault: Exception) -> RequestError:
    _log.error("a registered operation is denied: %s", type(fault).__name__)
    return RequestError(AUTHORIZATION_UNAVAILABLE)

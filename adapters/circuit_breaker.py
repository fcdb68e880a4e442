"""The circuit breaker of a bureau that cannot be reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from adapters.bureau_errors import BureauError, build_error

FIRST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 5.0
"""Seconds; each pause without a success between is twice as long as the one before."""


@dataclass(slots=True)
class CircuitBreaker:
    """After a failed connection, reads fail at once for a pause. Times are times of the loop."""

    _failure: BureauError | None = None
    _until: float = 0.0
    _pause: float = 0.0

    def check(self, now: float, dataset: str | None) -> None:
        """Raise the last failure again, for `dataset`, while the pause lasts."""
        if self._failure is not None and now < self._until:
            raise build_error(type(self._failure), self._failure.reason, self._failure.bureau, dataset)

    def trip(self, now: float, failure: BureauError) -> None:
        """Start a pause: the bureau could not be reached."""
        self._pause = min(max(FIRST_PAUSE, self._pause * 2), LONGEST_PAUSE)
        self._until = now + self._pause
        self._failure = failure

    def reset(self) -> None:
        """End the pause: the bureau was reached."""
        self._failure, self._pause = None, 0.0

"""Keeps callers from waiting for a bureau that could not be reached a moment ago."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from adapters.bureau_errors import BureauError, made

PAUSE_FIRST: Final = 0.25


PAUSE_LONGEST: Final = 5.0


@dataclass(slots=True)
class Outage:
    """Remembers that a bureau could not be reached, so that not every caller waits to learn it again."""

    _failure: BureauError | None = None
    _until: float = 0.0
    _pause: float = 0.0

    def check(self, now: float, dataset: str | None) -> None:
        """Raise the last failure anew while the pause lasts."""
        if self._failure is not None and now < self._until:
            raise made(type(self._failure), self._failure.reason, self._failure.bureau, dataset)

    def began(self, now: float, failure: BureauError) -> None:
        """The bureau could not be reached: pause, twice as long as the last time."""
        self._pause = min(max(PAUSE_FIRST, self._pause * 2), PAUSE_LONGEST)
        self._until = now + self._pause
        self._failure = failure

    def over(self) -> None:
        """The bureau was reached."""
        self._failure, self._pause = None, 0.0

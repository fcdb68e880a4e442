"""Admits a few log lines of each kind in each time window, so that no caller fills the log."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cachetools import LRUCache

LINES: Final = 5
"""The number of lines of one kind in one window; the next line has the number of dropped lines."""
WINDOW_SECONDS: Final = 10.0
_KINDS: Final = 1_000


@dataclass(slots=True)
class _Window:
    opened: float
    lines: int = 0
    suppressed: int = 0


class Throttle:
    """Admits a few lines of each kind in each time window."""

    __slots__ = ("_clock", "_windows")

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows: LRUCache[tuple[str, ...], _Window] = LRUCache(_KINDS)

    def admit(self, *kind: str) -> int | None:
        """Return the number of dropped lines of this kind since the last line, or None to drop this line."""
        now = self._clock()
        window = self._windows.setdefault(kind, _Window(now))
        if now - window.opened >= WINDOW_SECONDS:
            window.opened, window.lines = now, 0
        if window.lines >= LINES:
            window.suppressed += 1
            return None
        window.lines += 1
        suppressed, window.suppressed = window.suppressed, 0
        return suppressed

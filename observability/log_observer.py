"""The log back-end: refused requests, failed bureaus and broken rows, in a volume somebody can read."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from structlog.typing import FilteringBoundLogger

from observability.events import (
    OperationFinished,
    OperationStarted,
    Origin,
    PolicyInForce,
    PolicyRefused,
    RequestRefused,
    RoundTrip,
)
from observability.hooks import Fact
from observability.redaction import Written

LINES: Final = 5
"""Lines of one kind in one window; the next line says how many were left out."""
WINDOW_SECONDS: Final = 10.0
_KINDS: Final = 1_000
_INTERNAL: Final = "INTERNAL"


@dataclass(slots=True)
class _Window:
    opened: float
    lines: int = 0
    suppressed: int = 0


class Throttle:
    """Lets a few lines of each kind through in each window of time."""

    __slots__ = ("_clock", "_windows")

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, ...], _Window] = {}

    def admit(self, *kind: str) -> int | None:
        """Return how many lines of this kind were left out since the last one, or None to leave it out."""
        now = self._clock()
        window = self._window(kind, now)
        if now - window.opened >= WINDOW_SECONDS:
            window.opened, window.lines = now, 0
        if window.lines >= LINES:
            window.suppressed += 1
            return None
        window.lines += 1
        suppressed, window.suppressed = window.suppressed, 0
        return suppressed

    def _window(self, kind: tuple[str, ...], now: float) -> _Window:
        if kind not in self._windows and len(self._windows) >= _KINDS:
            self._windows.clear()
        return self._windows.setdefault(kind, _Window(now))


class LogObserver:
    """An Observer (see `observability.hooks`) that writes log lines; operations only at DEBUG."""

    __slots__ = ("_logger", "_throttle", "_verbose")

    def __init__(
        self, logger: FilteringBoundLogger | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._logger: FilteringBoundLogger = structlog.get_logger().bind() if logger is None else logger
        self._throttle = Throttle(clock)
        self._verbose = self._logger.is_enabled_for(logging.DEBUG)

    def started(self, event: OperationStarted) -> Origin | None:
        """Nothing is logged of a start."""
        del event

    def finished(self, event: OperationFinished, origin: Origin | None) -> None:
        """Log an operation that failed inside the gateway; every other one at DEBUG."""
        del origin
        if event.outcome == _INTERNAL:
            self._say(logging.ERROR, "operation failed", event.outcome, operation=event.operation)
        elif self._verbose:
            self._logger.debug(
                "operation",
                operation=event.operation,
                purpose=event.purpose,
                client=event.client,
                outcome=event.outcome,
                seconds=event.seconds,
                nodes=event.nodes,
                errors=event.errors,
                policy=event.policy,
            )

    def told(self, event: Fact) -> None:
        """Log what somebody has to look at."""
        if isinstance(event, RoundTrip):
            if event.outcome != "ok" or event.broken_rows:
                self._round_trip(event)
        elif isinstance(event, RequestRefused):
            level = logging.ERROR if event.code == _INTERNAL else logging.INFO
            self._say(level, "request refused", event.code, code=event.code, client=event.client)
        elif isinstance(event, PolicyInForce):
            self._logger.info(
                "policy in force", policy=event.version, rules=event.rules, seconds=event.seconds
            )
        elif isinstance(event, PolicyRefused):
            # What is wrong is said in the words of the policies' files, which hold nobody's data.
            self._logger.error("policy refused", policy=event.version, why=Written(event.why))

    def _round_trip(self, event: RoundTrip) -> None:
        where = {"bureau": event.bureau, "dataset": event.dataset}
        kind = (event.bureau, event.dataset, event.outcome)
        if event.outcome != "ok":
            self._say(
                logging.WARNING,
                "bureau failed",
                *kind,
                **where,
                outcome=event.outcome,
                seconds=event.seconds,
                keys=event.keys,
                callers=event.callers,
            )
        if event.broken_rows:
            self._say(logging.WARNING, "rows broken", *kind, **where, broken_rows=event.broken_rows)

    def _say(self, level: int, line: str, *kind: str, **facts: object) -> None:
        # `line` is always one of the texts above; the sieve cannot see that from here.
        suppressed = self._throttle.admit(line, *kind)
        if suppressed is None:
            return
        if suppressed:
            facts["suppressed"] = suppressed
        self._logger.log(level, Written(line), **facts)

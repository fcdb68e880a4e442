"""The log back-end: refused requests, failed bureaus and broken rows, throttled to a readable volume."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from cachetools import LRUCache
from msgspec.structs import asdict
from structlog.typing import FilteringBoundLogger

from observability.events import (
    CaseSubjectsCounted,
    FaultyRoundTrip,
    OperationFailed,
    OperationFinished,
    Origins,
    PolicyInForce,
    PolicyRefused,
    RequestRefused,
    RoundTrip,
)
from observability.hooks import Handlers
from observability.redaction import Checked, Written

LINES: Final = 5
"""The number of lines of one kind in one window; the next line has the number of dropped lines."""
WINDOW_SECONDS: Final = 10.0
_KINDS: Final = 1_000
_INTERNAL: Final = "INTERNAL"


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


class LogObserver:
    """An Observer (see `observability.hooks`) that writes log lines; operations only at DEBUG."""

    __slots__ = ("_logger", "_throttle", "handlers")

    def __init__(
        self, logger: FilteringBoundLogger | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._logger: FilteringBoundLogger = structlog.get_logger().bind() if logger is None else logger
        self._throttle = Throttle(clock)
        ends: Handlers = (
            ((OperationFinished, self._finished),) if self._logger.is_enabled_for(logging.DEBUG) else ()
        )
        self.handlers: Handlers = (
            (OperationFailed, self._failed),
            (FaultyRoundTrip, self._round_trip),
            (RequestRefused, self._refused),
            (CaseSubjectsCounted, self._case_subjects),
            (PolicyInForce, self._in_force),
            (PolicyRefused, self._policy_refused),
            *ends,
        )

    def _failed(self, event: OperationFinished, _origins: Origins) -> None:
        facts = {"operation": event.operation, **_case_of(event)}
        self._log(logging.ERROR, "operation failed", event.outcome, **facts)

    def _finished(self, event: OperationFinished, _origins: Origins) -> None:
        self._logger.debug("operation", **asdict(event) | _case_of(event))

    def _refused(self, event: RequestRefused) -> None:
        level = logging.ERROR if event.code == _INTERNAL else logging.INFO
        self._log(level, "request refused", event.code, code=event.code, client=event.client)

    def _case_subjects(self, event: CaseSubjectsCounted) -> None:
        self._log(
            logging.WARNING,
            "many subjects under one case",
            event.client,
            event.outcome,
            client=event.client,
            purpose=event.purpose,
            case_number=Checked(event.case_number),
            count=event.subjects,
            outcome=event.outcome,
        )

    def _in_force(self, event: PolicyInForce) -> None:
        self._logger.info("policy in force", policy=event.version, rules=event.rules, seconds=event.seconds)

    def _policy_refused(self, event: PolicyRefused) -> None:
        # The reason quotes the files of the policies, which contain no personal data.
        self._logger.error("policy refused", policy=event.version, why=Written(event.why))

    def _round_trip(self, event: RoundTrip) -> None:
        where = {"bureau": event.bureau, "dataset": event.dataset}
        kind = (event.bureau, event.dataset, event.outcome)
        if event.outcome != "ok":
            self._log(
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
            self._log(logging.WARNING, "rows broken", *kind, **where, broken_rows=event.broken_rows)

    def _log(self, level: int, line: str, *kind: str, **facts: object) -> None:
        # `line` is always one of the texts above; the sieve cannot see that from here.
        suppressed = self._throttle.admit(line, *kind)
        if suppressed is None:
            return
        if suppressed:
            facts["suppressed"] = suppressed
        self._logger.log(level, Written(line), **facts)


def _case_of(event: OperationFinished) -> dict[str, str]:
    """Return the case number for a log line; it is complete, because its form was checked."""
    return {} if event.case_number is None else {"case_number": Checked(event.case_number)}

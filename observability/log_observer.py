"""The log back-end: refused requests, failed bureaus, broken rows and ended connections, throttled to a readable volume."""

import logging
import time
from collections.abc import Callable
from typing import Final

import structlog
from msgspec.structs import asdict
from structlog.typing import FilteringBoundLogger

from observability.events import (
    AuthorisationRefused,
    BureausChecked,
    CaseNumberRefused,
    CaseSubjectsCounted,
    CheckSignsWrong,
    ConnectionEnded,
    FaultyRoundTrip,
    OperationFailed,
    OperationFinished,
    Origins,
    PolicyInForce,
    PolicyRefused,
    RecordsKeptOut,
    RequestRefused,
)
from observability.hooks import Handlers
from observability.redaction import Checked, Written
from observability.request_trace import RequestTrace, traces_of
from observability.throttle import Throttle

_MOST_IDS: Final = 8
"""The ids of requests in one line."""
_INTERNAL: Final = "INTERNAL"
_CLIENT_GONE: Final = "client_gone"


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
            (CheckSignsWrong, self._check_signs),
            (BureausChecked, self._bureaus_checked),
            (ConnectionEnded, self._ended),
            (AuthorisationRefused, self._authorisation),
            (CaseNumberRefused, self._case_number),
            (CaseSubjectsCounted, self._case_subjects),
            (RecordsKeptOut, self._kept_out),
            (PolicyInForce, self._in_force),
            (PolicyRefused, self._policy_refused),
            *ends,
        )

    def _failed(self, event: OperationFinished, _origins: Origins) -> None:
        facts = {
            "operation": event.operation,
            "client": event.client,
            **_case_of(event),
            **_id_of(event.trace),
        }
        self._log(logging.ERROR, "operation failed", event.outcome, event.operation, event.client, **facts)

    def _finished(self, event: OperationFinished, _origins: Origins) -> None:
        self._logger.debug("operation", **asdict(event) | _case_of(event) | _id_of(event.trace))

    def _refused(self, event: RequestRefused) -> None:
        level = logging.ERROR if event.code == _INTERNAL else logging.INFO
        # The client is a part of the kind: what one client does hides no line about another.
        kind = (event.code, event.client)
        facts = {"code": event.code, "client": event.client, **_id_of(event.trace)}
        self._log(level, "request refused", *kind, **facts)

    def _ended(self, event: ConnectionEnded) -> None:
        # Callers leave every day: that is counted and not logged.
        if event.reason != _CLIENT_GONE:
            self._log(logging.WARNING, "connection ended", event.reason, reason=event.reason)

    def _check_signs(self, event: CheckSignsWrong) -> None:
        facts = {"operation": event.operation, "purpose": event.purpose, "client": event.client}
        line = "credit codes with a wrong check sign"
        self._log(logging.WARNING, line, event.operation, event.client, **facts, count=event.codes)

    def _bureaus_checked(self, event: BureausChecked) -> None:
        for each in event.datasets:
            if each.faulty:
                facts = {"bureau": each.bureau, "dataset": each.dataset, "broken_rows": each.faulty}
                self._log(logging.WARNING, "rows not as declared", each.bureau, each.dataset, **facts)

    def _kept_out(self, event: RecordsKeptOut) -> None:
        facts = {
            "bureau": event.bureau,
            "dataset": event.dataset,
            "reason": event.rule,
            "count": event.rows,
        }
        self._log(logging.WARNING, "records kept out", event.bureau, event.dataset, event.rule, **facts)

    def _authorisation(self, event: AuthorisationRefused) -> None:
        facts = {"client": event.client, "purpose": event.purpose, "dataset": event.dataset}
        kind = (event.client, event.rule)
        self._log(logging.WARNING, "no authorisation", *kind, **facts, reason=event.rule)

    def _case_number(self, event: CaseNumberRefused) -> None:
        facts = {"client": event.client, "purpose": event.purpose, "reason": event.rule}
        self._log(logging.WARNING, "case number refused", event.client, event.rule, **facts)

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

    def _round_trip(self, event: FaultyRoundTrip) -> None:
        where: dict[str, object] = {"bureau": event.bureau, "dataset": event.dataset, **_ids_of(event)}
        if event.why:
            where["why"] = Written(event.why)
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


def _id_of(trace: RequestTrace | None) -> dict[str, str]:
    return {} if trace is None else {"request_id": trace.request_id}


def _ids_of(event: FaultyRoundTrip) -> dict[str, object]:
    """Return the id of the only request of a round trip, or the first ids of those that share it."""
    traces = traces_of(event.origins)
    if len(traces) > 1:
        return {"request_ids": tuple([trace.request_id for trace in traces[:_MOST_IDS]])}
    return dict(_id_of(traces[0])) if traces else {}


def _case_of(event: OperationFinished) -> dict[str, str]:
    """Return the case number for a log line; it is complete, because its form was checked."""
    return {} if event.case_number is None else {"case_number": Checked(event.case_number)}

"""Events as a gateway would tell them, and one run through any observer."""

from __future__ import annotations

import time

from msgspec.structs import asdict, replace

from observability.events import (
    AuthorisationRefused,
    BureausChecked,
    CacheLooked,
    CaseNumberRefused,
    CaseSubjectsCounted,
    CheckSignsWrong,
    ConnectionEnded,
    DatasetChecked,
    FaultyRoundTrip,
    FieldsDenied,
    GrantMade,
    OpenIndexAnswered,
    OperationFailed,
    OperationFinished,
    OperationStarted,
    PlanCompiled,
    PolicyInForce,
    PolicyRefused,
    RecordsKeptOut,
    RequestRefused,
    RoundTrip,
)
from observability.hooks import Hooks
from observability.redaction import Written
from observability.request_trace import RequestTrace

NOW = time.time_ns()
TRACE = RequestTrace(0x0AF7651916CD43DD8448EB211C80319C, 0xB7AD6B7169203331)
STARTED = OperationStarted("profile", "credit/review", "library", NOW)
FINISHED = OperationFinished("profile", "credit/review", "library", "ok", 0.0013, 53, (), "kbadcafe")
PLANNED = PlanCompiled("profile", "credit/review", NOW, 0.004, 7, 2)
TRIP = RoundTrip("tax", "tax_grade", "credit/review", 4, 10, 2, NOW, 0.0007, "ok", 0, ())
FAILED = FaultyRoundTrip(
    **{**asdict(TRIP), "outcome": "BUREAU_TIMED_OUT", "broken_rows": 3},
    why="the relation is locked (SQLSTATE 55P03)",
    broken_by=((Written("organ: blank"), 3),),
)
FAULT = OperationFailed(**{**asdict(FINISHED), "outcome": "INTERNAL"})
REFUSED = RequestRefused("TOKEN_EXPIRED", "library")
ENDED = ConnectionEnded("head_too_slow")
IN_FORCE = PolicyInForce("kbadcafe", 43, 0.4)
NOT_TAKEN = PolicyRefused("kbadcafe", "permits/reward.cedar:3: this is not Cedar")
GRANTED = GrantMade("profile", "organ", "credit/review", "kbadcafe", (("Person.name", "read", "asked", ""),))
DOUBTED = CheckSignsWrong("profile", "credit/review", "library", 2)
CHECKED = BureausChecked(1_780_000_000.0, (DatasetChecked("tax", "tax_grade", 9, 2, (("key_form", 2),)),))
COUNTED = CaseSubjectsCounted("library", "credit/review", "2026 No. 7", 25, "alarm")
MISNUMBERED = CaseNumberRefused("library", "credit/review", Written("of another kind of case"))
UNAUTHORISED = AuthorisationRefused("bank", "credit/review", "credit_office.authorisation", Written("spent"))
KEPT_OUT = RecordsKeptOut("tax", "tax_grade", Written("simplified procedure against a natural person"), 3)
READ_BY_ALL = OpenIndexAnswered("html")
DENIED = FieldsDenied("credit/review", ("Person.taxes", "Person.courts"))


def run(hooks: Hooks, text: str | None = None) -> None:
    """Tell every event once; with `text` every text of every event is that text."""
    origins = hooks.started(_with(STARTED, text, "operation", "purpose", "client"))
    hooks.emit(_with(PLANNED, text, "operation", "purpose"))
    for cache in ("token", "plan", "grant"):
        hooks.emit(CacheLooked(text or cache, hit=cache == "plan"))
    for trip in (TRIP, FAILED):
        told = replace(trip, origins=(origins,))
        if text is not None and isinstance(told, FaultyRoundTrip):
            told = replace(told, broken_by=((text, 3),))
        hooks.emit(_with(told, text, "bureau", "dataset", "purpose", "outcome"))
    hooks.emit(DENIED if text is None else FieldsDenied(text, (text,)))
    hooks.emit(_with(REFUSED, text, "code", "client"))
    hooks.emit(_with(DOUBTED, text, "operation", "purpose", "client"))
    hooks.emit(_with(COUNTED, text, "client", "purpose", "outcome"))
    hooks.emit(_with(MISNUMBERED, text, "client", "purpose", "rule"))
    hooks.emit(_with(UNAUTHORISED, text, "client", "purpose", "dataset", "rule"))
    hooks.emit(_with(KEPT_OUT, text, "bureau", "dataset", "rule"))
    hooks.emit(_with(READ_BY_ALL, text, "outcome"))
    (found,) = CHECKED.datasets
    told = found if text is None else DatasetChecked(text, text, 9, 2, ((text, 2),))
    hooks.emit(replace(CHECKED, datasets=(told,)))
    hooks.emit(_with(ENDED, text, "reason"))
    hooks.emit(ConnectionEnded("client_gone"))
    uses = GRANTED.uses if text is None else ((text, text, text, text),)
    hooks.emit(replace(_with(GRANTED, text, "operation", "kind", "purpose", "policy"), uses=uses))
    hooks.emit(_with(IN_FORCE, text, "version"))
    hooks.emit(_with(NOT_TAKEN, text, "version"))
    partial = replace(FINISHED, outcome="partial", errors=("FIELD_DENIED",) if text is None else (text,))
    hooks.finished(_with(partial, text, "operation", "purpose", "client", "outcome", "policy"), origins)
    again = hooks.started(_with(STARTED, text, "operation"))
    hooks.finished(_with(FAULT, text, "operation", "purpose", "client"), again)


def _with(event, text: str | None, *names: str):
    return event if text is None else replace(event, **dict.fromkeys(names, text))

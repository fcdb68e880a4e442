"""What happened, as frozen values that cost little to make. Times are nanoseconds of `time.time_ns()`, durations are in seconds."""

from __future__ import annotations

import msgspec

Origin = object
"""What back-ends returned for an operation's start; opaque to everybody else. Links a round trip to the
operations in it."""


class OperationStarted(msgspec.Struct, frozen=True):
    """A request's document, caller and purpose are known."""

    operation: str
    purpose: str
    client: str
    started_ns: int
    case_number: str | None = None
    """The number of the case that the request names; its form was checked, and it holds no identity number."""


class OperationFinished(msgspec.Struct, frozen=True):
    """An operation was answered. `outcome` is "ok", "partial" or the code of the request error."""

    operation: str
    purpose: str
    client: str
    outcome: str
    seconds: float
    nodes: int
    errors: tuple[str, ...]
    """The codes of the errors beside the data, each once."""
    policy: str = ""
    """The version of the policy under which it was decided."""
    case_number: str | None = None
    """As in `OperationStarted`."""


class OperationFailed(OperationFinished, frozen=True):
    """An operation that ended with INTERNAL: a class of its own, for observers of faults alone."""


class RequestRefused(msgspec.Struct, frozen=True):
    """A request ended before an operation started; `code` says why."""

    code: str
    client: str


class PlanCompiled(msgspec.Struct, frozen=True):
    """A document was parsed, validated and compiled."""

    operation: str
    purpose: str
    started_ns: int
    seconds: float
    fetches: int
    denied: int


class GrantMade(msgspec.Struct, frozen=True):
    """It was decided what a kind of caller may use of an operation for a purpose, under a version of the policy."""

    operation: str
    kind: str
    purpose: str
    policy: str
    uses: tuple[tuple[str, str, str, str], ...]
    """Of each use: the field's coordinate, the use, how its subject was reached, and the field that makes it."""


class FieldsDenied(msgspec.Struct, frozen=True):
    """Fields that a free document asked for and that its purpose does not cover."""

    purpose: str
    coordinates: tuple[str, ...]


class PolicyInForce(msgspec.Struct, frozen=True):
    """A version of the policy decides from now on."""

    version: str
    rules: int
    seconds: float
    """How long it took to read, prove and prepare."""


class PolicyRefused(msgspec.Struct, frozen=True):
    """A set of policies was not taken; what was in force stays."""

    version: str
    """The version that stays in force."""
    why: str
    """File, line and reason of everything that is wrong."""


class RoundTrip(msgspec.Struct, frozen=True):
    """A data set was read for a batch. `outcome` is "ok" or the code of the error.

    There is one event for each data set of a joined statement, each with the seconds of the whole.
    """

    bureau: str
    dataset: str
    purpose: str
    columns: int
    keys: int
    callers: int
    started_ns: int
    seconds: float
    outcome: str
    broken_rows: int
    origins: tuple[Origin, ...]
    """What `Hooks.started` returned for each operation with keys in the batch."""


class FaultyRoundTrip(RoundTrip, frozen=True):
    """A round trip that failed or had broken rows: a class of its own, for observers of faults alone."""


class CacheLooked(msgspec.Struct, frozen=True):
    """A cache was asked: "token", "plan" or "grant"."""

    cache: str
    hit: bool

"""What happened, as frozen facts. Times are nanoseconds of `time.time_ns()`, durations are in seconds."""

from __future__ import annotations

from dataclasses import dataclass

Origin = object
"""What back-ends returned for an operation's start; opaque to everybody else. Links a round trip to the
operations in it."""


@dataclass(frozen=True, slots=True)
class OperationStarted:
    """A request's document, caller and purpose are known."""

    operation: str
    purpose: str
    client: str
    started_ns: int


@dataclass(frozen=True, slots=True)
class OperationFinished:
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


@dataclass(frozen=True, slots=True)
class RequestRefused:
    """A request ended before an operation started; `code` says why."""

    code: str
    client: str


@dataclass(frozen=True, slots=True)
class PlanCompiled:
    """A document was parsed, validated and compiled."""

    operation: str
    purpose: str
    started_ns: int
    seconds: float
    fetches: int
    denied: int


@dataclass(frozen=True, slots=True)
class GrantMade:
    """It was decided what a kind of caller may use of an operation for a purpose, under a version of the policy."""

    operation: str
    kind: str
    purpose: str
    policy: str
    uses: tuple[tuple[str, str, str, str], ...]
    """Of each use: the field's coordinate, the use, how its subject was reached, and the field that makes it."""


@dataclass(frozen=True, slots=True)
class FieldsDenied:
    """Fields that a free document asked for and that its purpose does not cover."""

    purpose: str
    coordinates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """A version of the policy decides from now on."""

    version: str
    rules: int
    seconds: float
    """How long it took to read, prove and prepare."""


@dataclass(frozen=True, slots=True)
class PolicyRefused:
    """A set of policies was not taken; what was in force stays."""

    version: str
    """The version that stays in force."""
    why: str
    """File, line and reason of everything that is wrong."""


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """A data set was read for a batch. `outcome` is "ok" or the code of the error.

    Data sets that one statement read are told of one by one, each with the seconds of the whole.
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


@dataclass(frozen=True, slots=True)
class CacheLooked:
    """A cache was asked: "token", "plan" or "grant"."""

    cache: str
    hit: bool

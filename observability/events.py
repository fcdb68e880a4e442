"""The events, as cheap frozen values. Times are nanoseconds of `time.time_ns()`, durations are seconds."""

from typing import Literal, TypeAlias

import msgspec

from observability.redaction import Written
from observability.request_trace import OutgoingTrace, RequestTrace

Origin = object
"""A back-end's value for an operation's start, opaque to other code. It links a round trip to its operations."""
Origins: TypeAlias = tuple[Origin | None, ...] | None
"""The result of `Hooks.started`."""


class OperationStarted(msgspec.Struct, frozen=True):
    """A request's document, caller and purpose are known."""

    operation: str
    purpose: str
    client: str
    started_ns: int
    case_number: str | None = None
    """The case number of the request; its form was checked, and it contains no identity number."""
    trace: RequestTrace | None = None


class OperationFinished(msgspec.Struct, frozen=True):
    """The gateway answered an operation. `outcome` is "ok", "partial" or the code of the request error."""

    operation: str
    purpose: str
    client: str
    outcome: str
    seconds: float
    nodes: int
    errors: tuple[str, ...]
    """The codes of the errors beside the data, each once."""
    policy: str = ""
    """The version of the deciding policy."""
    case_number: str | None = None
    """As in `OperationStarted`."""
    trace: RequestTrace | None = None


class OperationFailed(OperationFinished, frozen=True):
    """An operation that ended with INTERNAL; observers of faults need this class only."""


class Fact(msgspec.Struct, frozen=True):
    """An event apart from the start and the end of an operation."""


class RequestRefused(Fact, frozen=True):
    """A request was refused with the error `code`."""

    code: str
    client: str
    operation: str = ""
    """The operation that had started; its end is counted as well. Empty if the request ended before."""
    trace: RequestTrace | None = None


class OpenIndexAnswered(Fact, frozen=True):
    """The gateway answered somebody with the open index; `outcome` is the form, or "not_modified" for a known one."""

    outcome: Literal["html", "json", "not_modified"]


class CheckSignsWrong(Fact, frozen=True):
    """An operation names credit codes whose check sign does not fit; `codes` is their number."""

    operation: str
    purpose: str
    client: str
    codes: int


EndReason: TypeAlias = Literal[
    "client_gone",
    "head_too_large",
    "head_too_slow",
    "malformed",
    "too_many_waiting",
    "answer_unread",
    "made_room",
    "connections_full",
]
"""Why a connection ended early. All but "client_gone" are decisions of the gateway."""


class ConnectionEnded(Fact, frozen=True):
    """A connection ended before a request on it was read or answered."""

    reason: EndReason


class PlanCompiled(Fact, frozen=True):
    """A document was parsed, validated and compiled."""

    operation: str
    purpose: str
    started_ns: int
    seconds: float
    fetches: int
    denied: int


class GrantMade(Fact, frozen=True):
    """A version of the policy decided the uses of an operation, for a kind of caller and a purpose."""

    operation: str
    kind: str
    purpose: str
    policy: str
    uses: tuple[tuple[str, str, str, str], ...]
    """For each use: the coordinate of the field, the use, the path to the subject, and the field that makes the use."""


class FieldsDenied(Fact, frozen=True):
    """A free document has fields that its purpose does not cover."""

    purpose: str
    coordinates: tuple[str, ...]


class PolicyInForce(Fact, frozen=True):
    """A version of the policy decides from now on."""

    version: str
    rules: int
    seconds: float
    """The time to read, prove and prepare it."""


class PolicyRefused(Fact, frozen=True):
    """The gateway refused a set of policies, and keeps the version in force."""

    version: str
    """The version that stays in force."""
    why: str
    """File, line and reason of every fault."""


class DatasetChecked(msgspec.Struct, frozen=True):
    """The counts of one data set in a check of the bureaus: its rows, the faulty ones, and the rows by fault."""

    bureau: str
    dataset: str
    rows: int
    faulty: int
    faults: tuple[tuple[str, int], ...]


class BureausChecked(Fact, frozen=True):
    """A check of the bureaus has a new result; `at` is its end in seconds of the Unix clock.

    Without data sets, the last result is empty or is no longer there.
    """

    at: float
    datasets: tuple[DatasetChecked, ...]


class RoundTrip(Fact, frozen=True):
    """A round trip read a data set for a batch. `outcome` is "ok" or the code of the error.

    There is one event for each data set of a joined statement, each with the seconds of the whole: `repeated` is false
    for the one of them whose outcome is that of the statement, a failure if there is one.
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
    """The origins of each operation with keys in the batch: its `RequestTrace`, and the result of `Hooks.started`."""
    joined: bool = False
    """Whether the statement read several data sets."""
    repeated: bool = False
    """Whether another event has the time of this statement as well."""
    outgoing: OutgoingTrace | None = None
    """The trace that the gateway sent to the bureau, or None if it sent none."""


class FaultyRoundTrip(RoundTrip, frozen=True):
    """A round trip that failed or had broken rows; observers of faults need this class only."""

    why: str = ""
    """The reasons in our own words, with SQLSTATE, column and rule, and without any value."""
    broken_by: tuple[tuple[Written, int], ...] = ()
    """For each rule that rows break the number of these rows."""


class RecordsKeptOut(Fact, frozen=True):
    """A bureau gave records that the law keeps out, or whose state nobody can compute; `rule` says which, in our words."""

    bureau: str
    dataset: str
    rule: Written
    rows: int


class AuthorisationRefused(Fact, frozen=True):
    """A lender asked about a borrower without an authorisation that stands; `rule` says why, in our words."""

    client: str
    purpose: str
    dataset: str
    """The full name of the data set of the authorisations."""
    rule: Written


class CaseNumberRefused(Fact, frozen=True):
    """A request was refused for its case number, or for want of one; `rule` says why."""

    client: str
    purpose: str
    rule: Written


class CaseSubjectsCounted(Fact, frozen=True):
    """A client asked about many subjects under one case number. `outcome` is "alarm" or "refused"."""

    client: str
    purpose: str
    case_number: str
    """Its form was checked, and it contains no identity number."""
    subjects: int
    """The number of distinct subjects so far."""
    outcome: str


class BureauChecked(Fact, frozen=True):
    """The gateway asked a bureau whether it is ready. `outcome` is "ok" or the code of the error."""

    bureau: str
    outcome: str


class CacheLooked(Fact, frozen=True):
    """A look into a cache: "token", "plan" or "grant"."""

    cache: str
    hit: bool

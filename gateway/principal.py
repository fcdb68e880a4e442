"""The caller as its token names it, and what it asks."""

from dataclasses import dataclass, field
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks, and for which purposes it was granted to ask.

    `subject` is the identity number of the person to whom a citizen's token was issued, else None. `enterprise` is the
    credit code of the enterprise for which that person says to act; whether the person may is looked up at each
    request. Both are left out of the representation, so that they reach no log. `expires_at` is the first moment, in seconds
    of the Unix clock, at which the token is no longer accepted.
    """

    client: str
    department: str
    region: str
    purposes: frozenset[str]
    subject: str | None = field(repr=False)
    expires_at: float
    enterprise: str | None = field(default=None, repr=False)


class RequestFacts(msgspec.Struct, frozen=True):
    """One request as the subject gate and the evidence know it: who asks what, for what, when, for which case."""

    operation: str
    purpose: str
    client: str
    kind: str
    """Of the client."""
    requested_ns: int
    """Nanoseconds of `time.time_ns()`."""
    deadline: float
    """A time of the running loop."""
    case_number: str | None = None
    """None, or a text of the form of a case number, which no identity number has."""


class GraphQLRequest(msgspec.Struct, frozen=True):
    """A request that names exactly one of `document` and `document_id`.

    `document_hash` stands beside a document: the id that a client of persisted queries sends for it.
    """

    document: str | None
    document_id: str | None
    operation_name: str | None
    variables: dict[str, Any]
    case_number: str | None = None
    """What the member `caseNumber` of the extensions holds, unchecked."""
    by_get: bool = False
    """Whether it came by GET, by which nothing may be changed."""
    document_hash: str | None = None

"""The trace and the id of a request: continued from its headers where they are safe, new where they are not.

`traceparent` is that of W3C Trace Context, level 1; `tracestate` and `baggage` are not read and never passed on, because
they may hold any text. An id that may contain a person's identity number is not taken.
"""

import re
from collections.abc import Sequence
from contextvars import ContextVar
from random import getrandbits
from typing import Final, cast

import msgspec

from observability.redaction import RequestId, holds_person_number, scrub

SAMPLED: Final = 1
"""The only flag of version 00 of a `traceparent`."""
_TRACEPARENT: Final = re.compile(
    rb"(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[\x21-\x7e]*)?"
)
_LONGEST_TRACEPARENT: Final = 256
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_HEX: Final = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
"""A random number as hexadecimal digits or as a UUID: its digits are not looked at one by one."""


class RequestTrace(msgspec.Struct, eq=False):
    """The trace of one request; `operation` is filled in when its operation starts."""

    trace_id: int
    span_id: int
    """Of the gateway's own span."""
    parent_id: int = 0
    """The caller's span, or 0."""
    flags: int = 0
    given_id: str = ""
    """The `X-Request-ID` of the caller, or empty."""
    operation: str = ""

    @property
    def request_id(self) -> RequestId:
        """The id under which the caller, the log and the bureaus know the request."""
        return RequestId(self.given_id or f"{self.trace_id:032x}")

    @property
    def is_named(self) -> bool:
        """Whether the caller sent an id or a trace of its own."""
        return bool(self.given_id or self.parent_id)


class OutgoingTrace(msgspec.Struct, frozen=True):
    """The trace of one round trip, for the headers of the request to its bureau."""

    trace_id: int
    span_id: int
    """Of the round trip."""
    flags: int
    request_id: str | None
    """Empty for the id that is the trace's; None where several requests share the round trip."""


OUTGOING: ContextVar[OutgoingTrace | None] = ContextVar("outgoing trace", default=None)
"""Set in the task of one round trip, by the loader that makes it; it decides nothing."""
COMPILING: ContextVar[Sequence[RequestTrace]] = ContextVar("request whose plan is compiled", default=())


def continue_trace(trace: RequestTrace, traceparent: bytes | None, request_id: bytes | None) -> None:
    """Make a new trace the one that a request's headers name; what is not of its form, or not safe, is ignored."""
    found = _parse(traceparent) if traceparent else None
    if found is not None:
        trace.trace_id, trace.parent_id, trace.flags = found
    trace.given_id = _safe_id(request_id) if request_id else ""


def _parse(traceparent: bytes) -> tuple[int, int, int] | None:
    found = _TRACEPARENT.fullmatch(traceparent) if len(traceparent) <= _LONGEST_TRACEPARENT else None
    if found is None or (found[1] == b"00" and found[5] is not None):
        return None
    trace_id, parent_id = int(found[2], 16), int(found[3], 16)
    if not trace_id or not parent_id or holds_person_number((found[2] + found[3]).decode()):
        return None
    return trace_id, parent_id, int(found[4], 16) & SAMPLED


def _safe_id(given: bytes) -> str:
    """Return the id if it has a safe form, else the empty text."""
    text = given.decode("latin-1")
    if not _REQUEST_ID.fullmatch(text) or holds_person_number(text):
        return ""
    return text if _HEX.fullmatch(text) or scrub(text) == text else ""


def traces_of(origins: Sequence[object]) -> list[RequestTrace]:
    """Return the requests among origins, each once; an origin is a request, a back-end's, or a tuple of these."""
    found: dict[int, RequestTrace] = {}
    for origin in origins:
        if isinstance(origin, RequestTrace):
            found[id(origin)] = origin
        elif isinstance(origin, tuple):
            found.update({id(each): each for each in traces_of(cast("tuple[object, ...]", origin))})
    return list(found.values())


def shared_trace(origins: Sequence[object]) -> OutgoingTrace | None:
    """Return the trace of a round trip: that of its only request, or one of its own where several share it."""
    traces = traces_of(origins)
    if not traces:
        return None
    span_id = getrandbits(64)
    if len(traces) == 1:
        (trace,) = traces
        return OutgoingTrace(trace.trace_id, span_id, trace.flags, trace.given_id)
    return OutgoingTrace(getrandbits(128), span_id, max(trace.flags for trace in traces), None)

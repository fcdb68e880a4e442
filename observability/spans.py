"""Spans: one for an operation, one for a compiled plan, one for each round trip to a bureau.

One request is one trace: its operation's span continues the caller's trace, and its round trips are children of that
span. A round trip that several requests share is a root span with a link to each of them. `OTEL_TRACES_SAMPLER` sets
the sampling.
"""

from collections.abc import Iterator
from typing import Final, cast

from opentelemetry.context import Context
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    NoOpTracer,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
)

from observability.events import (
    FaultyRoundTrip,
    OperationFailed,
    OperationFinished,
    OperationStarted,
    Origin,
    Origins,
    PlanCompiled,
    RoundTrip,
)
from observability.hooks import Handlers
from observability.metrics import ANSWERED
from observability.redaction import AttributeName, Checked, Value, attributes, name
from observability.request_trace import COMPILING, RequestTrace

_ROOT: Final = Context()  # nothing ambient becomes a parent
_NANOSECONDS: Final = 1_000_000_000


class ChosenIds(RandomIdGenerator):
    """Gives the next span the ids that were chosen for it before, and random ones to all others.

    The gateway sends ids to bureaus and to the log before it writes the span.
    """

    def __init__(self) -> None:
        self._trace_id = self._span_id = 0

    def choose(self, trace_id: int, span_id: int) -> None:
        """Choose the ids of the next span; 0 leaves one to chance."""
        self._trace_id, self._span_id = trace_id, span_id

    def generate_trace_id(self) -> int:
        """Return the chosen id once."""
        chosen, self._trace_id = self._trace_id, 0
        return chosen or super().generate_trace_id()

    def generate_span_id(self) -> int:
        """Return the chosen id once."""
        chosen, self._span_id = self._span_id, 0
        return chosen or super().generate_span_id()


class Spans:
    """Turns events into spans of one tracer, until it is stopped."""

    __slots__ = ("_ids", "_tracer", "handlers")

    def __init__(self, tracer: Tracer, ids: ChosenIds) -> None:
        self._tracer = tracer
        self._ids = ids
        self.handlers: Handlers = (
            (OperationStarted, self.started),
            (OperationFinished, self.finished),
            (OperationFailed, self.finished),
            (PlanCompiled, self.plan),
            (RoundTrip, self.round_trip),
            (FaultyRoundTrip, self.round_trip),
        )

    def stop(self) -> None:
        """Write no spans of later events."""
        self._tracer = NoOpTracer()

    def started(self, event: OperationStarted) -> Span:
        """Open an operation's span; its name is the operation's type, as the semantic conventions demand."""
        given: dict[AttributeName, Value] = {
            "graphql.operation.type": "query",
            "graphql.operation.name": event.operation,
            "creditgraph.purpose": event.purpose,
            "creditgraph.client": event.client,
        }
        if event.case_number is not None:
            given["creditgraph.case_number"] = Checked(event.case_number)
        trace, parent = event.trace, _ROOT
        if trace is not None:
            given["creditgraph.request_id"] = trace.request_id
            self._ids.choose(trace.trace_id, trace.span_id)
            if trace.parent_id:
                parent = _remote(trace, trace.parent_id, trace.flags)
        span = self._tracer.start_span(
            "query", parent, SpanKind.SERVER, attributes(given), start_time=event.started_ns
        )
        self._ids.choose(0, 0)
        if trace is not None:
            trace.flags = span.get_span_context().trace_flags
        return span

    def finished(self, event: OperationFinished, origins: Origins) -> None:
        """Close the operation's span with its outcome."""
        given: dict[AttributeName, Value] = {
            "creditgraph.outcome": event.outcome,
            "creditgraph.nodes": event.nodes,
            "creditgraph.policy": event.policy,
        }
        if event.errors:
            given["creditgraph.errors"] = event.errors
        if event.outcome not in ANSWERED:
            given["error.type"] = event.outcome
        for span in _spans(origins or ()):
            if "error.type" in given:
                span.set_status(Status(StatusCode.ERROR))
            span.set_attributes(attributes(given))
            span.end()

    def plan(self, event: PlanCompiled) -> None:
        """Write the span of a finished compilation."""
        given: dict[AttributeName, Value] = {
            "graphql.operation.name": event.operation,
            "creditgraph.purpose": event.purpose,
            "creditgraph.fetches": event.fetches,
            "creditgraph.denied": event.denied,
        }
        parent = _ROOT
        for trace in COMPILING.get():
            parent = _remote(trace, trace.span_id, trace.flags)
        span = self._tracer.start_span(
            "plan", parent, attributes=attributes(given), start_time=event.started_ns
        )
        span.end(_end(event.started_ns, event.seconds))

    def round_trip(self, event: RoundTrip) -> None:
        """Write the span of a finished round trip: a child of the only operation in it, or a root with links."""
        operations = {id(span): span for span in _spans(event.origins)}
        parent, links = _ROOT, [Link(span.get_span_context()) for span in operations.values()]
        if len(operations) == 1:
            parent, links = set_span_in_context(next(iter(operations.values())), _ROOT), []
        if event.outgoing is not None:
            self._ids.choose(event.outgoing.trace_id, event.outgoing.span_id)
        span = self._tracer.start_span(
            f"fetch {name(event.bureau)}.{name(event.dataset)}",
            parent,
            SpanKind.CLIENT,
            attributes(_describe(event)),
            links,
            event.started_ns,
        )
        self._ids.choose(0, 0)
        if event.outcome != "ok":
            span.set_status(Status(StatusCode.ERROR))
        span.end(_end(event.started_ns, event.seconds))


def _remote(trace: RequestTrace, span_id: int, flags: int) -> Context:
    """Return the context of a parent that is no span of this tracer, or not yet."""
    parent = SpanContext(trace.trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
    return set_span_in_context(NonRecordingSpan(parent), _ROOT)


def _describe(event: RoundTrip) -> dict[AttributeName, Value]:
    given: dict[AttributeName, Value] = {
        "creditgraph.bureau": event.bureau,
        "creditgraph.dataset": event.dataset,
        "creditgraph.purpose": event.purpose,
        "creditgraph.columns": event.columns,
        "creditgraph.keys": event.keys,
        "creditgraph.callers": event.callers,
        "creditgraph.broken_rows": event.broken_rows,
        "creditgraph.outcome": event.outcome,
    }
    if event.outcome != "ok":
        given["error.type"] = event.outcome
    return given


def _end(started_ns: int, seconds: float) -> int:
    return started_ns + int(seconds * _NANOSECONDS)


def _spans(origins: tuple[Origin | None, ...]) -> Iterator[Span]:
    """Yield the spans among origins; an origin is a back-end's, or a tuple with one for each back-end."""
    for origin in origins:
        if isinstance(origin, Span):
            yield origin
        elif isinstance(origin, tuple):
            yield from _spans(cast("tuple[Origin, ...]", origin))

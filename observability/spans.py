"""Spans: one for an operation, one for a compiled plan, one for each round trip to a bureau.

A round trip serves several operations. Its span is therefore a root span with a link to each operation, and no
child of one. `OTEL_TRACES_SAMPLER` sets the sampling.
"""

from collections.abc import Iterator
from typing import Final, cast

from opentelemetry.context import Context
from opentelemetry.trace import Link, NoOpTracer, Span, SpanKind, Status, StatusCode, Tracer

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

_ROOT: Final = Context()  # nothing ambient becomes a parent
_NANOSECONDS: Final = 1_000_000_000


class Spans:
    """Turns events into spans of one tracer, until it is stopped."""

    __slots__ = ("_tracer", "handlers")

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
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
        return self._tracer.start_span(
            "query", _ROOT, SpanKind.SERVER, attributes(given), start_time=event.started_ns
        )

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
        span = self._tracer.start_span(
            "plan", _ROOT, attributes=attributes(given), start_time=event.started_ns
        )
        span.end(_end(event.started_ns, event.seconds))

    def round_trip(self, event: RoundTrip) -> None:
        """Write the span of a finished round trip."""
        links = [Link(span.get_span_context()) for span in _spans(event.origins)]
        span = self._tracer.start_span(
            f"fetch {name(event.bureau)}.{name(event.dataset)}",
            _ROOT,
            SpanKind.CLIENT,
            attributes(_describe(event)),
            links,
            event.started_ns,
        )
        if event.outcome != "ok":
            span.set_status(Status(StatusCode.ERROR))
        span.end(_end(event.started_ns, event.seconds))


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

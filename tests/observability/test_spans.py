from __future__ import annotations

import pytest
from msgspec.structs import replace
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from observability.events import OperationStarted
from observability.hooks import Hooks
from observability.log_observer import LogObserver
from observability.redaction import ALLOWED
from observability.telemetry import Telemetry
from tests.support import event_samples as samples


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    """Keeps each span that ended."""
    return InMemorySpanExporter()


@pytest.fixture
def hooks(exporter: InMemorySpanExporter):
    """Hooks with two back-ends, of which the second writes spans."""
    telemetry = Telemetry(None, span_exporter=exporter)
    yield Hooks([LogObserver(), telemetry])
    telemetry.shutdown()


def named(exporter: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    """Return the spans of one name."""
    return [span for span in exporter.get_finished_spans() if span.name == name]


def test_an_operation_is_a_server_span_of_its_type(hooks, exporter):
    """An operation's span is named after its type, starts when it started and tells its outcome."""
    hooks.finished(samples.FINISHED, hooks.started(samples.STARTED))
    (span,) = exporter.get_finished_spans()
    assert (span.name, span.kind, span.start_time) == ("query", SpanKind.SERVER, samples.NOW)
    assert span.parent is None
    assert dict(span.attributes) == {
        "graphql.operation.type": "query",
        "graphql.operation.name": "profile",
        "creditgraph.purpose": "credit/review",
        "creditgraph.client": "library",
        "creditgraph.outcome": "ok",
        "creditgraph.nodes": 53,
        "creditgraph.policy": "kbadcafe",
    }
    assert span.status.status_code is StatusCode.UNSET


def test_the_span_of_an_operation_names_its_case(hooks, exporter):
    """The case number of a request stands in its span."""
    case = replace(samples.STARTED, case_number="（2026）豫15执123号")
    hooks.finished(samples.FINISHED, hooks.started(case))
    (span,) = exporter.get_finished_spans()
    assert span.attributes["creditgraph.case_number"] == "（2026）豫15执123号"


def test_a_failed_operation_has_the_status_error(hooks, exporter):
    """An operation that ended in a code has the status error, without a description, and the code."""
    hooks.finished(samples.FAULT, hooks.started(samples.STARTED))
    (span,) = exporter.get_finished_spans()
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, None)
    assert span.attributes["error.type"] == "INTERNAL"


def test_a_partial_answer_names_the_codes_beside_its_data(hooks, exporter):
    """An answer with errors beside its data is no error of the operation, and names their codes."""
    partial = replace(samples.FINISHED, outcome="partial", errors=("FIELD_DENIED",))
    hooks.finished(partial, hooks.started(samples.STARTED))
    (span,) = exporter.get_finished_spans()
    assert span.status.status_code is StatusCode.UNSET
    assert span.attributes["creditgraph.errors"] == ("FIELD_DENIED",)


def test_a_round_trip_is_linked_to_each_operation_in_it(hooks, exporter):
    """A round trip is a root span of a client with one link for each operation whose keys it carried."""
    origins = (hooks.started(samples.STARTED), hooks.started(samples.STARTED))
    hooks.emit(replace(samples.TRIP, origins=origins))
    for origin in origins:
        hooks.finished(samples.FINISHED, origin)
    (trip,) = named(exporter, "fetch tax.tax_grade")
    operations = {span.context.span_id for span in named(exporter, "query")}
    assert {link.context.span_id for link in trip.links} == operations
    assert (len(operations), trip.parent, trip.kind) == (2, None, SpanKind.CLIENT)
    assert (trip.start_time, trip.end_time) == (samples.NOW, samples.NOW + 700_000)


def test_an_origin_may_be_the_back_ends_own(exporter):
    """A round trip's origin is read both as the tuple of all back-ends and as this back-end's alone."""
    telemetry = Telemetry(None, span_exporter=exporter)
    start = dict(telemetry.handlers)[OperationStarted]
    origins = start(samples.STARTED), None, (None, start(samples.STARTED))
    Hooks([telemetry]).emit(replace(samples.TRIP, origins=origins))
    (trip,) = exporter.get_finished_spans()
    assert len(trip.links) == 2
    telemetry.shutdown()


def test_a_failed_round_trip_has_the_status_error(hooks, exporter):
    """A round trip that failed has the status error and its code, and counts its broken rows."""
    hooks.emit(samples.FAILED)
    (trip,) = exporter.get_finished_spans()
    assert trip.status.status_code is StatusCode.ERROR
    assert trip.attributes["error.type"] == "BUREAU_TIMED_OUT"
    assert trip.attributes["creditgraph.broken_rows"] == 3


def test_a_plan_is_a_span_after_the_fact(hooks, exporter):
    """A compiled plan is a span from its start over its duration, with its fetches and denials."""
    hooks.emit(samples.PLANNED)
    (plan,) = named(exporter, "plan")
    assert (plan.start_time, plan.end_time) == (samples.NOW, samples.NOW + 4_000_000)
    assert (plan.attributes["creditgraph.fetches"], plan.attributes["creditgraph.denied"]) == (7, 2)


def test_every_attribute_of_a_span_is_on_the_list(hooks, exporter):
    """No span, link, event or resource carries an attribute outside the allow-list."""
    samples.run(hooks)
    spans = exporter.get_finished_spans()
    names = {name for span in spans for name in (*span.attributes, *span.resource.attributes)}
    names |= {name for span in spans for part in (*span.links, *span.events) for name in part.attributes}
    assert len(spans) == 5
    assert names <= ALLOWED


def test_without_a_collector_there_is_no_tracer():
    """Without an endpoint and an exporter an operation has no origin and no span."""
    telemetry = Telemetry(None)
    assert Hooks([telemetry]).started(samples.STARTED) is None
    assert telemetry._spans is None


def test_nothing_global_is_set():
    """Building the back-end leaves the global tracer provider as it was."""
    before = trace.get_tracer_provider()
    Telemetry(None, span_exporter=InMemorySpanExporter()).shutdown()
    assert trace.get_tracer_provider() is before

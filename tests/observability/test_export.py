from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from observability.hooks import Hooks
from observability.redaction import ALLOWED
from observability.telemetry import Telemetry
from tests.support import event_samples as samples
from tests.support.collector import Collector, running_collector
from tests.support.marked_values import leaks, marked_values


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A collector that is up during the test."""
    with running_collector() as server:
        yield server


def test_spans_and_metrics_reach_the_collector(collector):
    """At shutdown every span and the last state of every metric have reached the OTLP collector."""
    telemetry = Telemetry(collector.address + "/")
    samples.run(Hooks([telemetry]))
    assert telemetry.shutdown(timeout=20)
    spans = collector.spans()
    names = sorted(span.name for span in spans)
    assert names == ["fetch tax.tax_grade"] * 2 + ["plan", "query", "query"]
    assert {attribute.key for span in spans for attribute in span.attributes} <= ALLOWED
    (resource,) = ExportMetricsServiceRequest.FromString(
        collector.received["/v1/metrics"][-1]
    ).resource_metrics
    assert {attribute.key for attribute in resource.resource.attributes} <= ALLOWED
    metrics = {metric.name: metric for scope in resource.scope_metrics for metric in scope.metrics}
    (duration,) = [
        point
        for point in metrics["creditgraph.operation.duration"].histogram.data_points
        if "partial" in str(point.attributes)
    ]
    assert (duration.count, metrics["creditgraph.operation.duration"].unit) == (1, "s")


@pytest.mark.parametrize("marked", marked_values(), ids=lambda marked: marked.kind)
def test_marked_values_do_not_reach_the_collector(marked, collector):
    """A marked value in every text of every event is in no byte that the collector was sent."""
    telemetry = Telemetry(collector.address)
    samples.run(Hooks([telemetry]), marked.text)
    assert telemetry.shutdown(timeout=20)
    sent = b"".join(body for bodies in collector.received.values() for body in bodies)
    assert b"creditgraph.operation.duration" in sent
    assert leaks(sent) == []


def test_a_shutdown_is_bounded_when_the_collector_hangs():
    """A collector that accepts and never answers holds a shutdown no longer than its bound."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        telemetry = Telemetry(f"http://127.0.0.1:{silent.getsockname()[1]}")
        samples.run(Hooks([telemetry]))
        # False says that it came back while the exporters were still waiting for an answer.
        assert not telemetry.shutdown(timeout=0.05)
        _wait_for_exporters()


def test_a_shutdown_ends_when_the_collector_is_down():
    """With nobody at the collector's address a shutdown ends, and events are still counted after it."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    telemetry = Telemetry(address)
    hooks = Hooks([telemetry])
    samples.run(hooks)
    assert telemetry.shutdown(timeout=20)
    samples.run(hooks)
    assert b"creditgraph_refusals_total" in telemetry.metrics_text()[0]


def test_a_second_shutdown_does_nothing():
    """A shutdown may be asked for twice."""
    telemetry = Telemetry(None)
    assert telemetry.shutdown()
    assert telemetry.shutdown()


def _wait_for_exporters() -> None:
    """Let the exporters' daemons give up, so that they do not run into the next test."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(timeout=20)

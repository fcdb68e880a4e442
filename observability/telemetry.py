"""The OpenTelemetry back-end: metrics always, spans if a collector is set.

It sets nothing global, so several gateways in one process have separate back-ends.
"""

import time
from collections.abc import Iterable
from threading import Thread
from typing import Final, Protocol

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.metrics import NoOpMeterProvider
from opentelemetry.sdk.metrics.export import (
    MetricReader,
    MetricsData,
    PeriodicExportingMetricReader,
    ResourceMetrics,
    ScopeMetrics,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from observability.gauges import Watch
from observability.hooks import Handlers
from observability.metrics import Metrics
from observability.spans import ChosenIds, Spans

SERVICE: Final = "creditgraph"
EXPORT_SECONDS: Final = 3.0
"""The time limit of one export to the collector, retries included."""
SHUTDOWN_SECONDS: Final = 5.0


class _Closable(Protocol):
    def shutdown(self) -> None: ...


class Telemetry:
    """An Observer (see `observability.hooks`) that keeps metrics and writes spans."""

    __slots__ = ("_closables", "_metrics", "_registry", "_resource", "_scope", "_spans")

    def __init__(
        self,
        otlp_endpoint: str | None,
        span_exporter: SpanExporter | None = None,
        metric_reader: MetricReader | None = None,
    ) -> None:
        """Take the collector's base address (`http://collector:4318`), if there is one.

        `span_exporter` receives each span at its end; `metric_reader` reads the metrics of /metrics. Without
        an endpoint and an exporter, there is no tracer.
        """
        processors: list[SpanProcessor] = (
            [] if span_exporter is None else [SimpleSpanProcessor(span_exporter)]
        )
        readers = [] if metric_reader is None else [metric_reader]
        if otlp_endpoint is not None:
            base = otlp_endpoint.rstrip("/")
            spans = OTLPSpanExporter(f"{base}/v1/traces", timeout=EXPORT_SECONDS)
            metrics = OTLPMetricExporter(f"{base}/v1/metrics", timeout=EXPORT_SECONDS)
            processors.append(BatchSpanProcessor(spans, meter_provider=NoOpMeterProvider()))
            readers.append(PeriodicExportingMetricReader(metrics))
        self._resource = Resource.create({"service.name": SERVICE})
        self._scope = InstrumentationScope(SERVICE)
        self._metrics = Metrics()
        self._registry = CollectorRegistry()
        self._closables: list[_Closable] = [*readers]
        self._spans = self._trace(processors) if processors else None
        for reader in (PrometheusMetricReader(scope_info_enabled=False, registry=self._registry), *readers):
            self._feed(reader)

    @property
    def handlers(self) -> Handlers:
        """The handlers that count and, where spans are written, the ones that trace."""
        return (*self._metrics.handlers, *(self._spans.handlers if self._spans else ()))

    def watch(self, watched: Watch) -> None:
        """Ask `watched` for the values of gauges at each collection."""
        self._metrics.gauges.watch(watched)

    def metrics_text(self) -> tuple[bytes, str]:
        """Return the metrics in Prometheus' text format and its content type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST

    def shutdown(self, timeout: float = SHUTDOWN_SECONDS) -> bool:
        """Send the remaining data and stop; return whether that ended within `timeout` seconds.

        It blocks, so call it outside the event loop. Later events are only counted.
        """
        if self._spans is not None:
            self._spans.stop()
        closables, self._closables = self._closables, []
        # Daemons, because a collector that is down must not delay the end of the process.
        threads = [Thread(target=closable.shutdown, daemon=True) for closable in closables]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + timeout
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    def _trace(self, processors: Iterable[SpanProcessor]) -> Spans:
        ids = ChosenIds()
        provider = TracerProvider(
            resource=self._resource,
            id_generator=ids,
            shutdown_on_exit=False,
            meter_provider=NoOpMeterProvider(),
        )
        for processor in processors:
            provider.add_span_processor(processor)
        self._closables.append(provider)
        return Spans(provider.get_tracer(SERVICE), ids)

    def _feed(self, reader: MetricReader) -> None:
        # The seam that a MeterProvider uses. It has no public name in Python's SDK, which lacks the
        # specification's MetricProducer; `observability.metrics` says why no MeterProvider is used.
        reader._set_collect_callback(self._collect)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]

    def _collect(self, _reader: object, timeout_millis: object = None) -> MetricsData:
        del timeout_millis  # nothing here waits
        scope = ScopeMetrics(self._scope, self._metrics.collect(), schema_url="")
        return MetricsData([ResourceMetrics(self._resource, [scope], schema_url="")])

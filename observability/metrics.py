r"""The metrics: events become counts in plain integers, which readers collect in OpenTelemetry's data model.

The instruments of opentelemetry-sdk are too slow: on 1.45.2 and CPython 3.11, one `record` costs 6 to 9 µs with
one reader and half as much again with a second; here it costs about 0.3 µs. A request records about ten values
in a total budget of 50 µs. Readers, exporters and points are the SDK's, so the process sends the data that the
SDK would send, always cumulative. Measured by ::

    python -m timeit -s "from observability import metrics as m; \
        d = m.Metrics()._operations" "m.record((d, ('profile', 'ok'), 0.004))"
    python -m timeit -s "from opentelemetry.sdk.metrics import MeterProvider as P, export as e; \
        h = P([e.InMemoryMetricReader()]).get_meter('m').create_histogram('h')" \
        "h.record(0.004, {'bureau': 'tax', 'outcome': 'ok'})"

All events come from the thread of the event loop. Readers collect from other threads: they see whole integers,
and the sum of a histogram lags by one event at most.
"""

import time
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Any, Final

from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Histogram,
    HistogramDataPoint,
    Metric,
    NumberDataPoint,
    Sum,
)
from opentelemetry.util.types import Attributes

from observability.events import (
    AuthorisationRefused,
    BureauChecked,
    BureausChecked,
    CacheLooked,
    CaseNumberRefused,
    CaseSubjectsCounted,
    CheckSignsWrong,
    ConnectionEnded,
    FaultyRoundTrip,
    FieldsDenied,
    OpenIndexAnswered,
    OperationFailed,
    OperationFinished,
    PolicyInForce,
    PolicyRefused,
    RecordsKeptOut,
    RequestRefused,
    RoundTrip,
)
from observability.gauges import BUREAU_UP, CHECKED_AT, CHECKED_ROWS, FAULTY_ROWS, RELOAD_OK, Gauges
from observability.hooks import Handlers
from observability.instruments import Instrument, Labels, Times
from observability.metric_tables import COUNTERS, DISTRIBUTIONS

ANSWERED: Final = frozenset({"ok", "partial"})
"""The outcomes of an operation that are no error codes."""
_CUMULATIVE: Final = AggregationTemporality.CUMULATIVE
ERROR: Final = "error"
"""The outcome of every other operation in its time; the code itself is counted once, in `creditgraph.errors`."""
SEVERAL: Final = "several"
_DOWN: Final = frozenset({"BUREAU_UNAVAILABLE", "BUREAU_TIMED_OUT"})


class Counter(Instrument[int]):
    """A sum that only grows, by labels."""

    def add(self, labels: Labels, amount: int = 1) -> None:
        """Count `amount` under `labels`, whose order is the instrument's."""
        if labels not in self.points:
            labels = self.key(labels)
        self.points[labels] = self.points.get(labels, 0) + amount

    def _data(self, points: Iterable[tuple[Attributes, int]], times: Times) -> Sum:
        sums = [NumberDataPoint(attributes, *times, amount) for attributes, amount in points]
        return Sum(sums, _CUMULATIVE, is_monotonic=True)


@dataclass(slots=True)
class _Distribution:
    counts: list[int]
    total: float = 0.0
    low: float = inf
    high: float = -inf


@dataclass(eq=False)
class Distributions(Instrument[_Distribution]):
    """A histogram with explicit bounds, by labels; each bound is the inclusive upper end of its bucket."""

    bounds: tuple[float, ...]

    def open(self, labels: Labels) -> _Distribution:
        """Return the point of new labels."""
        return self.points.setdefault(self.key(labels), _Distribution([0] * (len(self.bounds) + 1)))

    def _data(self, points: Iterable[tuple[Attributes, _Distribution]], times: Times) -> Histogram:
        return Histogram([self._point(*each, times) for each in points], _CUMULATIVE)

    def _point(self, attributes: Attributes, point: _Distribution, times: Times) -> HistogramDataPoint:
        counts = tuple(point.counts)
        total, low, high = point.total, point.low, point.high
        return HistogramDataPoint(attributes, *times, sum(counts), total, counts, self.bounds, low, high)


def record(*measured: tuple[Distributions, Labels, float]) -> None:
    """Count measurements, each under its labels; skip negative ones and ones that are no number."""
    for histogram, labels, amount in measured:
        if not 0 <= amount < inf:
            continue
        point = histogram.points.get(labels)
        if point is None:
            point = histogram.open(labels)
        point.counts[bisect_left(histogram.bounds, amount)] += 1
        point.total += amount
        point.low = min(point.low, amount)
        point.high = max(point.high, amount)


class Metrics:
    """The gateway's instruments; each event costs much less than a microsecond."""

    def __init__(self) -> None:
        distributions = [Distributions(*each) for each in DISTRIBUTIONS]
        counters = [Counter(*each) for each in COUNTERS]
        self._operations, self._bureaus, self._keys, self._callers = distributions
        self._denials, self._refusals, self._errors, self._broken, self._lookups, *others = counters
        self._reloads, self._ended, self._check_signs, self._cases, self._case_numbers, *others = others
        self._kept_out, self._authorisations, self._index_answers = others
        self.gauges = Gauges()
        self._up, self._reload_ok = self.gauges.by_name[BUREAU_UP], self.gauges.by_name[RELOAD_OK]
        gauges = self.gauges.by_name.values()
        self._instruments: list[Instrument[Any]] = [*distributions, *counters, *gauges]
        self._started_ns = time.time_ns()
        self.handlers: Handlers = (
            (AuthorisationRefused, self.count_authorisation),
            (BureausChecked, self.bureaus_checked),
            (CacheLooked, self.count_lookup),
            (CaseNumberRefused, self.count_case_number),
            (CaseSubjectsCounted, self.count_case),
            (CheckSignsWrong, self.check_signs_wrong),
            (ConnectionEnded, self.ended),
            (FieldsDenied, self.denied),
            (OpenIndexAnswered, self.count_index),
            (OperationFailed, self.finished),
            (OperationFinished, self.finished),
            (RecordsKeptOut, self.count_kept_out),
            (RequestRefused, self.refused),
            (RoundTrip, self.round_trip),
            (FaultyRoundTrip, self.faulty_round_trip),
            (BureauChecked, self.checked),
            (PolicyInForce, self.reloaded),
            (PolicyRefused, self.not_reloaded),
        )

    def finished(self, event: OperationFinished, _origins: object = None) -> None:
        """Count an operation's latency and the codes of its errors."""
        outcome = event.outcome
        kind = outcome if outcome in ANSWERED else ERROR
        record((self._operations, (event.operation, event.client, kind), event.seconds))
        for code in event.errors:
            self._errors.add((code,))
        if outcome not in ANSWERED and outcome not in event.errors:
            self._errors.add((outcome,))

    def count_lookup(self, event: CacheLooked) -> None:
        """Count a look into a cache."""
        self._lookups.add((event.cache, "hit" if event.hit else "miss"))

    def bureaus_checked(self, event: BureausChecked) -> None:
        """Keep the counts of the last check of the bureaus' rows."""
        found, gauges = event.datasets, self.gauges.by_name
        gauges[CHECKED_ROWS].replace([((each.bureau, each.dataset), each.rows) for each in found])
        gauges[FAULTY_ROWS].replace(
            [((each.bureau, each.dataset, fault), count) for each in found for fault, count in each.faults]
        )
        gauges[CHECKED_AT].replace([((each.bureau,), int(event.at)) for each in found])

    def check_signs_wrong(self, event: CheckSignsWrong) -> None:
        """Count the credit codes with a wrong check sign."""
        self._check_signs.add((event.operation,), event.codes)

    def count_kept_out(self, event: RecordsKeptOut) -> None:
        """Count the rows that a rule keeps out."""
        self._kept_out.add((event.bureau, event.dataset, event.rule), event.rows)

    def count_case(self, event: CaseSubjectsCounted) -> None:
        """Count an alarm or a refusal over the subjects of a case; the case number is no label."""
        self._cases.add((event.client, event.purpose, event.outcome))

    def count_case_number(self, event: CaseNumberRefused) -> None:
        """Count a request that was refused for its case number; the number is no label."""
        self._case_numbers.add((event.client, event.purpose, event.rule))

    def count_authorisation(self, event: AuthorisationRefused) -> None:
        """Count a borrower whom no authorisation opens; neither its key nor the number is a label."""
        self._authorisations.add((event.client, event.purpose, event.dataset, event.rule))

    def count_index(self, event: OpenIndexAnswered) -> None:
        """Count an answer with the open index."""
        self._index_answers.add((event.outcome,))

    def ended(self, event: ConnectionEnded) -> None:
        """Count a connection that ended early."""
        self._ended.add((event.reason,))

    def refused(self, event: RequestRefused) -> None:
        """Count a request that was refused before an operation; `finished` counts the others."""
        if not event.operation:
            self._refusals.add((event.code,))

    def denied(self, event: FieldsDenied) -> None:
        """Count the fields that a purpose denied."""
        self._denials.add((event.purpose,), len(event.coordinates))

    def round_trip(self, event: RoundTrip) -> None:
        """Count a round trip once, and the keys and callers of each of its data sets."""
        where = (event.bureau, event.dataset)
        record((self._keys, where, event.keys), (self._callers, where, event.callers))
        if not event.repeated:
            dataset = SEVERAL if event.joined else event.dataset
            record((self._bureaus, (event.bureau, dataset, event.outcome), event.seconds))
            self._set_up(event.bureau, event.outcome)

    def faulty_round_trip(self, event: FaultyRoundTrip) -> None:
        """Count a round trip, and the rows that break each rule."""
        self.round_trip(event)
        for rule, rows in event.broken_by:
            self._broken.add((event.bureau, event.dataset, rule), rows)

    def checked(self, event: BureauChecked) -> None:
        """Keep whether a bureau is up."""
        self._set_up(event.bureau, event.outcome)

    def _set_up(self, bureau: str, outcome: str) -> None:
        labels, up = (bureau,), 0.0 if outcome in _DOWN else 1.0
        if labels in self._up.points:
            self._up.points[labels] = up
        else:
            self._up.set(labels, up)

    def reloaded(self, _event: PolicyInForce) -> None:
        """Count a reload that is in force."""
        self._reloads.add(("ok",))
        self._reload_ok.set((), 1)

    def not_reloaded(self, _event: PolicyRefused) -> None:
        """Count a reload that was refused."""
        self._reloads.add(("refused",))
        self._reload_ok.set((), 0)

    def collect(self) -> list[Metric]:
        """Return the counts since the start, and what is so at present."""
        self.gauges.refresh()
        times = self._started_ns, time.time_ns()
        metrics = [instrument.collect(times) for instrument in self._instruments]
        return [metric for metric in metrics if metric is not None]

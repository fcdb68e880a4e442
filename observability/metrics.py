"""What is measured: each event becomes counts in the instruments that are declared here."""

from __future__ import annotations

import time
from typing import Final

from opentelemetry.sdk.metrics.export import Metric

from observability.events import (
    CacheLooked,
    FieldsDenied,
    OperationFinished,
    RequestRefused,
    RoundTrip,
)
from observability.instruments import Counter, Description, Distributions, Instrument, collect, record

SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds of latencies: semantic conventions start at 5 ms; answers here take less than one."""
KEYS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
CALLERS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256)
ANSWERED: Final = frozenset({"ok", "partial"})
"""Outcomes of an operation that are not the code of an error."""

OPERATION_DURATION: Final = Description(
    "creditgraph.operation.duration",
    "s",
    "Time from the start of an operation to its answer.",
    ("graphql.operation.name", "creditgraph.outcome"),
)
BUREAU_DURATION: Final = Description(
    "creditgraph.bureau.duration",
    "s",
    "Time of one round trip to a bureau.",
    ("creditgraph.bureau", "creditgraph.dataset", "creditgraph.outcome"),
)
BATCH_KEYS: Final = Description(
    "creditgraph.batch.keys",
    "{key}",
    "Keys in one round trip to a bureau.",
    ("creditgraph.bureau", "creditgraph.dataset"),
)
BATCH_CALLERS: Final = Description(
    "creditgraph.batch.callers",
    "{caller}",
    "Loads of concurrent requests that share one round trip.",
    ("creditgraph.bureau", "creditgraph.dataset"),
)
DENIALS: Final = Description(
    "creditgraph.denials", "{field}", "Fields asked for that the purpose denied.", ("creditgraph.purpose",)
)
REFUSALS: Final = Description(
    "creditgraph.refusals", "{request}", "Requests that ended before an operation.", ("error.type",)
)
ERRORS: Final = Description(
    "creditgraph.errors",
    "{operation}",
    "Operations that had an error of this code, beside their data or instead of it.",
    ("error.type",),
)
BROKEN_ROWS: Final = Description(
    "creditgraph.broken_rows",
    "{row}",
    "Rows of a bureau that break their dataset's contract.",
    ("creditgraph.bureau", "creditgraph.dataset"),
)
CACHE_LOOKUPS: Final = Description(
    "creditgraph.cache.lookups",
    "{lookup}",
    "Looks into a cache, by hit and miss.",
    ("creditgraph.cache", "creditgraph.cache.result"),
)


class Metrics:
    """The gateway's instruments. An event costs well under a microsecond each."""

    __slots__ = (
        "_broken",
        "_bureaus",
        "_callers",
        "_denials",
        "_errors",
        "_keys",
        "_lookups",
        "_operations",
        "_refusals",
        "_started_ns",
    )

    def __init__(self) -> None:
        self._started_ns = time.time_ns()
        self._operations = Distributions(OPERATION_DURATION, SECONDS)
        self._bureaus = Distributions(BUREAU_DURATION, SECONDS)
        self._keys = Distributions(BATCH_KEYS, KEYS)
        self._callers = Distributions(BATCH_CALLERS, CALLERS)
        self._denials = Counter(DENIALS)
        self._refusals = Counter(REFUSALS)
        self._errors = Counter(ERRORS)
        self._broken = Counter(BROKEN_ROWS)
        self._lookups = Counter(CACHE_LOOKUPS)

    def finished(self, event: OperationFinished) -> None:
        """Count an operation's latency and the codes of its errors."""
        outcome = event.outcome
        record((self._operations, (event.operation, outcome), event.seconds))
        for code in event.errors:
            self._errors.add((code,))
        if outcome not in ANSWERED and outcome not in event.errors:
            self._errors.add((outcome,))

    def looked(self, event: CacheLooked) -> None:
        """Count a look into a cache."""
        self._lookups.add((event.cache, "hit" if event.hit else "miss"))

    def refused(self, event: RequestRefused) -> None:
        """Count a request that was refused before an operation."""
        self._refusals.add((event.code,))

    def denied(self, event: FieldsDenied) -> None:
        """Count the fields that a purpose denied."""
        self._denials.add((event.purpose,), len(event.coordinates))

    def round_trip(self, event: RoundTrip) -> None:
        """Count a round trip, its keys, callers and broken rows."""
        where = (event.bureau, event.dataset)
        record(
            (self._bureaus, (event.bureau, event.dataset, event.outcome), event.seconds),
            (self._keys, where, event.keys),
            (self._callers, where, event.callers),
        )
        if event.broken_rows:
            self._broken.add(where, event.broken_rows)

    def collect(self) -> list[Metric]:
        """Return what was counted since the start."""
        return collect(self._instruments(), self._started_ns, time.time_ns())

    def _instruments(self) -> tuple[Instrument, ...]:
        return (
            self._operations,
            self._bureaus,
            self._keys,
            self._callers,
            self._denials,
            self._refusals,
            self._errors,
            self._broken,
            self._lookups,
        )

"""The instruments: what each measures, in which unit and under which labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, get_args

from observability.redaction import AttributeName


@dataclass(frozen=True, slots=True)
class Description:
    """What an instrument measures. `name` and `unit` follow OpenTelemetry and UCUM."""

    name: str
    unit: str
    text: str
    labels: tuple[AttributeName, ...]

    def __post_init__(self) -> None:
        unknown = set(self.labels) - set(get_args(AttributeName))
        if unknown:
            raise ValueError(f"instrument {self.name} has labels that are not allowed: {sorted(unknown)}")


SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds of latencies: semantic conventions start at 5 ms; answers here take less than one."""
KEYS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
CALLERS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256)
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

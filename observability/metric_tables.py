"""The names of the metrics, with unit, meaning and labels: `docs/metrics.md` has the same."""

from collections.abc import Sequence
from typing import Final

from observability.instruments import LabelNames

SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds of latencies: semantic conventions start at 5 ms; answers here take less than one."""
KEYS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
CALLERS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_DATASET: Final = ("creditgraph.bureau", "creditgraph.dataset")
DISTRIBUTIONS: Final[Sequence[tuple[str, str, str, LabelNames, tuple[float, ...]]]] = (
    (
        "creditgraph.operation.duration",
        "s",
        "Time from the start of an operation to its answer.",
        ("graphql.operation.name", "creditgraph.client", "creditgraph.outcome"),
        SECONDS,
    ),
    (
        "creditgraph.bureau.duration",
        "s",
        "Time of one round trip to a bureau, under the data set `several` if it read several.",
        (*_DATASET, "creditgraph.outcome"),
        SECONDS,
    ),
    ("creditgraph.batch.keys", "{key}", "Keys in one round trip to a bureau.", _DATASET, KEYS),
    (
        "creditgraph.batch.callers",
        "{caller}",
        "Loads of concurrent requests that share one round trip.",
        _DATASET,
        CALLERS,
    ),
)
COUNTERS: Final[Sequence[tuple[str, str, str, LabelNames]]] = (
    ("creditgraph.denials", "{field}", "Fields asked for that the purpose denied.", ("creditgraph.purpose",)),
    ("creditgraph.refusals", "{request}", "Requests that ended before an operation.", ("error.type",)),
    (
        "creditgraph.errors",
        "{operation}",
        "Operations that had an error of this code, beside their data or instead of it.",
        ("error.type",),
    ),
    (
        "creditgraph.broken_rows",
        "{row}",
        "Rows of a bureau that break their dataset's contract, by the rule.",
        (*_DATASET, "creditgraph.reason"),
    ),
    (
        "creditgraph.cache.lookups",
        "{lookup}",
        "Looks into a cache, by hit and miss.",
        ("creditgraph.cache", "creditgraph.cache.result"),
    ),
    ("creditgraph.reloads", "{reload}", "Reloads of the rules, by outcome.", ("creditgraph.outcome",)),
    (
        "creditgraph.connections.ended",
        "{connection}",
        "Connections that ended before a request was read or answered, by reason.",
        ("creditgraph.reason",),
    ),
    (
        "creditgraph.wrong_check_signs",
        "{code}",
        "Credit codes with a wrong check sign that operations named.",
        ("graphql.operation.name",),
    ),
    (
        "creditgraph.case.alarms",
        "{alarm}",
        "Alarms and refusals because one client asked about many subjects under one case number.",
        ("creditgraph.client", "creditgraph.purpose", "creditgraph.outcome"),
    ),
    (
        "creditgraph.case.refusals",
        "{request}",
        "Requests that were refused for their case number, or for want of one, by the rule.",
        ("creditgraph.client", "creditgraph.purpose", "creditgraph.reason"),
    ),
    (
        "creditgraph.records.kept_out",
        "{row}",
        "Rows that the law keeps out, or whose state cannot be computed, by the rule or by what is missing; counted at each read.",
        (*_DATASET, "creditgraph.reason"),
    ),
    (
        "creditgraph.authorisations.refused",
        "{borrower}",
        "Borrowers whom a lender asked about without an authorisation that stands, by the rule.",
        ("creditgraph.client", "creditgraph.purpose", "creditgraph.dataset", "creditgraph.reason"),
    ),
    (
        "creditgraph.open_index.answers",
        "{answer}",
        "Answers with the open index, by form, and those that the asker had already.",
        ("creditgraph.outcome",),
    ),
)

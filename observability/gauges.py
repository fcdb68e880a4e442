"""The gauges: what is so at present, read when the metrics are collected, or set when it changes."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from opentelemetry.sdk.metrics.export import Gauge as GaugeData
from opentelemetry.sdk.metrics.export import NumberDataPoint
from opentelemetry.util.types import Attributes

from observability.instruments import Instrument, LabelNames, Labels, Times

Reading: TypeAlias = tuple[str, Labels, float]
"""The name of a gauge, its labels and its value."""
Watch: TypeAlias = Callable[[], Iterable[Reading]]
"""Returns what is so at present. It is called from the threads of exporters: it reads, and changes nothing."""

BUREAU_UP: Final = "creditgraph.bureau.up"
BUREAU_SLOTS: Final = "creditgraph.bureau.slots"
BUREAU_WAITING: Final = "creditgraph.bureau.waiting"
OPERATION_EXPIRY: Final = "creditgraph.operation.expiry"
KEYS_AGE: Final = "creditgraph.issuer.keys.age"
POLICY_INFO: Final = "creditgraph.policy.info"
RELOAD_OK: Final = "creditgraph.reload.ok"
BUILD_INFO: Final = "creditgraph.build.info"
CHECKED_ROWS: Final = "creditgraph.bureau_check.rows"
FAULTY_ROWS: Final = "creditgraph.bureau_check.faulty_rows"
CHECKED_AT: Final = "creditgraph.bureau_check.time"
_DATASET: Final = ("creditgraph.bureau", "creditgraph.dataset")
GAUGES: Final[Sequence[tuple[str, str, str, LabelNames]]] = (
    (
        BUREAU_UP,
        "",
        "1 if the bureau answered the last round trip or check, 0 if it did not.",
        ("creditgraph.bureau",),
    ),
    (
        BUREAU_SLOTS,
        "{slot}",
        "Connection slots of a bureau, used and free.",
        ("creditgraph.bureau", "creditgraph.state"),
    ),
    (BUREAU_WAITING, "{batch}", "Batches that wait for a slot of a bureau.", ("creditgraph.bureau",)),
    (OPERATION_EXPIRY, "d", "Days until a registered operation expires.", ("graphql.operation.name",)),
    (KEYS_AGE, "s", "Time since the keys of an issuer were read.", ("creditgraph.issuer",)),
    (POLICY_INFO, "", "1 for the version of the policy that decides.", ("creditgraph.policy",)),
    (RELOAD_OK, "", "1 if the last reload of the rules succeeded, 0 if it was refused.", ()),
    (BUILD_INFO, "", "1 for the version of the program.", ("service.version",)),
    (CHECKED_ROWS, "{row}", "Rows that the last check of the bureaus read.", _DATASET),
    (
        FAULTY_ROWS,
        "{row}",
        "Rows with this fault in the last check of the bureaus.",
        (*_DATASET, "creditgraph.fault"),
    ),
    (
        CHECKED_AT,
        "s",
        "When the last check of the bureau ended, in seconds of the Unix clock.",
        ("creditgraph.bureau",),
    ),
)


class Gauge(Instrument[float]):
    """A present value, by labels."""

    def set(self, labels: Labels, amount: float) -> None:
        """Set the value under `labels`."""
        self.points[labels if labels in self.points else self.key(labels)] = amount

    def replace(self, found: Iterable[tuple[Labels, float]]) -> None:
        """Forget all values, and keep these."""
        self.points = {self.key(labels): amount for labels, amount in found}

    def _data(self, points: Iterable[tuple[Attributes, float]], times: Times) -> GaugeData:
        return GaugeData([NumberDataPoint(attributes, *times, amount) for attributes, amount in points])


class Gauges:
    """Every gauge, and what is watched for them."""

    def __init__(self) -> None:
        self.by_name: Mapping[str, Gauge] = {each[0]: Gauge(*each) for each in GAUGES}
        self._watched: list[Watch] = []

    def watch(self, watched: Watch) -> None:
        """Ask `watched` at each collection; a gauge that it reads has no other values."""
        self._watched.append(watched)

    def refresh(self) -> None:
        """Ask everything that is watched."""
        found: defaultdict[str, list[tuple[Labels, float]]] = defaultdict(list)
        for watched in self._watched:
            for name, labels, amount in watched():
                found[name].append((labels, amount))
        for name, readings in found.items():
            self.by_name[name].replace(readings)

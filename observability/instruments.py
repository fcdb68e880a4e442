"""What all instruments have in common: safe labels, a bound on their number, and points in OpenTelemetry's data model."""

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeAlias, TypeVar, cast

from opentelemetry.sdk.metrics.export import Gauge, Histogram, Metric, Sum
from opentelemetry.util.types import Attributes

from observability import redaction

Labels: TypeAlias = tuple[str, ...]
LabelNames: TypeAlias = tuple[redaction.AttributeName, ...]
Times: TypeAlias = tuple[int, int]
"""The start of the counts and the present, in nanoseconds."""
Point = TypeVar("Point")
CARDINALITY_LIMIT: Final = 2_000
"""The number of label sets of one instrument; further label sets are counted together, as in the SDK."""
_OVERFLOW: Final[Labels] = ()
_OVERFLOW_ATTRIBUTES: Final[Attributes] = {"otel.metric.overflow": True}


@dataclass(eq=False)
class Instrument(Generic[Point]):
    """What is measured, and the point of each label set.

    `name` and `unit` follow OpenTelemetry and UCUM. Raises ValueError for a label that is not allowed.
    """

    name: str
    unit: str
    text: str
    labels: LabelNames
    points: dict[Labels, Point] = field(default_factory=dict[Labels, Point], init=False)

    def __post_init__(self) -> None:
        unknown = set(self.labels) - redaction.ALLOWED
        if unknown:
            raise ValueError(f"instrument {self.name} has labels that are not allowed: {sorted(unknown)}")

    def key(self, labels: Labels) -> Labels:
        """Return the key of the point of new labels.

        Only safe labels become keys, so that memory keeps no redacted value.
        """
        safe = tuple([redaction.label(label) for label in labels])
        return _OVERFLOW if safe not in self.points and len(self.points) >= CARDINALITY_LIMIT else safe

    def collect(self, times: Times) -> Metric | None:
        """Return the metric, or None before the first count."""
        points = [(self._attributes(labels), point) for labels, point in self.points.copy().items()]
        return Metric(self.name, self.text, self.unit, self._data(points, times)) if points else None

    def _attributes(self, labels: Labels) -> Attributes:
        if labels == _OVERFLOW and self.labels:
            return _OVERFLOW_ATTRIBUTES
        return cast("Attributes", dict(zip(self.labels, labels, strict=True)))

    @abstractmethod
    def _data(self, points: Iterable[tuple[Attributes, Point]], times: Times) -> Sum | Histogram | Gauge:
        """Return the points in OpenTelemetry's data model."""

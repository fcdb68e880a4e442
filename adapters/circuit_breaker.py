"""Circuit breakers: after a failure, reads of what failed fail at once, but for one probe a second.

A source has one breaker for the bureau, which opens when the bureau cannot be reached, and one for each data set,
which opens when the bureau does not answer a read of it. Times are times of the loop, in seconds.
"""

from dataclasses import dataclass
from typing import Final

from adapters.bureau_errors import BureauError

PROBE_PAUSE: Final = 0.9
"""The time from one probe to the next; the rest of a second is the probe's own time."""


@dataclass(slots=True)
class _Breaker:
    """The breaker of a bureau or of a data set; it is closed until `failure` is set."""

    failures: int = 0
    failure: BureauError | None = None
    probe_began: float = 0.0
    next_probe: float = 0.0


class CircuitBreakers:
    """The breakers of one source: `None` stands for the bureau, a name for a data set."""

    __slots__ = ("failing",)

    def __init__(self) -> None:
        self.failing: dict[str | None, _Breaker] = {}
        """What failed since its last success; a read looks here before it calls anything."""

    def admit(self, part: str | None, dataset: str | None, now: float, longest: float) -> bool:
        """Return whether the caller is the probe of an open breaker; raise its failure, for `dataset`, to all others.

        A probe that is not ended by `trip` or `reset` counts as under way for `longest` seconds.
        """
        breaker = self.failing.get(part)
        if breaker is None or breaker.failure is None:
            return False
        if now < breaker.next_probe:
            raise type(breaker.failure)(breaker.failure.bureau, dataset, breaker.failure.reason)
        breaker.probe_began = now
        breaker.next_probe = now + max(longest, PROBE_PAUSE)
        return True

    def is_open(self, part: str | None) -> bool:
        """Whether reads fail at once."""
        breaker = self.failing.get(part)
        return breaker is not None and breaker.failure is not None

    def trip(self, part: str | None, failure: BureauError, now: float, tolerated: int = 0) -> None:
        """Count a failure, and open the breaker if more than `tolerated` came in a row."""
        breaker = self.failing.setdefault(part, _Breaker())
        breaker.failures += 1
        if breaker.failures <= tolerated:
            return
        if breaker.failure is None:
            breaker.probe_began = now
        breaker.failure = failure
        breaker.next_probe = breaker.probe_began + PROBE_PAUSE

    def end_probe(self, part: str | None) -> None:
        """End a probe that neither failed nor succeeded, so that the next one may start."""
        breaker = self.failing.get(part)
        if breaker is not None and breaker.failure is not None:
            breaker.next_probe = min(breaker.next_probe, breaker.probe_began + PROBE_PAUSE)

    def reset(self, part: str | None) -> None:
        """Close the breaker: a read succeeded."""
        self.failing.pop(part, None)

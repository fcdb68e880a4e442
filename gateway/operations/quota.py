"""Quotas: how many requests an operation is answered, by the generic cell rate algorithm.

The algorithm is that of ITU-T I.371, annex A, as virtual scheduling: for each key one moment is kept, the
theoretical arrival time of the next request if all came evenly spaced. A request may come earlier than that
by as much as makes a whole quota at once. So no window of time is counted, and no moment lets two quotas
through as the turn of a fixed window does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Protocol

from gateway.operations.terms import Quota

MOST_KEYS: Final = 100_000
_NANOSECONDS: Final = 1_000_000_000


class QuotaStore(Protocol):
    """Counts requests against quotas. Whatever it raises denies the request that it was asked for."""

    def take(self, operation: str, client: str, quota: Quota) -> float:
        """Count one request and return 0; else count nothing and return the seconds to wait, above 0."""
        ...


class QuotaMemory:
    """Counts within this process, one moment for each caller of an operation and one for the operation.

    `clock` gives nanoseconds that never go back. Moments that have passed say nothing and are forgotten when
    there are `most` of them; where that makes no room, requests of further callers are denied.
    """

    def __init__(self, clock: Callable[[], int] = time.monotonic_ns, most: int = MOST_KEYS) -> None:
        self._clock = clock
        self._most = most
        self._due: dict[tuple[str, str] | str, int] = {}

    def __len__(self) -> int:
        return len(self._due)

    def take(self, operation: str, client: str, quota: Quota) -> float:
        """Count one request and return 0; else count nothing and return the seconds to wait.

        Raises MemoryError where no room is left for another caller.
        """
        now = self._clock()
        due, caller = self._due, (operation, client)
        own, whole = max(due.get(caller, now), now), max(due.get(operation, now), now)
        span = quota.seconds * _NANOSECONDS
        own_step, whole_step = span // quota.per_caller, span // quota.total
        early = max(own + own_step, whole + whole_step) - span - now
        if early > 0:
            return early / _NANOSECONDS
        if len(due) >= self._most:
            self._make_room(now)
        due[caller], due[operation] = own + own_step, whole + whole_step
        return 0.0

    def _make_room(self, now: int) -> None:
        for key in [key for key, moment in self._due.items() if moment <= now]:
            del self._due[key]
        if len(self._due) >= self._most:
            raise MemoryError("no room for another caller's quota")

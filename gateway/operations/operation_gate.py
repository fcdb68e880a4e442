"""Whether a registered operation may be asked now: not expired, not revoked, on duty, for a case, in its quota.

It depends on the file of revocations, which is read anew as soon as it changes, and on the counts of the quotas. Where
one of them fails, every id is refused by one code, and nothing is read.
"""

import logging
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from cachetools import LRUCache

from gateway.errors import AUTHORIZATION_UNAVAILABLE, OPERATION_OFF_DUTY, QUOTA_EXCEEDED, RequestError
from gateway.operations.register import REVOKED_FILE, Quota, Registration
from gateway.operations.revocations import read_revocations

MOST_KEYS: Final = 100_000
_NANOSECONDS: Final = 1_000_000_000
_log: Final = logging.getLogger(__name__)


class Revocations(Protocol):
    """Knows what was revoked. Whatever it raises denies the request that it was asked for."""

    def names(self) -> frozenset[str]:
        """Return the names of the revoked operations, as they are now."""
        ...


class RevokedFile:
    """The names in the register's file of revocations, which is looked at each time it is asked.

    `clock` gives nanoseconds of the clock by which the file system dates changes.
    """

    def __init__(self, folder: Path, clock: Callable[[], int] = time.time_ns) -> None:
        self._folder = folder
        self._clock = clock
        self._path = str(folder / REVOKED_FILE)
        self._seen: tuple[int, int, int] | None = None
        self._names: frozenset[str] = frozenset()
        self._logged = False

    def names(self) -> frozenset[str]:
        """Return the names of the revoked operations; OSError or ValueError where they cannot be known."""
        try:
            state = os.stat(self._path)  # noqa: PTH116 asked at every request, and a Path costs more
            seen = (state.st_ctime_ns, state.st_size, state.st_ino)
            if seen != self._seen:
                self._read(seen)
        except (OSError, ValueError) as error:
            self._seen = None
            self._log_once(error)
            raise
        return self._names

    def _read(self, seen: tuple[int, int, int]) -> None:
        self._names = frozenset(read_revocations(self._folder))
        self._logged = False
        # A file that changed within this second may change once more within the same tick of the file system's clock.
        settled = self._clock() - seen[0] > _NANOSECONDS
        self._seen = seen if settled else None

    def _log_once(self, error: Exception) -> None:
        if not self._logged:
            self._logged = True
            _log.error("nothing registered is answered: revocations unreadable", exc_info=error)


class QuotaStore(Protocol):
    """Counts requests against quotas. Whatever it raises denies the request that it was asked for."""

    def take(self, operation: str, client: str, quota: Quota, person: str | None = None) -> float:
        """Count one request and return 0; else count nothing and return the seconds to wait, above 0."""
        ...

    def give_back(self, operation: str, client: str, quota: Quota, person: str | None = None) -> None:
        """Count a taken request for its sender alone, and no longer for those who share its quota."""
        ...


class QuotaMemory:
    """Counts within this process by the generic cell rate algorithm, for each caller and for the operation.

    Where a client speaks for persons, each person has a count as well. The sender of a request is then the person,
    and otherwise the client.

    The algorithm is that of ITU-T I.371, annex A, as virtual scheduling: for each key one moment is kept, the
    theoretical arrival time of the next request if all came evenly spaced. A request may come early by at most the time
    of one whole quota. A fixed window of time would let two quotas through around its end; this algorithm does not.

    `clock` gives nanoseconds that never go back. Moments that have passed say nothing and are forgotten when
    there are `most` of them; where that makes no room, requests of further callers are denied. Of as many persons, the
    one that asked least recently is forgotten: its client's count stays, so a crowd of persons denies nobody.
    """

    def __init__(self, clock: Callable[[], int] = time.monotonic_ns, most: int = MOST_KEYS) -> None:
        self._clock = clock
        self._most = most
        self._due: dict[tuple[str, str] | str, int] = {}
        self._persons: LRUCache[tuple[str, str, str], int] = LRUCache(most)

    def __len__(self) -> int:
        return len(self._due)

    def take(self, operation: str, client: str, quota: Quota, person: str | None = None) -> float:
        """Count one request and return 0; else count nothing and return the seconds to wait.

        Raises MemoryError where no room is left for another caller.
        """
        now = self._clock()
        due, caller, span = self._due, (operation, client), quota.seconds * _NANOSECONDS
        own = max(due.get(caller, now), now) + span // quota.per_caller
        whole = max(due.get(operation, now), now) + span // quota.total
        latest = max(own, whole)
        sender, personal = None, now
        if person is not None:
            sender = (operation, client, person)
            personal = max(self._persons.get(sender, now), now) + span // quota.person_share
            latest = max(latest, personal)
        if latest > now + span:
            return (latest - span - now) / _NANOSECONDS
        if len(due) >= self._most:
            self._make_room(now)
        due[caller], due[operation] = own, whole
        if sender is not None:
            self._persons[sender] = personal
        return 0.0

    def give_back(self, operation: str, client: str, quota: Quota, person: str | None = None) -> None:
        """Take a request out of every count but its sender's, so that refused requests cost nobody else."""
        due, span = self._due, quota.seconds * _NANOSECONDS
        if operation in due:
            due[operation] -= span // quota.total
        if person is not None and (operation, client) in due:
            due[operation, client] -= span // quota.per_caller

    def _make_room(self, now: int) -> None:
        for key in [key for key, moment in self._due.items() if moment <= now]:
            del self._due[key]
        if len(self._due) >= self._most:
            raise MemoryError("no room for another caller's quota")


class OperationGate(Protocol):
    """Says whether a registered operation may be asked now; whatever it raises, nothing is read."""

    def snapshot(self) -> tuple[float, frozenset[str]]:
        """Return the moment, in seconds of the Unix clock, and the names that are revoked at it."""
        ...

    def check_duty(self, registration: Registration, now: float) -> None:
        """Raise OPERATION_OFF_DUTY outside the hours of duty."""
        ...

    def count(self, registration: Registration, client: str, person: str | None = None) -> None:
        """Count a request, or raise QUOTA_EXCEEDED. `person` is the person for whom the client speaks, if it speaks for any."""
        ...

    def give_back(self, registration: Registration, client: str, person: str | None = None) -> None:
        """Count a refused request for its sender alone."""
        ...


@dataclass(frozen=True, slots=True)
class RegisterGate:
    """Asks the clock, the revocations and the quotas; `clock` gives seconds of the Unix clock."""

    revocations: Revocations
    quotas: QuotaStore
    clock: Callable[[], float] = time.time

    def snapshot(self) -> tuple[float, frozenset[str]]:
        """Return the moment and the names that are revoked at it, or raise AUTHORIZATION_UNAVAILABLE."""
        try:
            now, revoked = self.clock(), self.revocations.names()
        except Exception as fault:
            raise _unavailable(fault) from None
        if not math.isfinite(now):
            raise RequestError(AUTHORIZATION_UNAVAILABLE)
        return now, revoked

    def check_duty(self, registration: Registration, now: float) -> None:
        """Raise OPERATION_OFF_DUTY outside the hours of duty, where there are any."""
        if registration.duty is not None and not registration.duty.holds(now):
            raise RequestError(OPERATION_OFF_DUTY)

    def count(self, registration: Registration, client: str, person: str | None = None) -> None:
        """Count a request, or raise QUOTA_EXCEEDED with the whole seconds to wait."""
        try:
            wait = self.quotas.take(registration.name, client, registration.quota, person)
        except Exception as fault:
            raise _unavailable(fault) from None
        if wait == 0:
            return
        if not 0 < wait < math.inf:
            raise RequestError(AUTHORIZATION_UNAVAILABLE)
        raise RequestError(QUOTA_EXCEEDED, extensions={"retryAfter": math.ceil(wait)})

    def give_back(self, registration: Registration, client: str, person: str | None = None) -> None:
        """Count a refused request for its sender alone; a store that fails leaves it counted for all."""
        try:
            self.quotas.give_back(registration.name, client, registration.quota, person)
        except Exception as fault:
            _log.error("a quota is not given back", exc_info=fault)


def _unavailable(fault: Exception) -> RequestError:
    _log.error("a registered operation is denied", exc_info=fault)
    return RequestError(AUTHORIZATION_UNAVAILABLE)

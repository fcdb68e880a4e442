"""How often authorisations were used, in the memory of this process: no more of them than a bound, and none longer than needed.

A count is kept until its authorisation has ended and one more day has passed: longer than any request lasts that read an older
record. No count leaves for want of room, because its authorisation could then be used anew.
"""

from datetime import date, timedelta
from typing import Final, TypeAlias

import msgspec

MOST_KEPT: Final = 100_000
"""The counts that are kept at the most."""
_A_DAY: Final = timedelta(1)

CountName: TypeAlias = tuple[str, str, int]
"""Lender, number and the hash of the borrower's key."""


class _Count(msgspec.Struct):
    used: int
    last: date
    """The last day on which the count is needed."""


class UseCounts:
    """Counts by authorisation. `day` is the latest day of a request: no request counts by an earlier one."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._counts: dict[CountName, _Count] = {}
        self.day = date.min

    def __len__(self) -> int:
        return len(self._counts)

    def __contains__(self, name: object) -> bool:
        return name in self._counts

    def begin(self, day: date) -> None:
        """Forget the counts that a later day than any before needs no more."""
        if day > self.day:
            self.day = day
            self._counts = {name: each for name, each in self._counts.items() if each.last >= day}

    def has_room_for(self, more: int) -> bool:
        """Whether so many authorisations more can be counted."""
        return len(self._counts) + more <= self._most

    def used(self, name: CountName) -> int:
        """Return how often an authorisation was used, as far as it is kept."""
        known = self._counts.get(name)
        return 0 if known is None else known.used

    def expect_end(self, name: CountName, last: date) -> None:
        """Keep a count, if there is one, until `last`, in any case until the day after the latest one."""
        known = self._counts.get(name)
        if known is not None:
            known.last = self._needed_until(last)

    def count(self, name: CountName, used: int, last: date) -> None:
        """Keep how often an authorisation was used that ends on `last`, and no shorter than it was kept."""
        known, needed = self._counts.get(name), self._needed_until(last)
        self._counts[name] = _Count(used, needed if known is None else max(known.last, needed))

    def _needed_until(self, last: date) -> date:
        return last if last > self.day else min(self.day, date.max - _A_DAY) + _A_DAY

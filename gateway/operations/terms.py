"""When and how often an operation may be asked, as its file states it in the city's time."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Final

import msgspec

from gateway.operations.city_time import Day, weekday_and_second

MOST_REQUESTS: Final = 1_000_000_000
MOST_SECONDS: Final = 31 * 86_400


class Quota(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many requests are answered in `seconds`: of one caller, and of all callers together."""

    per_caller: Annotated[int, msgspec.Meta(ge=1)]
    total: Annotated[int, msgspec.Meta(ge=1, le=MOST_REQUESTS)]
    seconds: Annotated[int, msgspec.Meta(ge=1, le=MOST_SECONDS)]

    def __post_init__(self) -> None:
        """Refuse a quota of one caller that is larger than that of all."""
        if self.per_caller > self.total:
            raise ValueError("it gives one caller more than all callers together")


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days of the week and hours of the day, from `start` until before `until`, in the city's time."""

    days: Annotated[frozenset[Day], msgspec.Meta(min_length=1)]
    start: time = msgspec.field(name="from")
    until: time

    def __post_init__(self) -> None:
        """Refuse hours that do not lie within one day."""
        if self.start >= self.until:
            raise ValueError("its hours are of one day, from one time until a later one")

    def holds(self, now: float) -> bool:
        """Whether a moment, in seconds of the Unix clock, is within the hours of duty."""
        weekday, second = weekday_and_second(now)
        return weekday in self.days and _second(self.start) <= second < _second(self.until)


def _second(moment: time) -> float:
    return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6

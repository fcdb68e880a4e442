"""For how long, when and how often an operation may be asked, as its file states it in the city's time.

The city's time is UTC+8 the whole year: China has had no summer time since 1992. Arithmetic is enough then,
and no table of time zones is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, TypeAlias, cast

from gateway.errors import StartRefused

DAYS: Final = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
MOST_REQUESTS: Final = 1_000_000_000
MOST_SECONDS: Final = 31 * 86_400

_AHEAD: Final = 8 * 3600
_DAY: Final = 86_400
_EPOCH: Final = date(1970, 1, 1)
_EPOCH_WEEKDAY: Final = _EPOCH.weekday()

Table: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Quota:
    """How many requests are answered in `seconds`: of one caller, and of all callers together."""

    per_caller: int
    total: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Duty:
    """Days of the week and hours of the day, from `start` until before `until`, in the city's time."""

    days: frozenset[str]
    start: time
    until: time

    def holds(self, now: float) -> bool:
        """Whether a moment, in seconds of the Unix clock, is within the hours of duty."""
        day, second = divmod(now + _AHEAD, _DAY)
        weekday = DAYS[(int(day) + _EPOCH_WEEKDAY) % 7]
        return weekday in self.days and _second(self.start) <= second < _second(self.until)


def end_of(last: date) -> float:
    """Return the moment at which the city's `last` day is over, in seconds of the Unix clock."""
    return ((last - _EPOCH).days + 1) * _DAY - _AHEAD


def city_date(now: float) -> date:
    """Return the city's date at a moment of the Unix clock."""
    return (datetime.fromtimestamp(now, UTC) + timedelta(seconds=_AHEAD)).date()


def read_expires(file: str, value: object) -> date:
    """Return the last day on which an operation answers, or raise StartRefused."""
    if type(value) is not date:
        raise StartRefused(f"{file}: expires is a date, such as 2027-12-31")
    return value


def read_quota(file: str, value: object) -> Quota:
    """Return the quota that a table states, or raise StartRefused."""
    node = _table(file, "quota", value, {"per_caller", "total", "seconds"})
    numbers = {name: node[name] for name in ("per_caller", "total", "seconds")}
    if any(type(number) is not int or number < 1 for number in numbers.values()):
        raise StartRefused(f"{file}: quota holds whole numbers from 1")
    quota = Quota(**numbers)
    if quota.total > MOST_REQUESTS or quota.seconds > MOST_SECONDS:
        raise StartRefused(f"{file}: quota is at most {MOST_REQUESTS} requests and {MOST_SECONDS} seconds")
    if quota.per_caller > quota.total:
        raise StartRefused(f"{file}: quota gives one caller more than all callers together")
    return quota


def read_duty(file: str, value: object) -> Duty | None:
    """Return the hours of duty that a table states, None where there is none, or raise StartRefused."""
    if value is None:
        return None
    node = _table(file, "duty", value, {"days", "from", "until"})
    days, start, until = node["days"], node["from"], node["until"]
    if not isinstance(days, list) or not days or any(day not in DAYS for day in cast("list[Any]", days)):
        raise StartRefused(f"{file}: duty.days is a list of {', '.join(DAYS)}")
    if type(start) is not time or type(until) is not time or start >= until:
        raise StartRefused(
            f"{file}: duty.from and duty.until are times of one day, the first before the other"
        )
    return Duty(frozenset(cast("list[str]", days)), start, until)


def _table(file: str, name: str, value: object, members: set[str]) -> Table:
    if not isinstance(value, dict) or set(cast("Table", value)) != members:
        raise StartRefused(f"{file}: {name} is a table of {', '.join(sorted(members))}, no more and no less")
    return cast("Table", value)


def _second(moment: time) -> float:
    return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6

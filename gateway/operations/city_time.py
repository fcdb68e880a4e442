"""The city's clock: UTC+8 the whole year, since China has had no summer time since 1992."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final, Literal, TypeAlias, get_args

Day: TypeAlias = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
DAYS: Final[tuple[Day, ...]] = get_args(Day)

CITY_ZONE: Final = timezone(timedelta(hours=8))
_AHEAD: Final = 8 * 3600
_DAY: Final = 86_400
_EPOCH: Final = date(1970, 1, 1)


def weekday_and_second(now: float) -> tuple[Day, float]:
    """Return the city's day of the week and second of the day at a moment of the Unix clock."""
    day, second = divmod(now + _AHEAD, _DAY)
    return DAYS[(int(day) + _EPOCH.weekday()) % 7], second


def end_of(last: date) -> float:
    """Return the moment at which the city's `last` day is over, in seconds of the Unix clock."""
    return ((last - _EPOCH).days + 1) * _DAY - _AHEAD


def city_date(now: float) -> date:
    """Return the city's date at a moment of the Unix clock."""
    return datetime.fromtimestamp(now, CITY_ZONE).date()

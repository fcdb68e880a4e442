"""The city's clock: UTC+8 the whole year, since China has had no summer time since 1992."""

from datetime import date, datetime, time
from typing import Final, Literal, TypeAlias, get_args

from catalogue.city_clock import CITY_ZONE

Day: TypeAlias = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
DAYS: Final[tuple[Day, ...]] = get_args(Day)

_DAY: Final = 86_400


def city_datetime(now: float) -> datetime:
    """Return the city's date and time at a moment of the Unix clock."""
    return datetime.fromtimestamp(now, CITY_ZONE)


def city_date(now: float) -> date:
    """Return the city's date at a moment of the Unix clock."""
    return city_datetime(now).date()


def end_of(last: date) -> float:
    """Return the moment at which the city's `last` day is over, in seconds of the Unix clock."""
    return datetime.combine(last, time.min, CITY_ZONE).timestamp() + _DAY

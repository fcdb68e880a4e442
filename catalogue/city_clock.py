"""The city's day. The city is in UTC+8 the whole year; the time zone of the process does not matter."""

import time
from datetime import date, datetime, timedelta, timezone
from typing import Final

CITY_ZONE: Final = timezone(timedelta(hours=8))
"""China has had no summer time since 1992."""


def city_today() -> date:
    """Return the city's present date."""
    return datetime.fromtimestamp(time.time(), CITY_ZONE).date()

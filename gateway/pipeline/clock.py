"""The calendar day in the city, on which age, consents and records are looked at."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final

BEIJING: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""One time for all of China, without summer time since 1992; no table of time zones is needed."""


def today_in_china() -> date:
    """Return the day that it is in China now."""
    return datetime.now(BEIJING).date()

"""Terms are kept in the city's time, which is UTC+8 the whole year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.operations.city_time import DAYS, city_date, end_of
from gateway.operations.register import Duty

CITY = timezone(timedelta(hours=8))
OFFICE = Duty(frozenset({"MON", "TUE", "WED", "THU", "FRI"}), time(8, 30), time(18))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def moment(text: str) -> float:
    """The moment of a date and a time in the city."""
    return datetime.fromisoformat(text).replace(tzinfo=CITY).timestamp()


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ("2026-06-01 08:29:59.9", False),
        ("2026-06-01 08:30", True),
        ("2026-06-01 17:59:59.9", True),
        ("2026-06-01 18:00", False),
        ("2026-06-05 12:00", True),
        ("2026-06-06 12:00", False),
        ("2026-06-07 23:59", False),
        ("2026-06-08 08:30", True),
    ],
)
def test_hours_of_duty(when: str, holds: bool):
    """Duty begins on the minute that is stated and is over on the other, on the days that are stated."""
    assert OFFICE.holds(moment(when)) is holds


@given(MOMENTS, st.sets(st.sampled_from(DAYS), min_size=1), st.times(), st.times())
def test_duty_is_that_of_the_calendar(when: datetime, days: set[str], one: time, other: time):
    """For any moment the hours hold as the city's calendar and clock say."""
    start, until = sorted((one, other))
    assume(start < until)
    local = when.astimezone(CITY)
    expected = DAYS[local.weekday()] in days and start <= local.time() < until
    # A float holds microseconds of these years to within one: no moment so near an edge is judged here.
    if all(abs(_of_day(local.time()) - _of_day(edge)) > 1e-5 for edge in (start, until)):
        assert Duty(frozenset(days), start, until).holds(when.timestamp()) is expected


def _of_day(moment: time) -> float:
    return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_last_day_is_whole(day: date):
    """An operation ends with the midnight after its last day in the city."""
    end = datetime.fromtimestamp(end_of(day), CITY)
    assert (end.date(), end.time()) == (day + timedelta(days=1), time(0))
    assert city_date(end_of(day) - 1) == day
    assert city_date(end_of(day)) == day + timedelta(days=1)

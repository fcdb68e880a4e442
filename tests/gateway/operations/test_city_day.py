"""The day is the city's, whatever time zone the process runs in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest

from catalogue.city_clock import city_today
from catalogue.identifiers import IdentifierError, parse_person_number, person_check_sign
from gateway.operations.city_time import city_date, city_datetime, end_of
from gateway.settings import ROOT

ZONES = ("UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati")
CITY = timezone(timedelta(hours=8))
NEARLY = datetime(2026, 11, 29, 0, 47, tzinfo=CITY)
"""Forty-seven minutes after midnight in the city, when UTC and America still have the day before."""
LATE = datetime(2026, 11, 28, 23, 59, 59, tzinfo=CITY)
"""The last second of a day in the city, when Kiritimati has the next one."""


@pytest.fixture(params=ZONES, autouse=True)
def _zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as within:
        within.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


def born(day: date) -> str:
    """Return the identity number of somebody who was born on a day."""
    body = f"411502{day:%Y%m%d}001"
    return body + person_check_sign(body)


@pytest.mark.parametrize("now", [NEARLY, LATE])
def test_somebody_born_today_in_the_city_has_a_number(now: datetime, monkeypatch: pytest.MonkeyPatch):
    """A birth date is compared with the city's day: today is accepted, tomorrow lies ahead."""
    monkeypatch.setattr(time, "time", now.timestamp)
    today = now.date()
    assert parse_person_number(born(today)) == born(today)
    with pytest.raises(IdentifierError, match="lies ahead"):
        parse_person_number(born(today + timedelta(days=1)))


@pytest.mark.parametrize("now", [NEARLY, LATE])
def test_every_clock_tells_the_citys_day(now: datetime, monkeypatch: pytest.MonkeyPatch):
    """The day of identifiers, of terms and of answers is one day, in any time zone."""
    monkeypatch.setattr(time, "time", now.timestamp)
    assert city_today() == city_date(time.time()) == now.date()
    assert city_datetime(time.time()).time() == now.time()
    assert end_of(now.date()) == datetime(2026, 11, now.day, tzinfo=CITY).timestamp() + 86_400


def test_no_file_asks_for_the_day_of_the_process():
    """No file of the gateway is excused from the rules about time zones (ruff's DTZ)."""
    folders = ("adapters", "catalogue", "cli", "gateway", "observability", "resolvers", "schema", "store")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    assert files
    assert [file for file in files if "noqa: DTZ" in file.read_text("utf-8")] == []

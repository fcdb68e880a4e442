"""When a person is of age, by the day and by the number."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalogue.ages import birthday_of, coming_of_age, digits_of, is_born_by, years_before, youngest_adult
from catalogue.identifiers import person_check_sign

DAYS = st.dates(date(1930, 1, 1), date(2060, 12, 31))


def number_of(born: date) -> str:
    """Return an identity number with a birth date."""
    body = f"411502{born:%Y%m%d}001"
    return body + person_check_sign(body)


@given(born=DAYS, day=DAYS)
@example(born=date(2008, 2, 29), day=date(2026, 2, 28))
@example(born=date(2008, 2, 29), day=date(2026, 3, 1))
@example(born=date(2010, 3, 1), day=date(2028, 2, 29))
@example(born=date(2010, 2, 28), day=date(2028, 2, 29))
def test_number_and_day_agree_on_who_is_of_age(born: date, day: date):
    """A person is of age from the eighteenth birthday on, by whichever way it is asked."""
    of_age = coming_of_age(born) <= day
    assert (born <= youngest_adult(day)) is of_age
    assert is_born_by(number_of(born), digits_of(youngest_adult(day))) is of_age


def test_a_leap_day_child_comes_of_age_on_the_first_of_march():
    """Who was born on 29 February is a minor on 28 February eighteen years later."""
    number, born = number_of(date(2008, 2, 29)), date(2008, 2, 29)
    assert coming_of_age(born) == date(2026, 3, 1)
    for day, of_age in ((date(2026, 2, 28), False), (date(2026, 3, 1), True)):
        assert is_born_by(number, digits_of(youngest_adult(day))) is of_age


@pytest.mark.parametrize("text", ["", "4115", "411502199x0101001X", "41150219９0010100", "N" * 18])
def test_a_text_without_a_birth_date_is_of_nobody_of_age(text: str):
    """What stands in a bureau's row may be no identity number; then nobody is taken to be of age."""
    assert not is_born_by(text, "20080101")


@given(born=st.dates(date(1930, 1, 1), date(2026, 1, 1)))
def test_a_birthday_is_read_from_the_number(born: date):
    """Signs 7 to 14 of an identity number are the birth date; a credit code has none."""
    assert birthday_of(number_of(born)) == born
    assert birthday_of("91411502MA9K4X0127") is None


@given(day=DAYS, years=st.integers(0, 30))
def test_years_before_a_day_are_no_day_too_few(day: date, years: int):
    """The same day some years earlier, or the day before it where there is none."""
    earlier = years_before(day, years)
    assert earlier.year == day.year - years
    assert earlier in (date(earlier.year, day.month, min(day.day, 28)) + timedelta(each) for each in range(4))

"""Ages: when a person is of age, and from when a term of years has passed.

A person of eighteen has full civil capacity (民法典 art. 17, 18), and nobody else is a subject of credit (河南省社会信用条例
art. 3). Art. 18 adds minors from sixteen who live on their own wages: no bureau states who they are, so they count as minors.
Who was born on 29 February comes of age on 1 March.
"""

from datetime import date
from functools import lru_cache
from typing import Final

from catalogue.identifiers import PERSON_SHAPE, IdentifierError, parse_person_number

OF_AGE: Final = 18
"""Full years from which a person has full civil capacity (民法典 art. 17, 18)."""
_BIRTHDAY: Final = slice(6, 14)
"""Where the birth date stands in an identity number (GB 11643-1999)."""


@lru_cache(maxsize=1)  # the records of one subject come one after the other
def birthday_of(key: str) -> date | None:
    """Return the birth date in an identity number, or None where the key is no identity number."""
    if PERSON_SHAPE.fullmatch(key) is None:
        return None
    try:
        number = parse_person_number(key)
    except IdentifierError:
        return None
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def coming_of_age(born: date) -> date:
    """Return the day from which a person is of age; 1 March for who was born on 29 February."""
    return years_after(born, OF_AGE)


@lru_cache(maxsize=64)
def years_before(day: date, years: int) -> date:
    """Return the same day some years earlier; 28 February for 29 February where there is none.

    So whoever was born on 1 March is not of age a day too early.
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def years_after(day: date, years: int) -> date:
    """Return the first day of which the day some years before is not earlier: 1 March for 29 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def youngest_adult(day: date) -> date:
    """Return the latest birth date of those who are of age on a day."""
    return years_before(day, OF_AGE)


@lru_cache(maxsize=64)
def digits_of(born: date) -> str:
    """Return a birth date as it stands in an identity number."""
    return f"{born:%Y%m%d}"


def is_born_by(number: str, latest: str) -> bool:
    """Whether the birth date in an identity number is the one in the digits `latest`, or before it.

    False where the text has no such digits. Nothing else is checked: each person of a request comes this way.
    """
    born = number[_BIRTHDAY]
    return len(born) == len(latest) and born.isascii() and born.isdigit() and born <= latest


def is_adult(number: str, day: date) -> bool:
    """Whether a person is of age on a day by the birth date in an identity number."""
    return is_born_by(number, digits_of(youngest_adult(day)))

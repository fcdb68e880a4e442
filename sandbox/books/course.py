"""The course of a record after its decision: dispute, repair, withdrawal, sealing, and how a penalty became final.

Each function returns the columns of `catalogue.record_life` in their order, without those that the gateway computes.
"""

from dataclasses import astuple
from datetime import date, timedelta
from typing import Final

from sandbox.books.book import Row, Subject, until
from sandbox.books.light_penalties import Penalty, lightened, put_right
from sandbox.draws import Draw, draw
from sandbox.model import REFERENCE
from sandbox.people import Person

_SMALL_FINE: Final = 20_000
"""200 yuan in fen (行政处罚法 第五十一条)."""
_NONE: Final = (None, None, None, None, None)
_ENDED_BEFORE: Final = (60, 60, 60, 1_900)
"""The most days between the end of the conduct and the decision; a few decisions come late, and the five years end soon."""
_SERVICE: Final = timedelta(days=5)
_CONFIRMING: Final = 90
"""The days within which a bureau confirms a record anew."""
_DETERMINING: Final = 60
"""The days within which most bureaus determine that a duty is not done."""
_DAYS: Final = 1_000_000
"""More than the ordinal of any day of a record."""


def course(subject: Subject, drawn: Draw, begins: date) -> Row:
    """Return the end of the conduct, and the days of dispute, settlement, repair, withdrawal, sealing and confirmation."""
    ended = (
        begins - timedelta(days=drawn.between(0, drawn.pick(_ENDED_BEFORE))) if drawn.chance(300) else None
    )
    if isinstance(subject, Person) and ended is not None:
        ended = max(ended, subject.adult_on)
    day = drawn.day(begins, until(subject))
    later = drawn.day(day, until(subject))
    days = drawn.pick(
        (_NONE,) * 12
        + ((day, None, None, None, None),) * 2
        + ((day, later, None, None, None),)
        + ((None, None, day, None, None),) * 3
        + ((None, None, None, day, None), (None, None, None, None, day))
    )
    return ended, *days, confirmed(subject, begins)


def confirmed(subject: Subject, begins: date) -> date | None:
    """Return the day on which the bureau last confirmed a record; of one in ten it states none.

    A chance of its own draws the day, so that the other columns stay as they are.
    """
    last = max(until(subject), begins)
    drawn = draw(subject.city.seed, "confirmed", subject.index * _DAYS + begins.toordinal())
    day = drawn.day(max(begins, last - timedelta(days=_CONFIRMING)), last)
    return None if drawn.chance(100) else day


def duty(subject: Subject, drawn: Draw, begins: date, organ: str) -> Row:
    """Return the organ, the decision that determined a duty, and its course."""
    return organ, *_determination(subject, begins), *course(subject, drawn, begins)


def _determination(subject: Subject, begins: date) -> Row:
    """Return the number and the day of the decision by which somebody owes; of one duty in eight there is none yet.

    A chance of its own draws them, so that the other columns stay as they are.
    """
    drawn = draw(subject.city.seed, "determined", subject.index * _DAYS + begins.toordinal())
    last = max(until(subject), begins)
    day = drawn.day(begins, min(begins + timedelta(days=_DETERMINING), last))
    return (None, None) if drawn.chance(125) else (f"限缴〔{day.year}〕{subject.index + 1}号", day)


def listing(subject: Subject, drawn: Draw, begins: date, organ: str) -> Row:
    """Return the organ, the notice before the listing, and the course of an entry."""
    return organ, *court_listing(subject, drawn, begins)


def court_listing(subject: Subject, drawn: Draw, begins: date) -> Row:
    """Return the notice before the listing, and the course of an entry in a court's list."""
    notified = begins - timedelta(days=drawn.between(10, 60))
    number = f"告知〔{notified.year}〕{subject.index + 1}号"
    return number, notified, *course(subject, drawn, begins)


def penalty(subject: Subject, drawn: Draw, begins: date, organ: str, fine: int) -> tuple[int, Row]:
    """Return the fine of a penalty, and the organ, the procedure, the way to finality and the course of it.

    `fine` is that of a penalty that is no light case.
    """
    stated = lightened(subject, begins, _stated(subject, drawn, begins, fine))
    happened = course(subject, drawn, begins)
    fine, *others = astuple(put_right(subject, begins, happened[0], stated))
    return fine, (organ, *others, *happened)


def _stated(subject: Subject, drawn: Draw, begins: date, fine: int) -> Penalty:
    """Return what the organ states of a penalty that is no light case."""
    small = fine <= _SMALL_FINE
    procedure = drawn.pick(("SIMPLIFIED", "SIMPLIFIED", None) if small else ("ORDINARY",) * 9 + (None,))
    severity = "MINOR" if small else drawn.pick(("GENERAL",) * 6 + ("SERIOUS",) * 3 + (None,))
    harmless = isinstance(subject, Person) and drawn.chance(80)
    last = max(until(subject), begins)
    served = min(begins + _SERVICE, last) if drawn.chance(950) else None
    contested = drawn.day(served, max(served, last)) if served and drawn.chance(80) else None
    final = None
    if served and drawn.chance(500):
        day = (contested or served) + timedelta(days=drawn.between(60, 200))
        final = day if day <= REFERENCE else None
    corrected = drawn.day(begins, last) if drawn.chance(500) else None
    publicity = begins + timedelta(days=drawn.between(90, 1_095)) if drawn.chance(200) else None
    return Penalty(
        fine, procedure, "FINE", severity, harmless, served, contested, final, corrected, publicity
    )

"""The persons whom a decision of the tax bureau marks as responsible for an enterprise's serious violation.

Most who held an office in the enterprise when it was listed are marked, and nobody else. Some marks ended, some were
disputed, repaired, withdrawn or sealed, and some have no decision, which the gateway keeps out. A mark of an entry that
ended states that day, one of a disputed entry the days of that dispute, and no mark begins after its entry ended.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sandbox.books import serious_violations
from sandbox.books.book import Row, Rows
from sandbox.books.course import course
from sandbox.draws import Draw, draw
from sandbox.enterprises import Enterprise, enterprise
from sandbox.model import City
from sandbox.offices import Office, offices_of_enterprise, offices_of_person
from sandbox.people import person_number
from sandbox.places import places_of

_MARKED: Final = 900
_UNDECIDED: Final = 60
_ROLES: Final = {
    "LEGAL_REPRESENTATIVE": ("LEGAL_REPRESENTATIVE",),
    "MANAGER": ("PRINCIPAL", "DIRECTLY_RESPONSIBLE"),
    "DIRECTOR": ("ACTUAL_CONTROLLER", "DIRECTLY_RESPONSIBLE"),
    "SUPERVISOR": ("DIRECTLY_RESPONSIBLE",),
}
"""The roles of 河南省社会信用条例 art. 35 that the holder of an office may have. An operator has none of them."""
_TERM: Final = timedelta(days=3 * 365)
_MOST_OFFICES: Final = 8


@dataclass(frozen=True, slots=True)
class Responsibility:
    """A mark (责任标注) of a person; `row` has the columns of the data set behind the two subjects."""

    person: int
    enterprise: int
    row: Row


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the marks of an entry follow.

    `left` is the day on which it left its list, `ended` that on which it left, was repaired, withdrawn or sealed, and
    `dispute` are the days of an objection and of its settlement.
    """

    number: str
    listed: date
    left: date | None
    ended: date | None
    dispute: Row | None

    @staticmethod
    def of(entry: Row) -> "_Entry":
        """Return what the marks of an entry follow, from its row."""
        _, number, listed, left, _, _, _, _, disputed, settled, *ends = entry
        days: list[date | None] = [left, *ends[:3]]
        ended = min((day for day in days if day), default=None)
        return _Entry(number, listed, left, ended, (disputed, settled) if disputed else None)


def responsibilities_of_enterprise(firm: Enterprise) -> list[Responsibility]:
    """Return the marks of persons for the entry of an enterprise in the list of serious violations."""
    write = serious_violations.BOOK.enterprise
    assert write is not None  # noqa: S101 the list has enterprises
    drawn = draw(firm.city.seed, "tax.serious_violation.enterprise", firm.index)
    entry = next(iter(write(firm, drawn)), None)
    if entry is None:
        return []
    return list(_marks(firm, entry))


def _marks(firm: Enterprise, entry: Row) -> Iterator[Responsibility]:
    of = _Entry.of(entry)
    for at, office in enumerate(offices_of_enterprise(firm)):
        drawn = draw(firm.city.seed, "tax.responsible", firm.index * _MOST_OFFICES + at)
        if office.role in _ROLES and office.since <= of.listed and drawn.chance(_MARKED):
            yield Responsibility(office.person, firm.index, _row(firm, drawn, office, of))


def responsibilities_of_person(city: City, index: int) -> list[Responsibility]:
    """Return the marks of person `index`."""
    places = dict.fromkeys(each.enterprise for each in offices_of_person(city, index))
    return [
        mark
        for place in places
        for mark in responsibilities_of_enterprise(enterprise(city, place))
        if mark.person == index
    ]


def write_responsibilities(firm: Enterprise, _: Draw) -> Rows:
    """Yield the marks of persons for the entry of an enterprise."""
    for each in responsibilities_of_enterprise(firm):
        yield person_number(firm.city, each.person), *each.row


def _row(firm: Enterprise, drawn: Draw, office: Office, of: _Entry) -> Row:
    """Return the row of a mark; it ends with the entry at the latest."""
    latest = of.ended or firm.last_day
    decided = drawn.day(of.listed, min(of.listed + timedelta(days=20), latest))
    since = drawn.day(decided, min(decided + timedelta(days=10), latest))
    until = of.left or drawn.pick((None, None, since + timedelta(days=90), since + _TERM))
    decision = (
        None
        if drawn.chance(_UNDECIDED)
        else f"{places_of(firm.city.name).short[0]}税责〔{decided.year}〕{firm.index + 1}-{office.person}号"
    )
    stated = (drawn.pick(_ROLES[office.role]), decision, serious_violations.OFFICE, decided, of.number)
    conduct, *own = course(firm, drawn, since)
    disputed = of.dispute or own[:2]
    return *stated, since, until, of.ended, conduct, *disputed, *own[2:], f"{drawn.bits():016x}"

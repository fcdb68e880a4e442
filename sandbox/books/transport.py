"""The records of the transport bureau: licences, grades and violations of licence holders."""

from datetime import date
from typing import Final

from sandbox.books.book import Book, Row, Rows, Subject, recent, since, sometimes
from sandbox.books.course import penalty
from sandbox.draws import Draw, draw
from sandbox.enterprises import Enterprise
from sandbox.model import REFERENCE
from sandbox.people import Person
from sandbox.places import places_of

_OFFICE: Final = "市交通运输局"
_STREAM: Final = "transport.licence_held"
_BUSINESS: Final = ("FREIGHT", "FREIGHT", "FREIGHT", "PASSENGER", "TAXI", "RIDE_HAILING")
_GRADES: Final = ("AAA", "AAA", "AA", "AA", "AA", "AA", "A", "A", "A", "B")
_DEMERITS: Final = {"AAA": (0, 0), "AA": (1, 9), "A": (10, 19), "B": (20, 36)}
_VIOLATIONS: Final = ("OVERLOADING", "OVERLOADING", "OFF_ROUTE", "UNSAFE_VEHICLE", "UNLICENSED_OPERATION")
_DRIVING_AGE: Final = 70
_TERM: Final = 6


def _licensed(subject: Subject) -> bool:
    """Whether the subject is in road transport; licences, grades and violations use this."""
    drawn = draw(subject.city.seed, _STREAM, subject.index)
    if isinstance(subject, Person):
        return drawn.chance(60) and subject.age < _DRIVING_AGE and not subject.deceased
    in_trade = subject.trade[1] == "道路运输业"
    return drawn.chance(900 if in_trade else 60) and subject.kind != "VILLAGE_COLLECTIVE"


def _status(valid_until: date | None, drawn: Draw) -> str:
    if valid_until is not None and valid_until < REFERENCE:
        return "EXPIRED"
    return drawn.pick(("VALID",) * 18 + ("SUSPENDED", "REVOKED"))


def _licence(subject: Subject, drawn: Draw, kind: str, serial: int) -> Row:
    start = recent(subject, drawn, 8)
    ends = None if drawn.chance(100) else start.replace(year=start.year + _TERM, day=min(start.day, 28))
    number = _number(subject, serial)
    return number, kind, _status(ends, drawn), start, ends


def _number(subject: Subject, serial: int) -> str:
    return f"豫交运管许可{_mark(subject)}字{places_of(subject.city.name).of.region[:4]}{subject.index:07d}{serial}号"


def _personal_licences(subject: Person, drawn: Draw) -> Rows:
    if _licensed(subject):
        yield _licence(subject, drawn, "DRIVER_QUALIFICATION", 1)
        if drawn.chance(250):
            yield _licence(subject, drawn, "RIDE_HAILING", 2)


def _enterprise_licences(subject: Enterprise, drawn: Draw) -> Rows:
    if _licensed(subject):
        several = drawn.chance(150)
        kinds = drawn.some(("FREIGHT", "PASSENGER", "TAXI"), 2) if several else [drawn.pick(_BUSINESS)]
        for serial, kind in enumerate(kinds, 1):
            yield _licence(subject, drawn, kind, serial)


def _grades(subject: Subject, drawn: Draw) -> Rows:
    """Grade licensed workers and enterprises. Other holders of a licence have no grade."""
    graded = isinstance(subject, Person) or subject.kind == "COMPANY"
    if graded and _licensed(subject) and since(subject) < date(2025, 1, 1) and drawn.chance(900):
        grade = drawn.pick(_GRADES)
        day = date(2026, 3, drawn.between(1, 31))
        yield 2025, grade, drawn.between(*_DEMERITS[grade]), day, _number(subject, 1)


def _violations(subject: Subject, drawn: Draw) -> Rows:
    for serial in range(1, drawn.pick((1, 1, 1, 2, 3)) + 1) if _licensed(subject) else ():
        decided = recent(subject, drawn, 3)
        number = f"信交运罚〔{decided.year}〕{_mark(subject)}{subject.index:07d}-{serial}号"
        violation, fine = drawn.pick(_VIOLATIONS), drawn.between(1, 300) * 10_000
        fine, stated = penalty(subject, drawn, decided, _OFFICE, fine)
        yield number, violation, fine, decided, *stated


def _mark(subject: Subject) -> str:
    return "人" if isinstance(subject, Person) else "户"


BOOKS = {
    "licence": Book(_personal_licences, _enterprise_licences),
    "transport_grade": Book(_grades, _grades),
    "transport_violation": Book(sometimes(250, _violations), sometimes(250, _violations)),
}

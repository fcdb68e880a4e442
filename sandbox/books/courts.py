"""The records of the courts: judgment defaulters and enforcement closed without result.

A listing is always for the subject's own case: the listing of a firm does not list its legal representative
(最高人民法院 法发〔2019〕35号).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from sandbox.books.book import Book, Rows, Subject, recent
from sandbox.draws import Draw
from sandbox.enterprises import Enterprise
from sandbox.people import Person

_CONDUCTS: Final = (
    *("ABLE_BUT_REFUSES",) * 4,
    *("BREAKS_PROPERTY_REPORT",) * 3,
    "OBSTRUCTS",
    "EVADES",
    "BREAKS_CONSUMPTION_LIMIT",
    "BREAKS_SETTLEMENT",
)
_PERFORMANCES: Final = (*("NONE",) * 7, *("PARTIAL",) * 2, "FULL")
_COURTS: Final = (
    ("豫1502", "信阳市浉河区人民法院"),
    ("豫1503", "信阳市平桥区人民法院"),
    ("豫1521", "罗山县人民法院"),
    ("豫1522", "光山县人民法院"),
    ("豫1524", "商城县人民法院"),
    ("豫1525", "固始县人民法院"),
    ("豫1526", "潢川县人民法院"),
    ("豫1528", "息县人民法院"),
)
_LISTED_YEARS: Final = 2


def _case(subject: Subject, drawn: Draw, year: int, kind: str) -> tuple[str, str]:
    """Return a case number, unique in the city, and the court."""
    code, court = drawn.pick(_COURTS)
    number = subject.index * 2 + isinstance(subject, Enterprise) + 1
    return f"（{year}）{code}{kind}{number}号", court


def _defaults(subject: Subject, drawn: Draw, permille: int) -> Rows:
    listed = recent(subject, drawn, 2) if drawn.chance(permille) else None
    if listed is None:
        return []
    case, court = _case(subject, drawn, listed.year, "执")
    expires = date(listed.year + _LISTED_YEARS, listed.month, min(listed.day, 28))
    return [(case, court, drawn.pick(_CONDUCTS), drawn.pick(_PERFORMANCES), listed, expires)]


def _closed(subject: Subject, drawn: Draw, permille: int) -> Rows:
    if not drawn.chance(permille):
        return []
    rows: Rows = []
    for kind in ("执恢", "执")[: drawn.pick((1, 1, 1, 2))]:
        closed = recent(subject, drawn, 5)
        if closed is not None:
            case, court = _case(subject, drawn, closed.year, kind)
            claimed = drawn.between(500_000, 300_000_000)
            rows.append((case, court, closed, claimed, claimed * drawn.between(20, 100) // 100))
    return rows


def _personal_defaults(subject: Person, drawn: Draw) -> Rows:
    return _defaults(subject, drawn, 15) if subject.adult else []


def _enterprise_defaults(subject: Enterprise, drawn: Draw) -> Rows:
    return _defaults(subject, drawn, 30)


def _personal_closed(subject: Person, drawn: Draw) -> Rows:
    return _closed(subject, drawn, 14) if subject.adult else []


def _enterprise_closed(subject: Enterprise, drawn: Draw) -> Rows:
    return _closed(subject, drawn, 40)


BOOKS = {
    "judgment_defaulter": Book(_personal_defaults, _enterprise_defaults),
    "closed_enforcement": Book(_personal_closed, _enterprise_closed),
}

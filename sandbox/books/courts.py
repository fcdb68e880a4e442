"""The records of the courts: judgment defaulters and enforcement closed without result.

A listing is always for the subject's own case: the listing of a firm does not list its legal representative
(最高人民法院 法发〔2019〕35号).
"""

from datetime import date
from typing import Final

from sandbox.books.book import Book, Rows, Subject, recent, sometimes
from sandbox.books.course import course, court_listing
from sandbox.draws import Draw
from sandbox.enterprises import Enterprise
from sandbox.places import places_of

_CONDUCTS: Final = (
    *("ABLE_BUT_REFUSES",) * 4,
    *("BREAKS_PROPERTY_REPORT",) * 3,
    "OBSTRUCTS",
    "EVADES",
    "BREAKS_CONSUMPTION_LIMIT",
    "BREAKS_SETTLEMENT",
)
_PERFORMANCES: Final = (*("NONE",) * 7, *("PARTIAL",) * 2, "FULL")
_WITHOUT_TERM: Final = "ABLE_BUT_REFUSES"
"""The conduct for which 法释〔2017〕7号 第二条 states no term: such an entry stands until the duty is performed."""
_LISTED_YEARS: Final = (*(2,) * 8, 3, 5)
"""The years of a listing: two, and one to three more where the court extended them (法释〔2017〕7号 第二条)."""
_UNTOLD: Final = 150
"""Of a thousand entries with a term by law, those of which the court states no last day."""


def _case(subject: Subject, drawn: Draw, year: int, kind: str) -> tuple[str, str]:
    """Return a case number, unique in the city, and the court."""
    code, court = drawn.pick(places_of(subject.city.name).courts)
    number = subject.index * 2 + isinstance(subject, Enterprise) + 1
    return f"（{year}）{code}{kind}{number}号", court


def _defaults(subject: Subject, drawn: Draw) -> Rows:
    listed = recent(subject, drawn, 3)
    case, court = _case(subject, drawn, listed.year, "执")
    conduct, performance = drawn.pick(_CONDUCTS), drawn.pick(_PERFORMANCES)
    ends = date(listed.year + drawn.pick(_LISTED_YEARS), listed.month, min(listed.day, 28))
    expires = None if conduct == _WITHOUT_TERM or drawn.chance(_UNTOLD) else ends
    yield case, court, conduct, performance, listed, expires, *court_listing(subject, drawn, listed)


def _closed(subject: Subject, drawn: Draw) -> Rows:
    for kind in ("执恢", "执")[: drawn.pick((1, 1, 1, 2))]:
        closed = recent(subject, drawn, 5)
        case, court = _case(subject, drawn, closed.year, kind)
        claimed = drawn.between(500_000, 300_000_000)
        unperformed = claimed * drawn.between(20, 100) // 100
        yield case, court, closed, claimed, unperformed, *course(subject, drawn, closed)


BOOKS = {
    "judgment_defaulter": Book(sometimes(15, _defaults), sometimes(30, _defaults)),
    "closed_enforcement": Book(sometimes(14, _closed), sometimes(40, _closed)),
}

"""The tax bureau's list of serious violations."""

from typing import Final

from sandbox.books.book import Book, Rows, Subject, recent, sometimes, until
from sandbox.books.course import listing
from sandbox.draws import Draw
from sandbox.people import Person
from sandbox.places import places_of

OFFICE: Final = "市税务局"
_VIOLATIONS: Final = (
    *("FALSE_DEDUCTIBLE_INVOICES",) * 4,
    *("TAX_EVASION",) * 3,
    *("FALSE_ORDINARY_INVOICES", "ARREARS_EVASION", "ABSCONDED") * 2,
    *(
        "EXPORT_REFUND_FRAUD",
        "INVOICE_FORGERY",
        "FORCIBLE_REFUSAL",
        "HELPED_OTHERS",
        "AGENT_CAUSED",
        "OTHER_GRAVE",
    ),
)


def _violations(subject: Subject, drawn: Draw) -> Rows:
    listed = recent(subject, drawn, 3)
    office = "自" if isinstance(subject, Person) else "企"
    number = f"{places_of(subject.city.name).short[0]}税稽罚〔{listed.year}〕{office}{subject.index + 1}号"
    delisted = drawn.day(listed, until(subject)) if drawn.chance(300) else None
    violation = drawn.pick(_VIOLATIONS)
    yield violation, number, listed, delisted, *listing(subject, drawn, listed, OFFICE)


BOOK: Final = Book(sometimes(8, _violations), sometimes(30, _violations))

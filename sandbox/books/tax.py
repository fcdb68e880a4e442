"""The records of the tax bureau: yearly grades of enterprises, arrears and serious violations."""

from datetime import date, timedelta
from functools import partial
from typing import Final

from sandbox.books.book import Book, Rows, Subject, recent, sometimes, until
from sandbox.books.course import duty, listing
from sandbox.draws import Draw, draw
from sandbox.enterprises import Enterprise
from sandbox.people import Person

_YEARS: Final = (2021, 2022, 2023, 2024, 2025)
_TAXES: Final = ("VALUE_ADDED", "ENTERPRISE_INCOME", "LAND_USE")
_PERSONAL_TAXES: Final = ("INDIVIDUAL_INCOME", "VALUE_ADDED", "LAND_USE")
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
_SCHEME: Final = date(2025, 7, 1)
"""The first day on which others than enterprises may ask to be graded (税务总局公告2025年第12号 第三条)."""
_OFFICE: Final = "市税务局"
_FULL_YEAR: Final = timedelta(days=365)


def _grade(points: int) -> str:
    """The four scored grades: A from 90, B from 70, C from 40, D below (纳税缴费信用管理办法)."""
    return "A" if points >= 90 else "B" if points >= 70 else "C" if points >= 40 else "D"  # noqa: PLR2004


def _yearly(drawn: Draw, years: list[int]) -> Rows:
    standing = drawn.between(62, 97) if drawn.chance(850) else drawn.between(20, 80)
    for year in years:
        points = min(max(standing + drawn.between(-6, 6), 0), 100)
        unscored = drawn.below(100)
        if unscored < 10:  # noqa: PLR2004 M has no income to be scored, a D by decision no points
            yield year, "D" if unscored == 0 else "M", None, date(year + 1, 4, 30)
        else:
            yield year, _grade(points), points, date(year + 1, 4, 30)


def _applied_on(subject: Enterprise) -> date | None:
    """The day on which a subject that is no enterprise asked to be graded, if it did."""
    drawn = draw(subject.city.seed, "tax.applied", subject.index)
    return drawn.day(_SCHEME, date(2026, 3, 31)) if drawn.chance(300) else None


def enterprise_grades(subject: Enterprise, drawn: Draw) -> Rows:
    """Grades of the last five years in which the enterprise existed for a full year; of others, what they asked for."""
    first, last = subject.established_on + _FULL_YEAR, subject.last_day
    applied = None if subject.kind == "COMPANY" else _applied_on(subject)
    for row in _yearly(drawn, [year for year in _YEARS if first <= date(year, 12, 31) < last]):
        if subject.kind == "COMPANY" or (applied and row[0] == _SCHEME.year):
            yield *row, applied


def _arrears(subject: Subject, drawn: Draw, taxes: tuple[str, ...]) -> Rows:
    for tax in drawn.some(taxes, drawn.pick((1, 1, 1, 2, 3))):
        began = recent(subject, drawn, 4)
        cleared = drawn.day(began, until(subject)) if drawn.chance(600) else None
        amount = drawn.between(50_000, 80_000_000)
        yield tax, amount, began, cleared, *duty(subject, drawn, began, _OFFICE)


def _violations(subject: Subject, drawn: Draw) -> Rows:
    listed = recent(subject, drawn, 3)
    office = "自" if isinstance(subject, Person) else "企"
    number = f"信税稽罚〔{listed.year}〕{office}{subject.index + 1}号"
    delisted = drawn.day(listed, until(subject)) if drawn.chance(300) else None
    violation = drawn.pick(_VIOLATIONS)
    yield violation, number, listed, delisted, *listing(subject, drawn, listed, _OFFICE)


BOOKS = {
    "taxpayer_grade": Book(enterprise=enterprise_grades),
    "tax_arrears": Book(
        sometimes(15, partial(_arrears, taxes=_PERSONAL_TAXES)),
        sometimes(60, partial(_arrears, taxes=_TAXES)),
    ),
    "serious_violation": Book(sometimes(4, _violations), sometimes(20, _violations)),
}

"""The records of the tax bureau: yearly grades of enterprises, arrears, serious violations, and who is responsible."""

from datetime import date, timedelta
from functools import partial
from typing import Final

from sandbox.books import serious_violations
from sandbox.books.book import Book, Rows, Subject, recent, sometimes, until
from sandbox.books.course import duty
from sandbox.books.responsibilities import write_responsibilities
from sandbox.books.serious_violations import OFFICE
from sandbox.draws import Draw, draw
from sandbox.enterprises import Enterprise

_YEARS: Final = (2021, 2022, 2023, 2024, 2025)
_TAXES: Final = ("VALUE_ADDED", "ENTERPRISE_INCOME", "LAND_USE")
_PERSONAL_TAXES: Final = ("INDIVIDUAL_INCOME", "VALUE_ADDED", "LAND_USE")
_SCHEME: Final = date(2025, 7, 1)
"""The first day on which others than enterprises may ask to be graded (税务总局公告2025年第12号 第三条)."""
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
        yield tax, amount, began, cleared, *duty(subject, drawn, began, OFFICE)


BOOKS = {
    "taxpayer_grade": Book(enterprise=enterprise_grades),
    "tax_arrears": Book(
        sometimes(15, partial(_arrears, taxes=_PERSONAL_TAXES)),
        sometimes(60, partial(_arrears, taxes=_TAXES)),
    ),
    "serious_violation": serious_violations.BOOK,
    "responsible_person": Book(enterprise=write_responsibilities),
}

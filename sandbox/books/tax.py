"""The records of the tax bureau: yearly grades, arrears and serious violations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sandbox.books.book import Book, Rows, Subject, recent, since, until
from sandbox.draws import Draw
from sandbox.enterprises import Enterprise
from sandbox.model import REFERENCE
from sandbox.people import Person

_YEARS: Final = (2021, 2022, 2023, 2024, 2025)
_TAXES: Final = ("VALUE_ADDED", "ENTERPRISE_INCOME", "LAND_USE")
_PERSONAL_TAXES: Final = ("INDIVIDUAL_INCOME", "VALUE_ADDED", "LAND_USE")
_VIOLATIONS: Final = ("FALSE_INVOICING", "FALSE_INVOICING", "TAX_EVASION", "ARREARS_EVASION", "ABSCONDED")
_FULL_YEAR: Final = timedelta(days=365)


def _grade(points: int) -> str:
    """The four scored grades: A from 90, B from 70, C from 40, D below (纳税缴费信用管理办法)."""
    return "A" if points >= 90 else "B" if points >= 70 else "C" if points >= 40 else "D"  # noqa: PLR2004


def _yearly(drawn: Draw, years: list[int]) -> Rows:
    standing = drawn.between(62, 97) if drawn.chance(850) else drawn.between(20, 80)
    rows: Rows = []
    for year in years:
        points = min(max(standing + drawn.between(-6, 6), 0), 100)
        unscored = drawn.below(100)
        if unscored < 10:  # noqa: PLR2004 M has no income to be scored, a D by decision no points
            rows.append((year, "D" if unscored == 0 else "M", None, date(year + 1, 4, 30)))
        else:
            rows.append((year, _grade(points), points, date(year + 1, 4, 30)))
    return rows


def personal_grades(subject: Person, drawn: Draw) -> Rows:
    """Grades of the last three years for adults who pay taxes."""
    if not subject.adult or not drawn.chance(700) or subject.deceased:
        return []
    return _yearly(drawn, [year for year in _YEARS[-3:] if subject.adult_on < date(year, 1, 1)])


def enterprise_grades(subject: Enterprise, drawn: Draw) -> Rows:
    """Grades of the last five years in which the enterprise existed for a full year."""
    first, last = subject.established_on + _FULL_YEAR, subject.last_day
    return _yearly(drawn, [year for year in _YEARS if first <= date(year, 12, 31) < last])


def _arrears(subject: Subject, drawn: Draw, permille: int, taxes: tuple[str, ...]) -> Rows:
    if since(subject) > REFERENCE or not drawn.chance(permille):
        return []
    rows: Rows = []
    for tax in drawn.some(taxes, drawn.pick((1, 1, 1, 2, 3))):
        began = recent(subject, drawn, 4)
        if began is not None:
            cleared = drawn.day(began, until(subject)) if drawn.chance(600) else None
            rows.append((tax, drawn.between(50_000, 80_000_000), began, cleared))
    return rows


def _violations(subject: Subject, drawn: Draw, permille: int, office: str) -> Rows:
    if since(subject) > REFERENCE or not drawn.chance(permille):
        return []
    listed = recent(subject, drawn, 3)
    if listed is None:
        return []
    number = f"信税稽罚〔{listed.year}〕{office}{subject.index + 1}号"
    delisted = drawn.day(listed, until(subject)) if drawn.chance(300) else None
    return [(drawn.pick(_VIOLATIONS), number, listed, delisted)]


def _personal_arrears(subject: Person, drawn: Draw) -> Rows:
    return _arrears(subject, drawn, 15, _PERSONAL_TAXES)


def _enterprise_arrears(subject: Enterprise, drawn: Draw) -> Rows:
    return _arrears(subject, drawn, 60, _TAXES)


def _personal_violations(subject: Person, drawn: Draw) -> Rows:
    return _violations(subject, drawn, 4, "自")


def _enterprise_violations(subject: Enterprise, drawn: Draw) -> Rows:
    return _violations(subject, drawn, 20, "企")


BOOKS = {
    "taxpayer_grade": Book(personal_grades, enterprise_grades),
    "tax_arrears": Book(_personal_arrears, _enterprise_arrears),
    "serious_violation": Book(_personal_violations, _enterprise_violations),
}

"""The records of the human resources and social security bureau: contributions, and of employers grades and arrears."""

from datetime import date
from typing import Final

from sandbox.books.book import Book, Rows, Subject, recent, sometimes, until
from sandbox.books.course import duty
from sandbox.draws import Draw, draw
from sandbox.enterprises import Enterprise
from sandbox.model import REFERENCE
from sandbox.people import Person

_OFFICE: Final = "市社会保险中心"
_RETIREMENT: Final = 60
_PAID_MONTH: Final = date(2026, 6, 1)
_GRADED_YEAR: Final = 2025
_INSURANCES: Final = ("PENSION", "UNEMPLOYMENT", "WORK_INJURY")
_STREAM: Final = "social_security.insured"
_EMPLOYING: Final = 350
"""Of a thousand individual businesses, those that employ somebody, and so pay contributions as an employer does."""
_FEW: Final = (1, 1, 2, 2, 3, 5)
_MANY: Final = (2, 3, 5, 8, 8, 12, 20, 35, 60, 150, 400)


def _months(first: date, last: date) -> int:
    return max((last.year - first.year) * 12 + last.month - first.month, 0)


def _month_before(drawn: Draw, months: int) -> date:
    count = _PAID_MONTH.year * 12 + _PAID_MONTH.month - 1 - drawn.between(2, 2 + months)
    return date(count // 12, count % 12 + 1, 1)


def _insured(subject: Subject) -> bool:
    """Whether the subject pays contributions; contributions and grades use this."""
    drawn = draw(subject.city.seed, _STREAM, subject.index)
    if isinstance(subject, Person):
        return drawn.chance(850) and not subject.deceased
    employs = subject.kind != "INDIVIDUAL_BUSINESS" or drawn.chance(_EMPLOYING)
    return subject.status != "DEREGISTERED" and employs


def _personal_contribution(subject: Person, drawn: Draw) -> Rows:
    if not _insured(subject):
        return
    possible = min(_months(subject.adult_on, REFERENCE), 480)
    months, base = drawn.between(possible // 4, possible), drawn.between(3500, 22_000) * 100
    if subject.age >= _RETIREMENT:
        ended = subject.born.replace(year=subject.born.year + _RETIREMENT, day=1)
        yield "RETIRED", months, 1, ended, base
    elif drawn.chance(120) and months > 0:
        yield "SUSPENDED", months, 1, _month_before(drawn, min(months, 24)), base
    else:
        yield "PAYING", months, 1, _PAID_MONTH, base


def _enterprise_contribution(subject: Enterprise, drawn: Draw) -> Rows:
    if not _insured(subject):
        return
    staff = drawn.pick(_FEW if subject.kind == "INDIVIDUAL_BUSINESS" else _MANY)
    months, base = _months(subject.established_on, REFERENCE), drawn.between(4000, 9000) * 100 * staff
    if subject.status == "ACTIVE" or months == 0:
        yield "PAYING", months, staff, _PAID_MONTH, base
    else:
        yield "SUSPENDED", months, staff, _month_before(drawn, min(months, 24)), base


def _payment_grade(subject: Enterprise, drawn: Draw) -> Rows:
    if subject.established_on < date(_GRADED_YEAR, 1, 1) and _insured(subject) and drawn.chance(900):
        yield _GRADED_YEAR, drawn.pick("AAAAAABBBC"), date(_GRADED_YEAR + 1, 3, drawn.between(1, 31))


def _labour_grade(subject: Enterprise, drawn: Draw) -> Rows:
    """Enterprises alone are graded (人社部规〔2016〕1号); most were not found in violation."""
    graded = subject.kind == "COMPANY" and subject.status == "ACTIVE"
    if graded and subject.established_on < date(_GRADED_YEAR, 1, 1) and drawn.chance(600):
        yield _GRADED_YEAR, drawn.pick("AAAAAAABBC"), date(_GRADED_YEAR + 1, 4, drawn.between(1, 30))


def _arrears(subject: Enterprise, drawn: Draw) -> Rows:
    for insurance in drawn.some(_INSURANCES, drawn.pick((1, 1, 2, 3))):
        began = recent(subject, drawn, 3)
        cleared = drawn.day(began, until(subject)) if drawn.chance(700) else None
        amount = drawn.between(20_000, 9_000_000)
        yield insurance, amount, began, cleared, *duty(subject, drawn, began, _OFFICE)


BOOKS = {
    "contribution": Book(_personal_contribution, _enterprise_contribution),
    "payment_grade": Book(enterprise=_payment_grade),
    "labour_grade": Book(enterprise=_labour_grade),
    "insurance_arrears": Book(enterprise=sometimes(70, _arrears)),
}

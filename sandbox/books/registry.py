"""The records of the registry: persons, enterprises and offices."""

from __future__ import annotations

from sandbox.books.book import Book, Rows
from sandbox.draws import Draw
from sandbox.enterprises import Enterprise
from sandbox.offices import Office, offices_of_enterprise
from sandbox.people import Person, person_number


def _persons(subject: Person, _: Draw) -> Rows:
    return [(subject.name, subject.sex, subject.born, subject.region, subject.deceased)]


def _enterprises(subject: Enterprise, _: Draw) -> Rows:
    return [
        (
            subject.name,
            subject.kind,
            subject.region,
            subject.trade[1],
            subject.established_on,
            subject.capital_fen,
            subject.status,
        )
    ]


def _offices(subject: Enterprise, _: Draw) -> Rows:
    return [
        (person_number(subject.city, o.person), o.role, o.since, o.until, o.number)
        for o in offices_of_enterprise(subject)
    ]


def is_current_representative(office: Office) -> bool:
    """Whether the office is that of a current legal representative (法定代表人)."""
    return office.role == "LEGAL_REPRESENTATIVE" and office.until is None


BOOKS = {
    "person": Book(person=_persons),
    "enterprise": Book(enterprise=_enterprises),
    "office": Book(enterprise=_offices),
}

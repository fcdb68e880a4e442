"""The records of the registry: persons, enterprises, offices, guardianships and documents."""

from sandbox.books import document_links
from sandbox.books.book import Book, Rows
from sandbox.draws import Draw
from sandbox.enterprises import Enterprise
from sandbox.guardians import guardianships_of_child
from sandbox.offices import offices_of_enterprise
from sandbox.people import Person, person_number


def _persons(subject: Person, _: Draw) -> Rows:
    yield subject.name, subject.sex, subject.born, subject.region, subject.deceased


def _enterprises(subject: Enterprise, _: Draw) -> Rows:
    about = subject.name, subject.kind, subject.region, subject.trade[1]
    yield *about, subject.established_on, subject.capital_fen, subject.status


def _offices(subject: Enterprise, _: Draw) -> Rows:
    for each in offices_of_enterprise(subject):
        yield person_number(subject.city, each.person), each.role, each.since, each.until, each.number


def _guardianships(subject: Person, _: Draw) -> Rows:
    for each in guardianships_of_child(subject):
        yield person_number(subject.city, each.guardian), each.since, each.until, each.number


BOOKS = {
    "person": Book(person=_persons),
    "enterprise": Book(enterprise=_enterprises),
    "office": Book(enterprise=_offices),
    "guardianship": Book(person=_guardianships),
    "identity_document": document_links.BOOK,
}

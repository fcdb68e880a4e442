"""The generators of records: `BOOKS[bureau][table]` makes the rows of a subject.

A bureau that is not in `BOOKS` has its tables in the city, and no rows in them.
"""

from collections.abc import Iterator

from sandbox.books import courts, credit_office, customs, registry, social_security, tax, transport
from sandbox.books.book import Book, Row, Subject, written
from sandbox.enterprises import enterprise
from sandbox.model import City
from sandbox.people import Person, person

BOOKS: dict[str, dict[str, Book]] = {
    "courts": courts.BOOKS,
    "credit_office": credit_office.BOOKS,
    "customs": customs.BOOKS,
    "registry": registry.BOOKS,
    "social_security": social_security.BOOKS,
    "tax": tax.BOOKS,
    "transport": transport.BOOKS,
}


def subjects_of(city: City) -> Iterator[Subject]:
    """Yield the persons of the city, then its enterprises."""
    yield from (person(city, index) for index in range(city.population))
    yield from (enterprise(city, index) for index in range(city.enterprises))


def rows_of(subject: Subject, bureau: str, table: str) -> list[Row]:
    """Return the rows of the subject in the table, without the key.

    A minor has a registration, guardians, and from fourteen hours of volunteering.
    """
    minor = isinstance(subject, Person) and not subject.adult
    if bureau not in BOOKS or (minor and bureau != "registry" and table != "volunteering"):
        return []
    return written(BOOKS[bureau][table], f"{bureau}.{table}", subject)

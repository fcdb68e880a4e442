"""The generators of records: `BOOKS[bureau][table]` makes the rows of a subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.books import courts, credit_office, registry, social_security, tax, transport
from sandbox.books.book import Book, Rows, Subject
from sandbox.draws import draw
from sandbox.people import Person

BOOKS: dict[str, dict[str, Book]] = {
    "courts": courts.BOOKS,
    "credit_office": credit_office.BOOKS,
    "registry": registry.BOOKS,
    "social_security": social_security.BOOKS,
    "tax": tax.BOOKS,
    "transport": transport.BOOKS,
}


def rows_of(subject: Subject, bureau: str, table: str) -> Rows:
    """Return the rows of the subject in the table, without the key."""
    book = BOOKS[bureau][table]
    kind = "person" if isinstance(subject, Person) else "enterprise"
    write: Callable[[Any, Any], Rows] | None = getattr(book, kind)
    if write is None:
        return []
    return write(subject, draw(subject.city.seed, f"{bureau}.{table}.{kind}", subject.index))

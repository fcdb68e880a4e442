"""The authorisations of lenders: most stand, and some are spent, over, withdrawn, narrow or for another lender."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Final

from adapters.bureaus import discover
from catalogue.catalogue_item import SubjectKind
from catalogue.classification import DataClass
from sandbox.books.book import Book, Rows, Subject
from sandbox.draws import Draw, draw
from sandbox.model import REFERENCE
from sandbox.people import Person

LENDER: Final = "bank"
_PURPOSE: Final = "financing.credit"
_OPENED: Final = date(2026, 1, 1)
_TERM: Final = timedelta(days=5 * 365)
_STANDS: Final = "STANDS"
_FATES: Final = (_STANDS,) * 14 + ("COUNTED", "NARROW", "SPENT", "OVER", "WITHDRAWN", "FOREIGN")
_REGISTRATION: Final = frozenset({DataClass.IDENTITY, DataClass.PUBLIC_RECORD})
_LENT_ON: Final = _REGISTRATION | {
    DataClass.ADMINISTRATIVE,
    DataClass.GRADE,
    DataClass.ADVERSE,
    DataClass.JUDICIAL,
}
_USES: Final = 20


def standing_number(subject: Subject) -> str | None:
    """Return the number of the authorisation by which `bank` may read everything that is lent on, as often as it asks."""
    kind = "person" if isinstance(subject, Person) else "enterprise"
    drawn = draw(subject.city.seed, f"credit_office.authorisation.{kind}", subject.index)
    for number, lender, _, items, _, until, uses, _, withdrawn in write_authorisations(subject, drawn):
        unbound = (lender, uses, withdrawn) == (LENDER, None, None) and until > REFERENCE
        if unbound and items == _items(kind)[_STANDS]:
            return number
    return None


def write_authorisations(subject: Subject, drawn: Draw) -> Rows:
    """Six in ten subjects authorise one lender; one in fourteen of these is as often wrong in each way."""
    is_person = isinstance(subject, Person)
    if (is_person and subject.deceased) or not drawn.chance(600):
        return
    begins, fate = drawn.day(_OPENED, REFERENCE), drawn.pick(_FATES)
    items = _items("person" if is_person else "enterprise")
    yield (
        f"XYD-{begins.year}-{2 * subject.index + 1 + (not is_person)}",
        "second-bank" if fate == "FOREIGN" else LENDER,
        _PURPOSE,
        items.get(fate, items[_STANDS]),
        begins,
        begins if fate == "OVER" else begins + _TERM,
        _USES if fate in ("COUNTED", "SPENT") else None,
        _USES if fate == "SPENT" else 0,
        drawn.day(begins, REFERENCE) if fate == "WITHDRAWN" else None,
    )


@cache
def _items(kind: str) -> Mapping[str, str]:
    """Return the codes of the catalogue items by fate: all that is lent on, and of a narrow one the registration alone."""
    return {_STANDS: _codes(kind, _LENT_ON), "NARROW": _codes(kind, _REGISTRATION)}


def _codes(kind: str, classes: frozenset[DataClass]) -> str:
    declared = (each for bureau in discover().values() for each in bureau.datasets)
    named = {
        d.item.code for d in declared if d.data_class in classes and SubjectKind(kind) in d.item.subjects
    }
    return " ".join(sorted(named))


BOOK: Final = Book(write_authorisations, write_authorisations)

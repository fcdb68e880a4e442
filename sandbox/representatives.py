"""Who acts for which enterprise of the synthetic city today, without a database."""

from collections.abc import Iterator
from typing import NamedTuple

from catalogue.legal_forms import legal_form_of
from catalogue.representing_offices import representing_office
from sandbox.enterprises import credit_code, enterprise
from sandbox.model import City
from sandbox.offices import offices_of_enterprise
from sandbox.people import person_number


class Representative(NamedTuple):
    """The identity number of a person, and the credit code of an enterprise for which the person acts."""

    person: str
    enterprise: str


def representatives(city: City) -> Iterator[Representative]:
    """Yield each enterprise that somebody represents today, with that person, in the order of the city."""
    for index in range(city.enterprises):
        yield from acting_for(city, index)


def representative_of(city: City, code: str) -> str | None:
    """Return the person who represents an enterprise today; None where the city has no such enterprise or nobody does."""
    known = (index for index in range(city.enterprises) if credit_code(city, index) == code)
    return next((each.person for index in known for each in acting_for(city, index)), None)


def acting_for(city: City, index: int) -> Iterator[Representative]:
    """Yield who represents enterprise `index` of the city today: nobody, or one."""
    firm = enterprise(city, index)
    acting = representing_office(legal_form_of(firm.number, firm.kind))
    for office in offices_of_enterprise(firm):
        if office.role == acting and office.until is None:
            yield Representative(person_number(city, office.person), credit_code(city, index))

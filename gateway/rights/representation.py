"""Whether a person represents an enterprise today: looked up at each request in which the person acts for it.

A token says for which enterprise a person acts. It may have been issued before the office ended, so the registry decides
at each request, before anything of the enterprise is read. The person must also be of age, by its number and by the registry,
and alive: rights end with death and full capacity begins at eighteen (民法典 art. 13, 17, 18). No text says that an office
alone makes up for either; that it does not is our reading. Whom only another city registers is judged by its number.

An enterprise that the registry does not know, one that somebody else represents, one whose offices break their contract, and
a person who is a minor or dead get the same answer after the same read.
"""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeAlias

import msgspec

from adapters.source import Key, Query
from catalogue.ages import is_adult, youngest_adult
from catalogue.legal_forms import LegalForm, legal_form_of
from catalogue.representing_offices import ENTERPRISE, OFFICES, PERSON, representing_office
from gateway.errors import AUTHORIZATION_UNAVAILABLE, REPRESENTATIVE_NOT_IN_OFFICE, RequestError
from observability.events import Origins
from resolvers.fetch.batching import Loaders
from resolvers.fetch.reading import Table
from resolvers.graph.graph import Graph

_Office: TypeAlias = Mapping[str, Any]
_COLUMNS: Final[tuple[str, ...]] = ("person_number", "role", "since", "until")


class Acting(msgspec.Struct, frozen=True):
    """A person who acts for an enterprise on a day in the city; `repr` has no number of either."""

    person: Key
    enterprise: Key
    day: date

    def __repr__(self) -> str:
        return f"Acting({self.day})"


class Representation:
    """Asks the registry for an enterprise's kind, the offices in it and the person, as the purpose of one operation."""

    def __init__(self, loaders: Loaders, kinds: Query, offices: Query, persons: Query) -> None:
        self._loaders = loaders
        self._queries = kinds, offices, persons

    @classmethod
    def of(cls, graph: Graph, loaders: Loaders, purpose: str) -> "Representation":
        """Return what looks offices up for a purpose."""
        registered, offices, persons = (graph.sources[each] for each in (ENTERPRISE, OFFICES, PERSON))
        life = persons.dataset.born, persons.dataset.died
        kinds = Query(registered.bureau, registered.dataset, (registered.dataset.kind,), purpose)
        held = Query(offices.bureau, offices.dataset, _COLUMNS, purpose, unordered=True)
        return cls(loaders, kinds, held, Query(persons.bureau, persons.dataset, life, purpose))

    async def check(self, acting: Acting, deadline: float, origins: Origins) -> None:
        """Raise REPRESENTATIVE_NOT_IN_OFFICE unless the person, of age and alive, represents the enterprise on the day.

        Raises AUTHORIZATION_UNAVAILABLE if the registry cannot be read. Not to be answered in time is TimeoutError's.
        """
        loaders = self._loaders.loaders_of(self._queries)
        keys = acting.enterprise, acting.enterprise, acting.person
        asked = [each.load([key], deadline, origins) for each, key in zip(loaders, keys, strict=True)]
        registered, held, persons = await asyncio.gather(*asked)
        if any(each.failure is not None for each in (registered, held, persons)):
            raise RequestError(AUTHORIZATION_UNAVAILABLE)
        rows = held.rows.get(acting.enterprise, ())
        offices: list[_Office] = [dict(zip(_COLUMNS, row[1:], strict=True)) for row in rows]
        form = _form(acting.enterprise, registered)
        in_office = form is not None and any(_represents(each, acting, form) for each in offices)
        if not (_may_act(acting, persons) and in_office):
            raise RequestError(REPRESENTATIVE_NOT_IN_OFFICE)


def _form(enterprise: Key, registered: Table) -> LegalForm | None:
    """Return the legal form of an enterprise; None where the registry does not say what it is."""
    row = registered.rows.get(enterprise)
    return None if row is None else legal_form_of(enterprise, row[1])


def _may_act(acting: Acting, persons: Table) -> bool:
    """Whether the person is of age by its number, and by the registry of age and alive where this knows it.

    Who lives in another city is in no registry of this one and represents an enterprise all the same.
    """
    if acting.person in persons.broken or not is_adult(acting.person, acting.day):
        return False
    row = persons.rows.get(acting.person)
    if row is None:
        return True
    _, born, died = row
    return born <= youngest_adult(acting.day) and not died


def _represents(office: _Office, acting: Acting, form: LegalForm) -> bool:
    in_term = office["since"] <= acting.day and (office["until"] is None or office["until"] >= acting.day)
    return (
        office["person_number"] == acting.person and office["role"] == representing_office(form) and in_term
    )


async def check_acting(
    acting: Acting | None, representation: Representation | None, deadline: float, origins: Origins
) -> None:
    """Refuse a request of a person who acts for an enterprise without representing it; nothing else is read before.

    Raises TimeoutError at the deadline, and AUTHORIZATION_UNAVAILABLE where nothing looks the office up.
    """
    if acting is None:
        return
    if representation is None:
        raise RequestError(AUTHORIZATION_UNAVAILABLE)
    async with asyncio.timeout_at(deadline):
        await representation.check(acting, deadline, origins)

"""Whether a person represents an enterprise today: looked up at each request in which the person acts for it.

A token says for which enterprise a person acts. It may have been issued before the office ended, so the registry decides
at each request, before anything of the enterprise is read. An enterprise that the registry does not know, one that
somebody else represents, and one whose offices break their contract get the same answer after the same read.
"""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeAlias

import msgspec

from adapters.source import Key, Query
from catalogue.representing_offices import OFFICES, REPRESENTING
from gateway.errors import AUTHORIZATION_UNAVAILABLE, REPRESENTATIVE_NOT_IN_OFFICE, RequestError
from observability.events import Origins
from resolvers.fetch.batching import Loaders
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
    """Asks the registry for the offices in an enterprise, as the purpose of one operation."""

    def __init__(self, loaders: Loaders, query: Query) -> None:
        self._loaders = loaders
        self._query = query

    @classmethod
    def of(cls, graph: Graph, loaders: Loaders, purpose: str) -> "Representation":
        """Return what looks offices up for a purpose."""
        source = graph.sources[OFFICES]
        query = Query(source.bureau, source.dataset, _COLUMNS, purpose, unordered=True)
        return cls(loaders, query)

    async def check(self, acting: Acting, deadline: float, origins: Origins) -> None:
        """Raise REPRESENTATIVE_NOT_IN_OFFICE unless the person represents the enterprise on the day.

        Raises AUTHORIZATION_UNAVAILABLE if the registry cannot be read. Not to be answered in time is TimeoutError's.
        """
        (loader,) = self._loaders.loaders_of([self._query])
        table = await loader.load([acting.enterprise], deadline, origins)
        if table.failure is not None:
            raise RequestError(AUTHORIZATION_UNAVAILABLE)
        rows = table.rows.get(acting.enterprise, ())
        offices: list[_Office] = [dict(zip(_COLUMNS, row[1:], strict=True)) for row in rows]
        if not any(_represents(each, acting) for each in offices):
            raise RequestError(REPRESENTATIVE_NOT_IN_OFFICE)


def _represents(office: _Office, acting: Acting) -> bool:
    in_term = office["since"] <= acting.day and (office["until"] is None or office["until"] >= acting.day)
    return office["person_number"] == acting.person and office["role"] in REPRESENTING and in_term


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

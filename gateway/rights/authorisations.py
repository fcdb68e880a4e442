"""Authorisations of lenders: a borrower lets one lender ask for it, and the record of this is looked up at each request.

A lender reads a borrower under an authorisation of the borrower's that names the lender, the purpose, the catalogue items,
a term and how often (征信业管理条例 art. 18, 20; 河南省社会信用条例 art. 18). Why one does not stand is counted for the operators
and not answered: otherwise a lender would learn of a stranger whether it exists and whom it authorised.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from adapters.source import Key
from catalogue.number_spelling import fold_number
from gateway.errors import AUTHORISATION_MISSING, RequestError
from observability.events import AuthorisationRefused
from observability.hooks import Hooks
from resolvers.fetch.reading import Table

DATASET: Final = "credit_office.authorisation"
_MISSING: Final = "no authorisation under the number"
_BROKEN: Final = "a record breaks its contract"


class Authorisation(msgspec.Struct, frozen=True):
    """One row of the data set, in the order of its columns."""

    number: str
    lender: str
    """The client that alone may use it."""
    purpose: str
    items: str
    """Codes of catalogue items, with blanks between."""
    begins_on: date
    until: date
    """The last day."""
    uses: int | None
    """The answers that it allows; None where the term alone bounds it."""
    uses_counted: int
    """The answers that the credit office has counted."""
    withdrawn_on: date | None


COLUMNS: Final = Authorisation.__struct_fields__
"""The columns that are looked up."""


class LenderRequest(msgspec.Struct, frozen=True):
    """A request of a lender, with the number of the authorisation that it names and the calendar day in the city."""

    client: str
    purpose: str
    number: str
    day: date


class Authorisations:
    """Admits lenders to borrowers, and counts the uses in the memory of this process.

    An authorisation has been used as often as the greater of two counts says: the record's, and what the record said
    first plus this process's answers since. So an answer that the credit office has counted meanwhile counts once.
    The memory has hashes of the borrowers' keys, and no key. Each process has its own; a restart empties it.
    """

    def __init__(self, hooks: Hooks | None = None) -> None:
        self._hooks = hooks or Hooks()
        self._used: dict[tuple[str, str, int], int] = {}

    def admit(
        self, asked: LenderRequest, borrowers: Sequence[Key], found: Table
    ) -> Mapping[Key, frozenset[str]]:
        """Return the catalogue items that each borrower lets the lender read, and count one use of each authorisation.

        AUTHORISATION_MISSING where one of the borrowers has no authorisation that stands; then no use is counted.
        """
        standing: dict[Key, Authorisation] = {}
        for key in borrowers:
            authorisation, rule = self._find(asked, key, found)
            if authorisation is None:
                self._hooks.emit(AuthorisationRefused(asked.client, asked.purpose, DATASET, rule))
            else:
                standing[key] = authorisation
        if len(standing) < len(borrowers):
            raise RequestError(AUTHORISATION_MISSING)
        for key, each in standing.items():
            if each.uses is not None:
                self._used[_name(each, key)] = self._uses(each, key) + 1
        return {key: frozenset(each.items.split()) for key, each in standing.items()}

    def _find(self, asked: LenderRequest, key: Key, found: Table) -> tuple[Authorisation | None, str]:
        """Return an authorisation that stands, or the rule by which none does."""
        if key in found.broken:
            return None, _BROKEN
        number, rule = fold_number(asked.number), _MISSING
        for row in found.rows.get(key, ()):
            each = _authorisation(row)
            if fold_number(each.number) == number:
                why = _why_not(each, asked, self._uses(each, key))
                if why is None:
                    return each, ""
                rule = why
        return None, rule

    def _uses(self, each: Authorisation, key: Key) -> int:
        return max(each.uses_counted, self._used.get(_name(each, key), 0))


def _name(each: Authorisation, key: Key) -> tuple[str, str, int]:
    return each.lender, fold_number(each.number), hash(key)


def _authorisation(row: Sequence[Any]) -> Authorisation:
    return Authorisation(*row[1:])


def _why_not(each: Authorisation, asked: LenderRequest, used: int) -> str | None:
    """Return the rule by which an authorisation does not stand for a request, or None where it does."""
    rules = (
        (each.lender == asked.client, "for another lender"),
        (each.purpose == asked.purpose, "for another purpose"),
        (each.begins_on <= asked.day, "not begun"),
        (each.withdrawn_on is None or each.withdrawn_on > asked.day, "withdrawn"),
        (each.until >= asked.day, "expired"),
        (each.uses is None or used < each.uses, "spent"),
    )
    return next((why for holds, why in rules if not holds), None)

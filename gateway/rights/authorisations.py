"""Authorisations of lenders: a borrower lets one lender ask for it, and the record of this is looked up at each request.

A lender reads a borrower under an authorisation of the borrower's that names the lender, the purpose, the catalogue items,
a term and how often (河南省社会信用条例 art. 18; by analogy 征信业管理条例 art. 18, 20). Why one does not stand is counted for the operators
and not answered: otherwise a lender would learn of a stranger whether it exists and whom it authorised.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from adapters.source import Key
from catalogue.number_spelling import fold_number
from gateway.errors import AUTHORISATION_MISSING, AUTHORIZATION_UNAVAILABLE, RequestError
from gateway.rights.use_counts import CountName, UseCounts
from observability.events import AuthorisationRefused
from observability.hooks import Hooks
from observability.redaction import Written
from resolvers.fetch.reading import Table

DATASET: Final = "credit_office.authorisation"
_MISSING: Final = "no authorisation under the number"
_BROKEN: Final = "a record breaks its contract"
_FULL: Final = "no room for another count"


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

    def last_day(self, today: date) -> date:
        """Return its last day as known today: the day of a withdrawal that has come, or the last of its term."""
        return min(self.until, today) if self.withdrawn_on and self.withdrawn_on <= today else self.until


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
    The memory has hashes of the borrowers' keys, and no key. Each process has its own; a restart empties it. It forgets
    a count when the authorisation has ended or is withdrawn, and has room for a number of them.
    """

    def __init__(self, hooks: Hooks | None = None, counts: UseCounts | None = None) -> None:
        self._hooks = hooks or Hooks()
        self._counts = UseCounts() if counts is None else counts

    def admit(
        self, asked: LenderRequest, borrowers: Sequence[Key], found: Table
    ) -> Mapping[Key, frozenset[str]]:
        """Return the catalogue items that each borrower lets the lender read, and count one use of each authorisation.

        AUTHORISATION_MISSING where one of the borrowers has no authorisation that stands, AUTHORIZATION_UNAVAILABLE where
        there is no room to count; then no use is counted.
        """
        self._counts.begin(asked.day)
        standing: dict[Key, Authorisation] = {}
        for key in borrowers:
            authorisation, rule = self._find(asked, key, found)
            if authorisation is None:
                self._hooks.emit(AuthorisationRefused(asked.client, asked.purpose, DATASET, Written(rule)))
            else:
                standing[key] = authorisation
        if len(standing) < len(borrowers):
            raise RequestError(AUTHORISATION_MISSING)
        self._count(asked, {key: each for key, each in standing.items() if each.uses is not None})
        return {key: frozenset(each.items.split()) for key, each in standing.items()}

    def _count(self, asked: LenderRequest, standing: Mapping[Key, Authorisation]) -> None:
        """Count one use of each authorisation, or of none where the counts have no room for all."""
        names = {_name(each, key): (each, self._uses(each, key)) for key, each in standing.items()}
        if not self._counts.has_room_for(sum(name not in self._counts for name in names)):
            self._hooks.emit(AuthorisationRefused(asked.client, asked.purpose, DATASET, Written(_FULL)))
            raise RequestError(AUTHORIZATION_UNAVAILABLE)
        for name, (each, used) in names.items():
            self._counts.count(name, used + 1, each.until)

    def _find(self, asked: LenderRequest, key: Key, found: Table) -> tuple[Authorisation | None, str]:
        """Return an authorisation that stands, or the rule by which none does."""
        if key in found.broken:
            return None, _BROKEN
        number, rule, today = fold_number(asked.number), _MISSING, self._counts.day
        rows = map(_authorisation, found.rows.get(key, ()))
        numbered = [each for each in rows if fold_number(each.number) == number]
        own = [each.last_day(today) for each in numbered if each.lender == asked.client]
        if own:
            self._counts.expect_end((asked.client, number, hash(key)), max(own))
        for each in numbered:
            why = _why_not(each, asked, today, self._uses(each, key))
            if why is None:
                return each, ""
            rule = why
        return None, rule

    def _uses(self, each: Authorisation, key: Key) -> int:
        return max(each.uses_counted, self._counts.used(_name(each, key)))


def _name(each: Authorisation, key: Key) -> CountName:
    return each.lender, fold_number(each.number), hash(key)


def _authorisation(row: Sequence[Any]) -> Authorisation:
    return Authorisation(*row[1:])


def _why_not(each: Authorisation, asked: LenderRequest, today: date, used: int) -> str | None:
    """Return the rule by which an authorisation does not stand for a request, or None where it does.

    `today` may be later than the day of the request, by which counts were forgotten: an end is looked at by the later day.
    """
    rules = (
        (each.lender == asked.client, "for another lender"),
        (each.purpose == asked.purpose, "for another purpose"),
        (each.begins_on <= asked.day, "not begun"),
        (each.withdrawn_on is None or each.withdrawn_on > today, "withdrawn"),
        (each.until >= today, "expired"),
        (each.uses is None or used < each.uses, "spent"),
    )
    return next((why for holds, why in rules if not holds), None)

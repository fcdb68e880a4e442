"""How a lender's request is held to the authorisations of its borrowers.

The authorisations are looked up at the time at which the bureaus of the first level are read, so no bureau waits for them;
a lender reads nothing else of the credit office. Nothing is released before they are here. Whether there is one changes no
call.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import msgspec

from adapters.source import Key
from gateway.errors import AUTHORIZATION_UNAVAILABLE, RequestError
from gateway.pipeline.disclosed_fields import Taken
from gateway.pipeline.prepare import Variant
from gateway.principal import RequestFacts
from gateway.rights.authorisations import Authorisations, LenderRequest
from observability.events import Origin
from resolvers.fetch.reading import OutsideAuthorisation, Table
from resolvers.plan.masked_plan import MaskedPlan, is_named


class BorrowerLookup(msgspec.Struct, eq=False):
    """The borrowers of a request, and their authorisations under way."""

    borrowers: Sequence[Key]
    found: asyncio.Future[Table]


class AuthorisedTables(msgspec.Struct, frozen=True):
    """What was read, without what the authorisations of the borrowers do not cover."""

    tables: Sequence[Table]
    taken: Taken = {}


def look_up_borrowers(
    variant: Variant, facts: RequestFacts, keys: Sequence[Sequence[Key]], origin: Origin | None
) -> BorrowerLookup | None:
    """Look up the authorisations of the subjects that a request names; None where its purpose needs none."""
    if variant.authorisations is None:
        return None
    reading = variant.plan.reading
    named = [key for place in reading.roots if reading.subjects[place] for key in keys[place]]
    borrowers = list(dict.fromkeys(named))
    return (
        BorrowerLookup(borrowers, variant.authorisations.load(borrowers, facts.deadline, origin))
        if borrowers
        else None
    )


async def hold_to_authorisations(
    authorisations: Authorisations,
    lookup: BorrowerLookup,
    facts: RequestFacts,
    day: date,
    plan: MaskedPlan,
    tables: Sequence[Table],
) -> AuthorisedTables:
    """Return the tables with errors in place of what the authorisations do not cover, and count their uses.

    AUTHORISATION_MISSING where a borrower has none that stands. AUTHORIZATION_UNAVAILABLE where the lookup failed or
    did not end in time.
    """
    async with asyncio.timeout_at(facts.deadline):
        found = await lookup.found
    if found.failure is not None:
        raise RequestError(AUTHORIZATION_UNAVAILABLE)
    asked = LenderRequest(facts.client, facts.purpose, facts.case_number or "", day)
    return _within(plan, tables, authorisations.admit(asked, lookup.borrowers, found))


def _within(
    plan: MaskedPlan, tables: Sequence[Table], covered: Mapping[Key, Collection[str]]
) -> AuthorisedTables:
    kept = list(tables)
    taken: dict[Key, frozenset[str]] = {}
    for slot, fetch in plan.fetches.items():
        dataset = fetch.query.dataset
        outside = [key for key, items in covered.items() if dataset.item.code not in items]
        if outside and is_named(slot):
            error = OutsideAuthorisation(fetch.query.bureau, dataset.name)
            taken |= {key: taken.get(key, frozenset()) | {slot[1]} for key in outside}
            views = (view.slot for view in plan.reading.views if view.of == fetch.slot)
            for place in (fetch.slot, *views):
                table, errors = kept[place], dict.fromkeys(outside, error)
                rows = {key: rows for key, rows in table.rows.items() if key not in errors}
                kept[place] = Table(rows, {**table.broken, **errors}, table.failure)
    return AuthorisedTables(kept, taken)

"""What the reference executor shows of reasons, and of the catalogue item of a record, in the plainest way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from adapters import bureaus
from resolvers.eligibility.facts import Circumstances, Facts
from resolvers.eligibility.own_incentives import teller_of
from resolvers.eligibility.reasons import Explainer, explainer_of
from schema.reason_types import REASON_TYPES
from tests.support.gateway_in_memory import TODAY, policy
from tests.support.plain_choices import column_in
from tests.support.tested_city import TESTED_CITY

ELEMENTS = {"provider": "provider", "legalBasis": "legal_basis"}
ITEMS = {
    each.type_name: each.item
    for bureau in bureaus.discover().values()
    for each in bureau.datasets
    if not each.identifies
}
"""The catalogue item of each type of record."""


@cache
def explainers() -> Mapping[str, Explainer]:
    """Return what tells the reasons to each kind of subject."""
    known = tuple(bureaus.discover().values())
    return {
        "person": explainer_of("person", known, TESTED_CITY),
        "enterprise": explainer_of("enterprise", known, TESTED_CITY),
    }


@cache
def tellers() -> Mapping[str, Callable[[Facts], Any]]:
    """Return what tells of every incentive to each kind of subject."""
    titles = policy().purposes.titles
    return {kind: teller_of(each, TESTED_CITY).prepared(titles) for kind, each in explainers().items()}


def told(
    field: str,
    kind: str,
    records: Mapping[str, Sequence[Mapping[str, Any]]],
    broken: frozenset[str],
    failed: Mapping[str, Any],
    grantee: str | None,
) -> Any:
    """Tell the reasons, or of every incentive, from what stands of a subject.

    Of data sets that are broken nothing counts. `failed` has what is raised for each that cannot be read: of the reasons the
    first of these is raised, of the incentives those stand in place of outcomes.
    """
    unbroken = {each: () if each in broken else rows for each, rows in records.items()}
    facts = Facts(unbroken, Circumstances(TODAY, grantee), broken, failed=failed)
    if field == "incentives":
        return tellers()[kind](facts)
    if failed:
        raise failed[min(failed)]
    return explainers()[kind].reasons(facts)


def of_record(source: Any, type_name: str, field: str) -> Any:
    """Take a field of a record, or of what a reason holds."""
    if type_name in ITEMS and field in ELEMENTS:
        return getattr(ITEMS[type_name], ELEMENTS[field])
    if type_name in REASON_TYPES:
        return getattr(source, column_in({}, field))
    if field == "cursor":
        return source.cursor
    values = source if isinstance(source, Mapping) else source.values
    return values[column_in(values, field)]

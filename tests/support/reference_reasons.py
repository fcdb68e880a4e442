"""What the reference executor shows of reasons, and of the catalogue item of a record, in the plainest way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from adapters import bureaus
from resolvers.eligibility.facts import Circumstances, Facts
from resolvers.eligibility.reasons import Explainer, explainer_of
from schema.reason_types import REASON_TYPES
from tests.support.gateway_in_memory import TODAY
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


def reasons(
    kind: str,
    records: Mapping[str, Sequence[Mapping[str, Any]]],
    broken: frozenset[str],
    grantee: str | None,
) -> Any:
    """Tell the reasons from what stands of a subject; of data sets that are broken nothing counts."""
    unbroken = {each: () if each in broken else rows for each, rows in records.items()}
    return explainers()[kind].reasons(Facts(unbroken, Circumstances(TODAY, grantee), broken))


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

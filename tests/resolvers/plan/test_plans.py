"""The plan of a question is what the golden file says: which columns, by which keys, in which order."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.classification import Use
from gateway.authorization.grant import decide
from gateway.authorization.purposes import is_own
from resolvers.fetch.reading import Fetch, Level
from resolvers.plan.masked_plan import mask
from tests.support.gateway_in_memory import document_of, graph, policy
from tests.support.plans import documents, printed

GRADED, OFFICE = {"grade", "assessed_on", "applied_on"}, {"role", "credit_code"}
ENTERING: dict[str, set[str]] = {
    "taxpayer_grade": GRADED,
    "latest_taxpayer_grade": GRADED,
    "transport_grade": set(),
    "labour_grade": {"assessed_on"},
    "credit_level": {"determined_on"},
    "office_by_enterprise": OFFICE,
    "legal_representative": OFFICE,
    "operator": OFFICE,
}
"""By the legal form of an organisation these enter or not."""


@pytest.mark.parametrize("file", documents(), ids=lambda file: file.stem)
def test_a_plan_is_the_golden_one(file: Path):
    """What is read for a question changes on purpose only: see plans.py."""
    assert printed(file) == file.with_suffix(".plan").read_text("utf-8")


def test_every_golden_plan_has_its_question():
    """A plan whose question is gone is gone as well."""
    kept = {file.stem for file in documents()}
    assert {file.stem for file in documents()[0].parent.glob("*.plan")} == kept


def entering_by_form(level: Level, fetch: Fetch) -> set[str]:
    """Return the columns that decide, beside a grade or an office of a level, whether its organisation can have it."""
    held = {each.query.dataset.name for each in level.fetches if each.query.dataset.name in ENTERING}
    if fetch.query.dataset.name == "enterprise":
        return {"kind"} if held else set()
    return ENTERING.get(fetch.query.dataset.name, set())


@pytest.mark.parametrize("purpose", sorted(policy().purposes.leaves))
@pytest.mark.parametrize("file", documents(), ids=lambda file: file.stem)
def test_a_column_is_read_only_for_a_field_that_is_allowed(file: Path, purpose: str):
    """Under every purpose each requested column answers an allowed field, filters, orders, or leads on."""
    plan = document_of(file.read_text("utf-8")).plan
    grant = decide(policy(), "developer", purpose, plan.uses(graph(), "own" if is_own(purpose) else "asked"))
    allowed = {use.coordinate for use in grant.allowed if use.use in ("read", "filter", "sort")}
    derived = {
        each.field
        for name in allowed
        for each in policy().fields[name].inputs
        if each.use in (Use.DERIVE, Use.READ)
    }
    columns = {graph().column(*each.split(".")) for each in allowed | derived}
    leading = {"Office.person": "person_number", "Office.enterprise": "credit_code"}
    leading |= {"Responsibility.person": "person_number", "Responsibility.enterprise": "credit_code"}
    leading |= {"Guardianship.guardian": "guardian_number", "Guardianship.child": "child_number"}
    columns |= {column for coordinate, column in leading.items() if coordinate in allowed}
    leaf = policy().purposes.leaves[purpose]
    limits = {"birth_date": leaf.minors, "deceased": leaf.dead}
    telling = {column for column, shown in limits.items() if shown != "all"}
    for level in mask(
        graph(), plan, grant.denied, purpose, minors=leaf.minors, dead=leaf.dead
    ).reading.levels:
        for fetch in level.fetches:
            limiting = telling if fetch.query.dataset.name == "person" else set()
            assert set(fetch.query.columns) <= columns | limiting | entering_by_form(level, fetch)
            assert fetch.query.purpose == purpose

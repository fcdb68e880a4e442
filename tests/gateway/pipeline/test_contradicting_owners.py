"""Whoever the registry or the credit code says is an individual business is one, in every place."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bureau_errors import ContractBroken
from adapters.form_entry import OTHER_FORM
from adapters.grade_entry import GradeEntry
from adapters.source import Query
from catalogue.legal_forms import REGISTERED_INDIVIDUAL_BUSINESS, LegalForm, legal_form_of
from observability.events import RecordsKeptOut
from observability.hooks import Hooks
from resolvers.fetch.form_limits import held_to_forms
from resolvers.fetch.reading import FormLimit, Table
from tests.support.gateway_in_memory import InMemory, graph
from tests.support.hearing_observer import Hearing
from tests.support.one_person import consent, graded, holding
from tests.support.small_city import ENTERPRISES

COMPANY, BUSINESS = ENTERPRISES[0], ENTERPRISES[4]
PARKING = "query Q($of: SubjectKey!) { standing(of: $of) { pds037 } }"
GRADES = (
    "query Q($id: CreditCode!) { enterprise(id: $id) { name latestTaxGrade { year } labourGrade { year } } }"
)
CONSENT = [consent(scene="reward.parking")]
LABOUR = {"year": 2025, "grade": "A", "assessed_on": date(2026, 4, 30)}


def firm(kind: str) -> list[dict[str, Any]]:
    """Return an active organisation of a registered kind."""
    return [{"name": "信阳甲", "kind": kind, "status": "ACTIVE"}]


async def rewarded(code: str, kind: str, *, applied: bool, consents: bool) -> bool:
    """Whether an organisation of a code and a registered kind parks at a discount."""
    grade = graded("A", date(2025, 9, 1) if applied else None)
    held = {"registry.enterprise": firm(kind), "tax.latest_taxpayer_grade": [grade]}
    gateway = holding(code, held | ({"credit_office.consent": CONSENT} if consents else {}))
    operation = gateway.prepared(PARKING, "reward.parking", kind="scene_operator")
    answer = await gateway.answer(operation, {"of": {"enterprise": code}})
    return orjson.loads(answer.body)["data"]["standing"]["pds037"] == "TRUE"


@given(
    st.sampled_from(ENTERPRISES),
    st.none() | st.sampled_from(["COMPANY", "COOPERATIVE", "INDIVIDUAL_BUSINESS"]),
)
def test_either_source_makes_an_individual_business(code: str, kind: str | None):
    """The form is an individual business if the code or the registered kind says so."""
    owned = code.startswith("92") or kind == REGISTERED_INDIVIDUAL_BUSINESS
    assert (legal_form_of(code, kind) is LegalForm.INDIVIDUAL_BUSINESS) is owned


@pytest.mark.parametrize("applied", [True, False])
@pytest.mark.parametrize("consents", [True, False])
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (COMPANY, "COMPANY"),
        (COMPANY, "INDIVIDUAL_BUSINESS"),
        (BUSINESS, "COMPANY"),
        (BUSINESS, "INDIVIDUAL_BUSINESS"),
    ],
)
async def test_an_owner_consents_and_applied(code: str, kind: str, applied: bool, consents: bool):
    """A reward on a taxpayer grade needs the owner's consent and, where the grade enters by the kind, the application."""
    found = await rewarded(code, kind, applied=applied, consents=consents)
    owned = legal_form_of(code, kind) is LegalForm.INDIVIDUAL_BUSINESS
    held_at_entry = code == BUSINESS  # rows in memory do not pass the entry of a bureau, which knows the code
    assert found is (not owned or (consents and (applied or held_at_entry)))


async def shown(kind: str, applied: date | None) -> tuple[dict[str, Any], list[Any], list[Any]]:
    """Return what is shown of the grades of an organisation with a company's code, the errors, and what is counted."""
    heard = Hearing()
    grade = graded("A", applied) | {"year": 2025}
    gateway = holding(
        COMPANY,
        {
            "registry.enterprise": firm(kind),
            "tax.latest_taxpayer_grade": [grade],
            "social_security.labour_grade": [LABOUR],
        },
    )
    gateway = InMemory(gateway.sources, hooks=Hooks((heard,)))
    answer = orjson.loads((await gateway.answer(gateway.prepared(GRADES), {"id": COMPANY})).body)
    errors = [(each["path"][1], each["extensions"]["code"]) for each in answer.get("errors", ())]
    told = [(each.dataset, each.rule, each.rows) for each in heard.facts if isinstance(each, RecordsKeptOut)]
    return answer["data"]["enterprise"], errors, told


async def test_a_registered_individual_business_has_the_grades_of_one():
    """By its registered kind it has a taxpayer grade if it applied, and no labour grade; what is left out is told."""
    company, errors, told = await shown("COMPANY", None)
    assert (company["latestTaxGrade"], company["labourGrade"], errors, told) == (
        {"year": 2025}, {"year": 2025}, [], [],
    )  # fmt: skip
    owned, errors, told = await shown("INDIVIDUAL_BUSINESS", date(2025, 9, 1))
    assert (owned["latestTaxGrade"], owned["labourGrade"]) == ({"year": 2025}, None)
    assert errors == [("labourGrade", "BUREAU_CONTRACT_BROKEN")]
    assert told == [("labour_grade", "a grade of a subject that its scheme does not grade", 1)]
    owned, errors, told = await shown("INDIVIDUAL_BUSINESS", None)
    assert (owned["latestTaxGrade"], owned["labourGrade"]) == (None, None)
    assert sorted(errors) == [
        ("labourGrade", "BUREAU_CONTRACT_BROKEN"),
        ("latestTaxGrade", "BUREAU_CONTRACT_BROKEN"),
    ]
    assert ("latest_taxpayer_grade", "a grade of a subject that did not apply for it", 1) in told


def test_nothing_is_shown_of_whom_kind_and_code_make_two_things():
    """Where the registry's row is broken because its kind contradicts the code, neither grade nor office is shown."""
    query = Query("tax", graph().sources["tax.latest_taxpayer_grade"].dataset, ("grade",), "supervision.tax")
    limit = FormLimit(0, 1, 1, GradeEntry(query, query.columns))
    grades = Table({COMPANY: (COMPANY, "A"), BUSINESS: (BUSINESS, "B")})
    for reason, shown in ((OTHER_FORM, [BUSINESS]), ("name: null", [COMPANY, BUSINESS])):
        error = ContractBroken("registry", "enterprise", reason, 1)
        registered = Table({BUSINESS: (BUSINESS, "INDIVIDUAL_BUSINESS")}, {COMPANY: error})
        found, counted = held_to_forms(limit, grades, registered)
        assert [*found.rows] == shown
        assert counted == {}
        assert [each.reason for each in found.broken.values() if isinstance(each, ContractBroken)] == (
            [OTHER_FORM] if reason == OTHER_FORM else []
        )

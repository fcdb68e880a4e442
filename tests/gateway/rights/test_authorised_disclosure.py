"""The disclosure of an answer names what the authorisation of a borrower takes away as withheld."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from gateway.access.identity.demo_key import issue
from tests.gateway.rights.test_authorisations import BORROWER, FIRMS, LOAN, RULES
from tests.support.admissions import NOON, REGISTER
from tests.support.authorised import NUMBER, authorisation, holding_rows
from tests.support.breakable_gateway import Parts, build
from tests.support.seams import Evidence
from tests.support.small_city import ADULTS, ENTERPRISES

MIXED = replace(
    REGISTER["bank"],
    name="mixed",
    subjects=5,
    document="query Mixed($of: [SubjectKey!]!, $id: PersonNumber!) {"
    " subjects(by: $of) { ... on Person { name offices { enterprise { name } } taxArrears { tax } }"
    " ... on Enterprise { taxArrears { since } adverseRecords { ... on TaxArrears { cause: tax } } } }"
    " person(id: $id) { judgmentDefaults { court } } }",
)


async def disclosed(registration: Any, rows: dict[str, Any], **variables: Any) -> Any:
    """Return the disclosure of an answer to a bank that holds these authorisations."""
    kept: list[Any] = []
    built = await build(
        Parts(
            register=(registration,),
            cases=RULES,
            day=lambda: NOON,
            city=holding_rows(rows),
            evidence=Evidence(kept),
        )
    )
    built.token = issue("bank", "d", "411500", ["financing.credit"], "creditgraph", 600)
    case = {"caseNumber": NUMBER}
    answer = await built.ask(documentId=registration.document_id, variables=variables, extensions=case)
    assert "data" in answer.json()
    (found,) = kept
    return found


async def test_what_an_authorisation_takes_away_is_disclosed_as_withheld():
    """Evidence of an answer names a field that is null with FIELD_NOT_AUTHORISED, and what is below it, as withheld alone."""
    rows = {BORROWER: [authorisation(BORROWER, items="XY-REG-001 XY-CRT-001")]}
    found = await disclosed(LOAN, rows, id=BORROWER)
    assert found.withheld == ("Person.taxArrears", "TaxArrears.tax")
    assert found.released == (
        "JudgmentDefault.court",
        "Person.judgmentDefaults",
        "Person.name",
        "Query.person",
    )
    assert found.outcome == "partial"


async def test_what_is_taken_away_of_one_borrower_is_released_of_another():
    """Of two borrowers one names an item and the other does not: its fields are disclosed as released and as withheld."""
    first, second = ENTERPRISES[0], ENTERPRISES[1]
    rows = {first: [authorisation(first)], second: [authorisation(second, items="XY-REG-002")]}
    found = await disclosed(FIRMS, rows, ids=[first, second])
    assert found.withheld == ("Enterprise.taxGrades", "TaxGrade.grade")
    assert {"Enterprise.taxGrades", "TaxGrade.grade", "Enterprise.name"} <= set(found.released)


async def test_a_borrower_without_registration_discloses_nothing():
    """Where the registration is not named, the subject is null, and every field of it is withheld."""
    rows = {BORROWER: [authorisation(BORROWER, items="XY-TAX-002")]}
    found = await disclosed(LOAN, rows, id=BORROWER)
    assert found.released == ()
    assert {"Query.person", "Person.taxArrears", "Person.name"} <= set(found.withheld)


async def test_each_question_is_disclosed_by_its_own_borrowers():
    """What one borrower names opens no field that is asked of another one alone, of whatever kind it is."""
    firm, other = ENTERPRISES[0], ADULTS[2]
    rows = {
        BORROWER: [authorisation(BORROWER, items="XY-REG-001")],
        firm: [authorisation(firm, items="XY-REG-002")],
        other: [authorisation(other)],
    }
    by = [{"person": BORROWER}, {"enterprise": firm}]
    found = await disclosed(MIXED, rows, of=by, id=other)
    assert found.released == (
        *("JudgmentDefault.court", "Person.judgmentDefaults", "Person.name"),
        *("Query.person", "Query.subjects"),
    )
    assert found.withheld == (
        *("Enterprise.adverseRecords", "Enterprise.name", "Enterprise.taxArrears"),
        *("Office.enterprise", "Person.offices", "Person.taxArrears", "TaxArrears.since", "TaxArrears.tax"),
    )

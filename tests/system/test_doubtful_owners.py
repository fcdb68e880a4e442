"""Rows of the registry that contradict the credit code, over the real server: the reading that protects the owner wins."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import asyncpg
import httpx2
import pytest

from sandbox.city import RunningCity
from tests.support.command_line import Caller, Process, demo_token

PARKING = "query Q($of: SubjectKey!) { standing(of: $of) { pds037 } }"
GRADES = "query Q($id: CreditCode!) { enterprise(id: $id) { kind latestTaxGrade { grade } labourGrade { grade } } }"
KIND = "UPDATE own.enterprise SET kind = $2 WHERE credit_code = $1"
APPLIED = "UPDATE own.taxpayer_grade SET applied_on = $2 WHERE subject = $1"
CONSENT = (
    "INSERT INTO own.consent (subject, scene, grantee, given_on, until, withdrawn_on)"
    " VALUES ($1, 'reward.parking', NULL, '2026-01-01', NULL, NULL)"
)
GRADED = (
    "INSERT INTO own.taxpayer_grade (subject, year, grade, points, assessed_on, applied_on)"
    " VALUES ($1, 2025, 'A', 95, '2026-04-30', '2025-08-01')"
)
NO_CONSENT = "DELETE FROM own.consent WHERE subject = $1"


@pytest.fixture(scope="module")
def asker(explorer: Process, client_of: Callable[[Process], httpx2.Client]) -> Caller:
    """A developer who may ask for a scene and for inspections."""
    return Caller(client_of(explorer), demo_token("developer", ["reward.parking", "supervision.inspection"]))


@asynccontextmanager
async def databases(city: RunningCity) -> AsyncGenerator[dict[str, asyncpg.Connection[Any]]]:
    """The administrators of the databases that say who is what, who is graded and who consents."""
    names = ("registry", "tax", "credit_office")
    found = {name: await asyncpg.connect(city.server.dsn(name)) for name in names}
    try:
        yield found
    finally:
        for each in found.values():
            await each.close()


def rewarded(asker: Caller, code: str) -> bool:
    """Whether an organisation parks at a discount."""
    answer = asker.ask(PARKING, {"of": {"enterprise": code}}, "reward.parking").json()
    assert "errors" not in answer
    return answer["data"]["standing"]["pds037"] == "TRUE"


def grades(asker: Caller, code: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what an inspector sees of the grades of an organisation, and the code of each error by its field."""
    answer = asker.ask(GRADES, {"id": code}, "supervision.inspection").json()
    return answer["data"]["enterprise"], {
        each["path"][-1]: each["extensions"]["code"] for each in answer.get("errors", ())
    }


async def active(registry: asyncpg.Connection[Any], kind: str) -> list[str]:
    """Return the codes of the active organisations of a kind."""
    rows = await registry.fetch(
        "SELECT credit_code FROM own.enterprise WHERE kind = $1 AND status = 'ACTIVE'", kind
    )
    return [row["credit_code"] for row in rows]


async def test_a_company_that_the_registry_calls_an_individual_business(asker: Caller, city: RunningCity):
    """Its owner must consent, and its taxpayer grade counts and is shown only once it applied for it."""
    async with databases(city) as bureau:
        firms = await active(bureau["registry"], "COMPANY")
        code = next(each for each in firms if rewarded(asker, each))
        assert grades(asker, code)[0]["latestTaxGrade"]
        await bureau["registry"].execute(KIND, code, "INDIVIDUAL_BUSINESS")
        try:
            assert not rewarded(asker, code)
            seen, errors = grades(asker, code)
            assert (seen["latestTaxGrade"], seen["labourGrade"]) == (None, None)
            assert errors["latestTaxGrade"] == "BUREAU_CONTRACT_BROKEN"
            await bureau["credit_office"].execute(CONSENT, code)
            assert not rewarded(asker, code)
            await bureau["tax"].execute(APPLIED, code, date(2025, 8, 1))
            assert rewarded(asker, code)
            assert grades(asker, code)[0]["latestTaxGrade"]
            await bureau["credit_office"].execute(NO_CONSENT, code)
            assert not rewarded(asker, code)
        finally:
            await bureau["registry"].execute(KIND, code, "COMPANY")
            await bureau["tax"].execute(APPLIED, code, None)
            await bureau["credit_office"].execute(NO_CONSENT, code)
        assert rewarded(asker, code)


async def test_an_individual_business_that_the_registry_calls_a_company(asker: Caller, city: RunningCity):
    """By its code its owner's consent is needed all the same, and its grade is one on application."""
    async with databases(city) as bureau:
        graded = {
            row["subject"] for row in await bureau["tax"].fetch("SELECT subject FROM own.taxpayer_grade")
        }
        code = next(
            each for each in await active(bureau["registry"], "INDIVIDUAL_BUSINESS") if each not in graded
        )
        await bureau["registry"].execute(KIND, code, "COMPANY")
        await bureau["tax"].execute(GRADED, code)
        held = await bureau["credit_office"].fetch("SELECT * FROM own.consent WHERE subject = $1", code)
        await bureau["credit_office"].execute(NO_CONSENT, code)
        try:
            assert not rewarded(asker, code)
            await bureau["credit_office"].execute(CONSENT, code)
            assert rewarded(asker, code)
            assert grades(asker, code) == (
                {"kind": "COMPANY", "latestTaxGrade": {"grade": "A"}, "labourGrade": None},
                {},
            )
            await bureau["tax"].execute(APPLIED, code, None)
            assert not rewarded(asker, code)
            assert grades(asker, code)[1] == {"latestTaxGrade": "BUREAU_CONTRACT_BROKEN"}
        finally:
            await bureau["registry"].execute(KIND, code, "INDIVIDUAL_BUSINESS")
            await bureau["tax"].execute("DELETE FROM own.taxpayer_grade WHERE subject = $1", code)
            await bureau["credit_office"].execute(NO_CONSENT, code)
            await bureau["credit_office"].copy_records_to_table("consent", schema_name="own", records=held)


async def test_no_list_shows_a_legal_representative_of_an_individual_business(
    asker: Caller, city: RunningCity
):
    """By code or by kind: such an office stands neither among its officers nor among a person's offices."""
    officers = "query Q($id: CreditCode!) { enterprise(id: $id) { officers { role } operator { role } } }"
    offices = "query Q($id: PersonNumber!) { person(id: $id) { offices { since } } }"
    change = "UPDATE own.office SET role = $2 WHERE office_number = $1"
    async with databases(city) as bureau:
        registry = bureau["registry"]
        row = await registry.fetchrow(
            "SELECT credit_code, person_number, office_number FROM own.office"
            " WHERE role = 'OPERATOR' AND until IS NULL LIMIT 1"
        )
        firms = await registry.fetch(
            "SELECT credit_code FROM own.office JOIN own.enterprise USING (credit_code)"
            " WHERE role = 'LEGAL_REPRESENTATIVE' AND kind = 'COMPANY' LIMIT 1"
        )
        await registry.execute(change, row["office_number"], "LEGAL_REPRESENTATIVE")
        await registry.execute(KIND, firms[0]["credit_code"], "INDIVIDUAL_BUSINESS")
        try:
            found = asker.ask(officers, {"id": row["credit_code"]}, "supervision.inspection").json()
            held = asker.ask(offices, {"id": row["person_number"]}, "supervision.inspection").json()
            owned = asker.ask(officers, {"id": firms[0]["credit_code"]}, "supervision.inspection").json()
        finally:
            await registry.execute(change, row["office_number"], "OPERATOR")
            await registry.execute(KIND, firms[0]["credit_code"], "COMPANY")
        for answer in (found, held, owned):
            assert {each["extensions"]["code"] for each in answer["errors"]} == {"BUREAU_CONTRACT_BROKEN"}
        assert found["data"]["enterprise"] == {"officers": None, "operator": None}
        assert held["data"]["person"] == {"offices": None}
        assert owned["data"]["enterprise"]["officers"] is None

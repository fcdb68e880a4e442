"""Rows of the registry that contradict the credit code, over the real server: such a row is a fault, and nothing rests on it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx2
import pytest

from sandbox.city import RunningCity
from tests.support.command_line import Caller, Process, demo_token

PARKING = "query Q($of: SubjectKey!) { standing(of: $of) { pds037 } }"
GRADES = "query Q($id: CreditCode!) { enterprise(id: $id) { kind latestTaxGrade { grade } labourGrade { grade } } }"
KIND = "UPDATE own.enterprise SET kind = $2 WHERE credit_code = $1"
CONSENT = (
    "INSERT INTO own.consent (subject, scene, grantee, given_on, until, withdrawn_on)"
    " VALUES ($1, 'reward.parking', NULL, '2026-01-01', NULL, NULL)"
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


def grades(asker: Caller, code: str) -> tuple[dict[str, Any] | None, dict[str, str]]:
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


@pytest.mark.parametrize(
    ("kind", "called"), [("COMPANY", "INDIVIDUAL_BUSINESS"), ("INDIVIDUAL_BUSINESS", "COMPANY")]
)
async def test_nothing_is_told_of_whom_kind_and_code_make_two_things(
    asker: Caller, city: RunningCity, kind: str, called: str
):
    """Until the registry corrects its row the organisation enjoys nothing and has no grade, whoever consents and applied."""
    async with databases(city) as bureau:
        firms = await active(bureau["registry"], kind)
        code = next(each for each in firms if rewarded(asker, each))
        seen = grades(asker, code)
        assert seen[0] is not None
        assert seen[1] == {}
        await bureau["registry"].execute(KIND, code, called)
        await bureau["credit_office"].execute(CONSENT, code)
        try:
            assert not rewarded(asker, code)
            found, errors = grades(asker, code)
            assert found is None
            assert set(errors.values()) == {"BUREAU_CONTRACT_BROKEN"}
        finally:
            await bureau["registry"].execute(KIND, code, kind)
            await bureau["credit_office"].execute(NO_CONSENT + " AND given_on = '2026-01-01'", code)
        assert rewarded(asker, code)
        assert grades(asker, code) == seen


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
        assert owned["data"] == {"enterprise": None}

"""A lender reads a borrower under an authorisation that stands, and learns nothing of anybody else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from adapters.source import Batch, Key, Query
from gateway.access.identity.demo_key import issue
from gateway.errors import RequestError
from gateway.operations.case_rules import load_case_rules
from gateway.rights.authorisations import COLUMNS, DATASET, Authorisations, LenderRequest
from gateway.settings import ROOT
from observability.events import AuthorisationRefused
from observability.hooks import Hooks
from resolvers.fetch.reading import Table
from tests.support.admissions import NOON, REGISTER
from tests.support.authorised import NUMBER, authorisation, authorising, holding_rows
from tests.support.breakable_gateway import Built, Parts, build
from tests.support.gateway_in_memory import policy
from tests.support.hearing_observer import Hearing
from tests.support.rows_source import RowsSource
from tests.support.small_city import ADULTS, ENTERPRISES

RULES = load_case_rules(ROOT / "policies", policy().purposes)
DAY = date(2026, 6, 1)
LOAN = replace(
    REGISTER["bank"],
    document="query Loan($id: PersonNumber!) { person(id: $id) { name taxArrears { tax } judgmentDefaults { court } } }",
)
FIRMS = replace(
    REGISTER["bank-enterprise"],
    subjects=5,
    document="query Firms($ids: [CreditCode!]!) { enterprises(ids: $ids) { name taxGrades { grade } } }",
)
BORROWER, STRANGER = ADULTS[0], ADULTS[1]
UNKNOWN = ADULTS[-1]
REFUSED = [403, "AUTHORISATION_MISSING"]
FAULTS: dict[str, dict[str, Any]] = {
    "for another lender": {"lender": "second-bank"},
    "for another purpose": {"purpose": "financing.rural"},
    "not begun": {"begins_on": DAY + timedelta(days=1)},
    "withdrawn": {"withdrawn_on": DAY},
    "expired": {"until": DAY - timedelta(days=1)},
    "spent": {"uses": 3, "uses_counted": 3},
    "no authorisation under the number": {"number": "XYD-2026-8"},
}
EDGES: list[dict[str, Any]] = [
    {"begins_on": DAY},
    {"until": DAY},
    {"withdrawn_on": DAY + timedelta(days=1)},
    {"uses": 4, "uses_counted": 3},
    {"number": "ＸＹＤ－２０２６－７"},
]


async def lending(**parts: Any) -> Built:
    """Build a gateway with a bank's operations, on the first of June."""
    built = await build(Parts(register=(LOAN, FIRMS), cases=RULES, day=lambda: NOON, **parts))
    built.token = issue("bank", "d", "411500", ["financing.credit"], "creditgraph", 600)
    return built


async def ask(built: Built, person: str = BORROWER, number: str = NUMBER) -> Any:
    """Ask about a person under a number."""
    case = {"caseNumber": number}
    return await built.ask(documentId=LOAN.document_id, variables={"id": person}, extensions=case)


def code(answer: Any) -> list[Any]:
    """Return status and code of a refused request."""
    (error,) = answer.json()["errors"]
    return [answer.status_code, error["extensions"]["code"]]


def calls(built: Built) -> list[Any]:
    """Return what the bureaus were asked, without the keys, and forget it."""
    found = sorted((each.dataset, each.columns, each.purpose, len(each.keys)) for each in built.fetched)
    built.log.clear()
    return found


@pytest.mark.rule("R03", "HN-18")
@pytest.mark.parametrize("changes", [{}, *EDGES])
async def test_an_authorisation_that_stands_opens_its_borrower(changes: dict[str, Any]):
    """Lender, purpose, number, term and count fit, to the last day and the last use: the borrower is answered."""
    built = await lending(city=authorising([BORROWER], **changes))
    answer = (await ask(built)).json()
    assert "errors" not in answer
    assert answer["data"]["person"]["name"]


@pytest.mark.rule("R03", "R29", "HN-22", "HN-67")
@pytest.mark.parametrize("rule", FAULTS)
async def test_an_authorisation_that_does_not_stand_opens_nobody(rule: str):
    """Spent, expired, withdrawn, not begun or another's: one code, nothing released, counted by its rule alone."""
    heard = Hearing()
    built = await lending(city=authorising([BORROWER], **FAULTS[rule]), observers=(heard,))
    answer = await ask(built)
    assert code(answer) == REFUSED
    assert "data" not in answer.json()
    (event,) = [each for each in heard.facts if isinstance(each, AuthorisationRefused)]
    assert asdict(event) == {
        "client": "bank",
        "purpose": "financing.credit",
        "dataset": DATASET,
        "rule": rule,
    }


@pytest.mark.parametrize("rule", [*FAULTS, "none at all"])
async def test_a_stranger_is_like_nobody(rule: str):
    """A person whose authorisation does not stand and a person whom no bureau knows: equal bytes and equal calls."""
    city = authorising([STRANGER], **FAULTS[rule]) if rule in FAULTS else authorising([])
    built = await lending(city=city)
    stranger, asked = await ask(built, STRANGER), calls(built)
    unknown = await ask(built, UNKNOWN)
    assert stranger.content == unknown.content
    assert asked == calls(built)


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_held_of_strangers_they_are_alike(seed: int):
    """In any city, everybody without an authorisation that stands is one answer and one set of calls, known or not."""
    rules = sorted(FAULTS)
    rows = {
        each: [authorisation(each, **FAULTS[rules[(seed + number) % len(rules)]])]
        for number, each in enumerate(ADULTS[:-2])
        if number % 3
    }
    built = await lending(city=holding_rows(rows, seed))
    found = {((await ask(built, each)).content, str(calls(built))) for each in ADULTS}
    assert len(found) == 1


async def test_a_broken_record_is_like_none():
    """A record of authorisations that breaks its contract opens nobody, and tells nobody that it is there."""
    heard = Hearing()
    built = await lending(
        city=authorising([BORROWER]), broken=frozenset({(DATASET, BORROWER)}), observers=(heard,)
    )
    broken, asked = await ask(built), calls(built)
    assert [each.rule for each in heard.facts if isinstance(each, AuthorisationRefused)] == [
        "a record breaks its contract"
    ]
    assert broken.content == (await ask(built, UNKNOWN)).content
    assert asked == calls(built)


async def test_without_the_credit_office_no_lender_is_answered():
    """Where the authorisations cannot be looked up, nothing is released of anybody."""
    built = await lending(city=authorising([BORROWER]), down=frozenset({"credit_office"}))
    assert code(await ask(built)) == [503, "AUTHORIZATION_UNAVAILABLE"]
    assert code(await ask(built, UNKNOWN)) == [503, "AUTHORIZATION_UNAVAILABLE"]


@pytest.mark.rule("R03")
async def test_what_an_authorisation_does_not_cover_is_null_with_a_code():
    """Of the items that the borrower named the values are released; every other field is null and says so."""
    built = await lending(city=authorising([BORROWER], items="XY-REG-001 XY-CRT-001"))
    answer = (await ask(built)).json()
    person = answer["data"]["person"]
    assert (person["name"] is not None, person["taxArrears"], person["judgmentDefaults"] is not None) == (
        True, None, True,
    )  # fmt: skip
    (error,) = answer["errors"]
    assert error["path"] == ["person", "taxArrears"]
    assert error["extensions"]["code"] == "FIELD_NOT_AUTHORISED"
    assert (error["extensions"]["bureau"], error["extensions"]["dataset"]) == ("tax", "tax_arrears")


@pytest.mark.rule("R03")
async def test_every_use_counts_once_also_of_requests_at_the_same_time():
    """Of ten concurrent requests under an authorisation of four uses, of which one was counted, three are answered."""
    built = await lending(city=authorising([BORROWER], uses=4, uses_counted=1))
    spellings = [NUMBER, "ＸＹＤ－２０２６－７"]
    answers = await asyncio.gather(*(ask(built, number=spellings[each % 2]) for each in range(10)))
    assert sorted("errors" in each.json() for each in answers) == [False] * 3 + [True] * 7


async def test_one_borrower_without_authorisation_closes_the_request():
    """Of several borrowers each must have authorised; else nothing is released, and no use of the others is counted."""
    first, second = ENTERPRISES[0], ENTERPRISES[1]
    built = await lending(city=authorising([first], uses=1))
    many = {"documentId": FIRMS.document_id, "extensions": {"caseNumber": NUMBER}}
    assert code(await built.ask(**many, variables={"ids": [first, second]})) == REFUSED
    alone = (await built.ask(**many, variables={"ids": [first]})).json()
    assert "errors" not in alone
    assert code(await built.ask(**many, variables={"ids": [first]})) == REFUSED


async def test_each_borrower_is_held_to_its_own_items():
    """Two enterprises under one number: what the second did not name is null for the second alone."""
    first, second = ENTERPRISES[0], ENTERPRISES[1]
    rows = {first: [authorisation(first)], second: [authorisation(second, items="XY-REG-002")]}
    built = await lending(city=holding_rows(rows))
    asked = {"documentId": FIRMS.document_id, "extensions": {"caseNumber": NUMBER}}
    answer = (await built.ask(**asked, variables={"ids": [first, second]})).json()
    assert [each["taxGrades"] is None for each in answer["data"]["enterprises"]] == [False, True]
    assert [each["path"] for each in answer["errors"]] == [["enterprises", 1, "taxGrades"]]


@dataclass(slots=True, eq=False)
class LateOffice:
    """A credit office that answers once another bureau was asked, and fails if none is."""

    rows: RowsSource
    log: list[Any]
    concurrency: int = 2

    async def fetch(self, query: Query, keys: Sequence[Key], deadline: float) -> Batch:
        turns = 0
        while not self.log:
            await asyncio.sleep(0)
            turns += 1
            assert turns < 1_000
        return await self.rows.fetch(query, keys, deadline)


async def test_no_bureau_waits_for_the_lookup():
    """The authorisation is looked up while the bureaus are read, and what they answer is held back until it is here."""
    log: list[Any] = []
    late = LateOffice(authorising([BORROWER]).sources()["credit_office"], log)
    built = await lending(sources={"credit_office": late}, log=log)
    assert "errors" not in (await ask(built)).json()


async def test_one_lookup_is_made_for_each_request():
    """The lookup reads the columns of one data set, for the borrowers and for the lender's purpose."""
    built = await lending(city=authorising([BORROWER]))
    await ask(built)
    looked_up = [each for each in built.fetched if each.dataset == DATASET]
    assert [(each.columns, each.purpose, each.keys) for each in looked_up] == [
        (COLUMNS, "financing.credit", (BORROWER,))
    ]


DAYS = st.dates(DAY - timedelta(days=2), DAY + timedelta(days=2))
ROWS = st.fixed_dictionaries(
    {
        "number": st.sampled_from((NUMBER, "ＸＹＤ－２０２６－７", "XYD-2026-8")),
        "lender": st.sampled_from(("bank", "second-bank")),
        "purpose": st.sampled_from(("financing.credit", "financing.rural")),
        "items": st.sampled_from(("XY-TAX-001", "XY-REG-001 XY-TAX-001", "")),
        "begins_on": DAYS,
        "until": DAYS,
        "uses": st.none() | st.integers(0, 3),
        "uses_counted": st.integers(0, 3),
        "withdrawn_on": st.none() | DAYS,
    }
)


def stands(row: dict[str, Any]) -> bool:
    """The words of the regulation, written by hand: by the borrower, for this lender, this use, this term and count."""
    return (
        row["number"] != "XYD-2026-8"
        and row["lender"] == "bank"
        and row["purpose"] == "financing.credit"
        and row["begins_on"] <= DAY <= row["until"]
        and (row["withdrawn_on"] or date.max) > DAY
        and (row["uses"] is None or row["uses"] > row["uses_counted"])
    )


@given(st.lists(ROWS, max_size=4))
def test_a_lender_is_admitted_by_what_stands_and_nothing_else(rows: list[dict[str, Any]]):
    """Whatever records there are, a borrower is opened where one of them stands, and for the items of that one."""
    table = Table({BORROWER: [(BORROWER, *(row[name] for name in COLUMNS)) for row in rows]})
    asked = LenderRequest("bank", "financing.credit", NUMBER, DAY)
    standing = [row for row in rows if stands(row)]
    if not standing:
        with pytest.raises(RequestError, match="AUTHORISATION_MISSING"):
            Authorisations().admit(asked, [BORROWER], table)
        return
    covered = Authorisations().admit(asked, [BORROWER], table)[BORROWER]
    assert covered == frozenset(standing[0]["items"].split())


def test_an_answer_that_the_credit_office_has_counted_counts_once():
    """The record's count rises by the answers of this process: together they are the greater of the two, not the sum."""
    authorisations = Authorisations(Hooks())
    asked = LenderRequest("bank", "financing.credit", NUMBER, DAY)

    def admitted(counted: int) -> bool:
        row = authorisation(BORROWER, uses=4, uses_counted=counted)
        table = Table({BORROWER: [(BORROWER, *(row[name] for name in COLUMNS))]})
        try:
            authorisations.admit(asked, [BORROWER], table)
        except RequestError:
            return False
        return True

    assert [admitted(each) for each in (0, 0, 2, 3, 3)] == [True, True, True, True, False]

"""A plan is read level by level, each dataset once a level, and what comes in time is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
import pytest

from catalogue.identifiers import credit_code_check_sign, person_check_sign
from gateway.pipeline.request import Answerer
from tests.support.gateway_in_memory import InMemory, errors_of, principal, schema_answers
from tests.support.held_source import HeldSource, turns
from tests.support.small_city import BY_ENTERPRISE, ENTERPRISES, PERSONS, SmallCity, small_city

INSPECTION = """
query Inspection($ids: [CreditCode!]!) {
  enterprises(ids: $ids) {
    name
    latestTaxGrade { year grade }
    taxArrears(first: 2) { amountFen }
    judgmentDefaults { court }
    adverseRecords { __typename }
    officers { role person { name taxArrears { tax } } }
    legalRepresentative { person { name scores { band } } }
    operator { since }
  }
}
"""


def wide_city(count: int) -> tuple[SmallCity, list[str]]:
    """Return a city of `count` enterprises, each with a representative of its own."""
    codes = [f"91411502MA9{number:06}" for number in range(count)]
    codes = [body + credit_code_check_sign(body) for body in codes]
    persons = [f"411502{1950 + number // 1000}0101{number % 1000:03}" for number in range(count)]
    persons = [body + person_check_sign(body) for body in persons]
    grade = {"year": 2025, "grade": "A", "points": 95, "assessed_on": date(2026, 4, 1), "applied_on": None}
    living = {"birth_date": date(1970, 1, 1), "deceased": False}
    tables: dict[str, Mapping[str, Any]] = {name: {} for name in small_city().tables}
    enterprises = {
        code: [{"credit_code": code, "name": f"企业{code[-5:]}", "kind": "COMPANY"}] for code in codes
    }
    offices = {
        code: [
            {
                "person_number": person,
                "credit_code": code,
                "role": "LEGAL_REPRESENTATIVE",
                "since": None,
                "until": None,
            }
        ]
        for code, person in zip(codes, persons, strict=True)
    }
    tables |= {
        "registry.enterprise": enterprises,
        BY_ENTERPRISE: offices,
        "registry.legal_representative": offices,
        "registry.operator": {},
        "registry.person": {
            person: [{"person_number": person, "name": f"人{person[-4:]}", **living}] for person in persons
        },
        "tax.latest_taxpayer_grade": {code: [grade] for code in codes},
    }
    return SmallCity(tables), codes


@pytest.mark.parametrize("count", [1, 10, 100, 1_000])
async def test_the_round_trips_do_not_grow_with_the_subjects(count: int):
    """Each dataset is read once a level, whether 1 subject is asked for or 1,000."""
    city, codes = wide_city(count)
    sources = city.sources()
    answer = await InMemory(sources).asked(INSPECTION, ids=codes)
    asked = [(query.bureau, query.dataset.name) for source in sources.values() for query, _ in source.asked]
    assert len(asked) == 13
    assert len([name for name in asked if name == ("tax", "tax_arrears")]) == 2
    assert len(answer["data"]["enterprises"]) == count
    assert all(each["latestTaxGrade"]["grade"] == "A" for each in answer["data"]["enterprises"])
    assert (
        len({each["officers"][0]["person"]["name"] for each in answer["data"]["enterprises"]}) > count * 0.9
    )
    assert "errors" not in answer


async def test_every_key_is_asked_once():
    """A person whom several offices name is one key of the round trip."""
    sources = small_city().sources()
    await InMemory(sources).asked(INSPECTION, ids=list(ENTERPRISES))
    for source in sources.values():
        for _, keys in source.asked:
            assert len(set(keys)) == len(keys)


async def test_no_more_is_read_than_the_bound_of_a_list_lets_out():
    """Only the subjects of the first records are read: whoever is beyond the bound is nobody's business."""
    sources = CITY.sources()
    text = (
        "query Q($ids: [CreditCode!]!) { enterprises(ids: $ids) { officers(first: 1) { person { name } } } }"
    )
    await InMemory(sources).asked(text, ids=list(ENTERPRISES))
    ((_, keys),) = [asked for asked in sources["registry"].asked if asked[0].dataset.name == "person"]
    offices = CITY.tables[BY_ENTERPRISE]
    assert max(map(len, offices.values())) > 1
    assert set(keys) == {held[0]["person_number"] for held in offices.values()}


async def test_nothing_is_asked_where_there_are_no_keys():
    """An empty list and subjects that nobody knows lead to no reads further on."""
    sources = small_city().sources()
    gateway = InMemory(sources)
    assert (await gateway.asked(INSPECTION, ids=[]))["data"] == {"enterprises": []}
    assert all(source.asked == [] for source in sources.values())


def with_held(bureau: str) -> tuple[InMemory, HeldSource]:
    """Return a gateway of which one bureau answers when it is let."""
    city = small_city()
    sources: dict[str, Any] = city.sources()
    tables = {
        name.removeprefix(f"{bureau}."): rows
        for name, rows in city.tables.items()
        if name.startswith(f"{bureau}.")
    }
    sources[bureau] = HeldSource(tables, bureau)
    return InMemory(sources), sources[bureau]


def with_held_courts() -> tuple[InMemory, HeldSource]:
    """Return a gateway whose courts answer when they are let."""
    return with_held("courts")


CITY = small_city()
KNOWN = next(
    key
    for key in PERSONS
    if all(
        CITY.tables[name].get(key)
        for name in ("tax.tax_arrears", "registry.office_by_person", "registry.person")
    )
)
"""A person with tax arrears and offices."""
ASKED = """
query Q($ids: [PersonNumber!]!) {
  persons(ids: $ids) { name judgmentDefaults { court } offices { enterprise { name } } taxArrears { since } }
}
"""


async def answered(gateway: InMemory, ids: list[str], seconds: float) -> dict[str, Any]:
    """Answer ASKED within some seconds."""
    deadline = asyncio.get_running_loop().time() + seconds
    answerer = Answerer(schema_answers(), 10**6, 100)
    operation = gateway.prepared(ASKED)
    return orjson.loads((await answerer.answer(operation, {"ids": ids}, principal(), deadline)).body)


async def test_what_comes_in_time_is_answered():
    """A bureau that does not answer before the deadline leaves an error in its own place, and the rest stands.

    What hangs on an answer that came goes on meanwhile: the enterprises behind the offices are read.
    """
    gateway, courts = with_held_courts()
    answer = await answered(gateway, [KNOWN], 0.3)
    person = answer["data"]["persons"][0]
    assert person["name"]
    assert person["taxArrears"]
    assert person["judgmentDefaults"] is None
    assert person["offices"][0]["enterprise"]["name"]
    assert [(path[2:], code) for path, code in errors_of(answer)] == [
        (["judgmentDefaults"], "BUREAU_TIMED_OUT")
    ]
    assert len(courts.calls) == 1


async def test_a_deadline_holds_for_what_the_next_level_hangs_on():
    """A bureau whose rows hold the next level's keys is waited for until the deadline and no longer."""
    gateway, registry = with_held("registry")
    answer = await answered(gateway, [KNOWN], 0.2)
    assert answer["data"] == {"persons": [None]}
    assert errors_of(answer) == [(["persons", 0], "BUREAU_TIMED_OUT")]
    assert registry.calls


async def test_a_deadline_that_is_over_answers_at_once():
    """Whoever comes with no time left gets nulls with errors, and the bureaus' late answers harm nobody."""
    gateway, courts = with_held_courts()
    answer = await answered(gateway, [PERSONS[0]], -1)
    assert answer["data"] == {"persons": [None]}
    assert errors_of(answer) == [(["persons", 0], "BUREAU_TIMED_OUT")]
    await turns()
    assert courts.calls == []


async def test_a_caller_that_disconnects_harms_nobody():
    """Of two requests that share a round trip one is cancelled, and the other is answered in full."""
    gateway, courts = with_held_courts()
    operation = gateway.prepared(ASKED)
    tasks = [
        asyncio.ensure_future(gateway.answer(operation, {"ids": [person]}))
        for person in (PERSONS[0], PERSONS[1], PERSONS[2])
    ]
    await turns()
    tasks[0].cancel()
    for _ in range(3):
        await turns()
        for call in courts.calls:
            if not call.reply.done():
                call.answer()
    answers = [orjson.loads((await task).body) for task in tasks[1:]]
    assert tasks[0].cancelled()
    for person, answer in zip(PERSONS[1:3], answers, strict=True):
        assert "errors" not in answer
        assert answer == await InMemory(small_city().sources()).asked(ASKED, ids=[person])
    assert len(courts.calls) == 1


async def test_a_caller_that_is_out_of_time_harms_nobody():
    """The shared round trip goes on for the caller who still has time."""
    gateway, courts = with_held_courts()
    operation = gateway.prepared(ASKED)
    answerer = Answerer(schema_answers(), 10**6, 100)
    now = asyncio.get_running_loop().time()
    hurried, patient = (
        asyncio.ensure_future(answerer.answer(operation, {"ids": [person]}, principal(), now + seconds))
        for person, seconds in ((PERSONS[0], 0.3), (PERSONS[1], 60))
    )
    early = orjson.loads((await hurried).body)
    assert early["data"]["persons"][0]["judgmentDefaults"] is None
    courts.calls[0].answer()
    assert orjson.loads((await patient).body) == await InMemory(small_city().sources()).asked(
        ASKED, ids=[PERSONS[1]]
    )

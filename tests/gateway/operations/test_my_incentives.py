"""Whoever asks for the own incentives of a city is told the truth of each: how it stands, and every requirement by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import orjson
import pytest

from catalogue.incentives.incentive_catalogue import incentives
from sandbox.truth import datasets
from tests.support import standing_oracle
from tests.support.gateway_in_memory import TODAY, InMemory
from tests.support.plain_choices import stands
from tests.support.reached_city import ReachedCity, register_of
from tests.support.requirement_oracle import is_met
from tests.support.standing_oracle import ADVERSE, CITIES, VIOLATION, Held, earlier

POPULATION = 250
"""So many persons, and a fifth as many enterprises, of each city."""
OPERATIONS = {"person": "my-incentives", "enterprise": "my-enterprise-incentives"}
Told = Mapping[str, Any]
"""An incentive as it is told."""
every_city = pytest.mark.parametrize("city", CITIES)


@cache
def reached(city: str) -> ReachedCity:
    """Return a small city, made once for all tests of a process."""
    return ReachedCity(city, POPULATION)


_TOLD: dict[str, list[tuple[str, Held, list[Told]]]] = {}


async def told_in(city: str) -> list[tuple[str, Held, list[Told]]]:
    """Return each subject's kind, what stands of it, and what it is told by the operation of its kind; asked once."""
    if city not in _TOLD:
        _TOLD[city] = await _ask_in(city)
    return _TOLD[city]


async def _ask_in(city: str) -> list[tuple[str, Held, list[Told]]]:
    found: list[tuple[str, Held, list[Told]]] = []
    gateway = InMemory(reached(city).sources, city=city)
    for kind, name in OPERATIONS.items():
        registration = register_of(city)[name]
        prepared = gateway.prepared(registration.document, registration.purpose, 1, None, "person")
        for subject in (each for each in reached(city).subjects if each["kind"] == kind):
            key = subject["identifier"]
            body = orjson.loads((await gateway.answer(prepared, {"id": key})).body)
            assert set(body) == {"data"}
            records = {
                name: [row for row in rows if stands(row)] for name, rows in reached(city).held[key].items()
            }
            found.append((kind, Held(records, TODAY, city), body["data"]["standing"]["incentives"]))
    return found


def requirements(told: Told) -> list[Mapping[str, Any]]:
    """Return every requirement of an incentive with how it stands."""
    ways = [it for each in told["outcome"]["alternatives"] for it in each["requirements"]]
    return [*told["outcome"]["always"], *ways]


@pytest.mark.rule("R50")
@every_city
async def test_every_incentive_of_the_city_is_told_with_the_truth(city: str):
    """Each subject is told every incentive, and TRUE of exactly those whose condition it meets by the ground truth."""
    states = Counter[tuple[str, str]]()
    fields = {id_: field for field, id_ in standing_oracle.fields_of_city(city).items()}
    for kind, held, told in await told_in(city):
        assert [each["id"] for each in told] == list(incentives(city))
        for each in told:
            state, answer = each["outcome"]["state"], each["outcome"]["answer"]
            entry = standing_oracle.file_of(city)["incentive"][each["id"]]
            states[kind, state] += 1
            assert answer == ("TRUE" if state == "MET" else None)
            if not standing_oracle.is_for(entry, kind):
                assert state == "FOR_OTHERS"
            elif each["id"] not in fields:
                assert state == "WAITS"
                assert each["waitsFor"]
            else:
                assert state in ("MET", "NOT_MET")
                truth = standing_oracle.expected(fields[each["id"]], kind, held.records, TODAY, None, city)
                assert answer == truth
    assert states["person", "MET"]
    assert states["person", "NOT_MET"]


@pytest.mark.rule("R50")
@every_city
async def test_every_requirement_is_told_with_the_truth(city: str):
    """What each requirement says in words is so exactly where it is told as met, and the outcome follows from them."""
    told = Counter[bool]()
    for _, held, incentives_told in await told_in(city):
        for each in incentives_told:
            outcome = each["outcome"]
            for it in requirements(each):
                assert it["met"] is is_met(it["requirement"], held), it["requirement"]
                told[it["met"]] += 1
            ways = [all(it["met"] for it in way["requirements"]) for way in outcome["alternatives"]]
            assert [way["met"] for way in outcome["alternatives"]] == ways
            if outcome["state"] in ("MET", "NOT_MET"):
                met = all(it["met"] for it in outcome["always"]) and any(ways)
                assert met is (outcome["state"] == "MET")
            else:
                assert (outcome["always"], outcome["alternatives"]) == ([], [])
    assert told[True]
    assert told[False]


def barring(held: Held, years: int) -> Iterator[str]:
    """Yield the title of each kind of record that counts against a subject in some years."""
    since = earlier(held.day, years)
    for name in ADVERSE:
        if any(name != VIOLATION or row["decided_on"] > since for row in held.of(name)):
            yield datasets()[name][1].description


@pytest.mark.rule("R50")
@every_city
async def test_what_is_missing_is_told_with_the_truth(city: str):
    """A requirement that is met misses nothing; records are named that count, and a birthday comes on the day that is told."""
    for _, held, told in await told_in(city):
        for it in (it for each in told for it in requirements(each)):
            missing = (it["metFrom"], it["unknown"], it["kinds"], it["remedies"])
            if it["met"]:
                assert missing == (None, False, [], [])
                continue
            if "年内无不良记录" in it["requirement"]:
                kinds = barring(held, int(it["requirement"][0]))
                assert sorted(each["kind"] for each in it["kinds"]) == sorted(kinds)
            else:
                assert it["kinds"] == []
            if it["requirement"].startswith(("在守信红名单上", "荣誉级别", "已同意", "已参加")):
                assert it["unknown"] is False
            if it["requirement"].startswith("年满十八周岁"):
                (row,) = held.of("registry.person")
                assert it["metFrom"] == f"{int(row['birth_date'][:4]) + 18}{row['birth_date'][4:]}"
            else:
                assert it["remedies"]

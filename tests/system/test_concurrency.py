"""Many callers at once: each sees what its own purpose covers, whatever others ask at the same moment."""

from __future__ import annotations

import asyncio
import random
from typing import Any, cast

import httpx2

from catalogue.ages import digits_of, is_born_by, youngest_adult
from catalogue.city_clock import city_today
from sandbox.city import RunningCity
from sandbox.expected.entered import entered
from sandbox.expected.shown import stands
from sandbox.people import person
from sandbox.truth import truth_of
from tests.support.command_line import Process, demo_token

DEFAULTS = "courts.judgment_defaulter"
FIELDS = "name transportGrade { grade } judgmentDefaults { caseNumber } scores { programme score } honours { title }"
DOCUMENT = f"query Q($ids: [PersonNumber!]!) {{ persons(ids: $ids) {{ {FIELDS} }} }}"
DENIED = {
    "subject.report": set[str](),
    "approval.admission": {"scores", "honours"},
    "personnel.appointment": {"transportGrade", "scores", "honours"},
    "measure.enforcement": {"transportGrade", "scores", "honours"},
}
"""What a purpose does not cover of the fields: null in every answer under it."""


HISTORY = {"subject.report", "measure.enforcement"}
"""The purposes that show records that do not stand."""


def expected(truth: dict[str, Any], history: bool) -> dict[str, Any]:
    """The record of a person as a caller who may see everything sees it, with what does not stand or without."""
    records = truth["records"]
    grades = records["transport.transport_grade"]
    return {
        "name": records["registry.person"][0]["name"],
        "transportGrade": {"grade": grades[0]["grade"]} if grades else None,
        "judgmentDefaults": [
            {"caseNumber": row["case_number"]}
            for row in entered(DEFAULTS, truth["identifier"], records[DEFAULTS], city_today())
            if history or stands(row)
        ],
        "scores": [
            {name: row[name] for name in ("programme", "score")} for row in records["credit_office.score"]
        ],
        "honours": [{"title": row["title"]} for row in records["credit_office.honour"]],
    }


def is_shown(truth: dict[str, Any]) -> bool:
    """Whether a person is shown under each of the purposes: some of them show no minor, and nobody who has died."""
    of_age = is_born_by(truth["identifier"], digits_of(youngest_adult(city_today())))
    return of_age and not truth["records"]["registry.person"][0]["deceased"]


def covered(record: dict[str, Any], denied: set[str], prefix: str = "") -> dict[str, Any]:
    """The record with null for what is denied."""
    return {
        name: None if prefix + name in denied else inside(value, denied, f"{prefix}{name}.")
        for name, value in record.items()
    }


def inside(value: Any, denied: set[str], prefix: str) -> Any:
    """The value with null for what is denied within it."""
    if isinstance(value, list):
        return [inside(each, denied, prefix) for each in cast("list[Any]", value)]
    return covered(cast("dict[str, Any]", value), denied, prefix) if isinstance(value, dict) else value


async def test_callers_never_see_anothers_columns(explorer: Process, city: RunningCity):
    """Under four purposes at once each answer holds its own persons and its purpose's fields, no other."""
    drawn = random.Random(5)
    truths = [truth_of(person(city.city, index)) for index in range(60)]
    adults = [truth for truth in truths if is_shown(truth)]
    whole = {
        history: {truth["identifier"]: expected(truth, history) for truth in adults}
        for history in (False, True)
    }
    limits = httpx2.Limits(max_connections=32)
    async with httpx2.AsyncClient(
        base_url=explorer.ready(), timeout=60, trust_env=False, limits=limits
    ) as http:

        async def ask(purpose: str, ids: list[str]) -> None:
            headers = {"authorization": f"Bearer {tokens[purpose]}"}
            asked = {"query": DOCUMENT, "variables": {"ids": ids}}
            answer = (await http.post("/graphql", json=asked, headers=headers)).json()
            for number, got in zip(ids, answer["data"]["persons"], strict=True):
                assert got == covered(whole[purpose in HISTORY][number], DENIED[purpose])
            places = {
                ".".join(each for each in error["path"][2:] if isinstance(each, str))
                for error in answer.get("errors", ())
            }
            assert places <= DENIED[purpose]

        tokens = {purpose: demo_token("developer", [purpose]) for purpose in DENIED}
        rounds = [
            (purpose, drawn.sample(list(whole[True]), drawn.randint(1, 12)))
            for purpose in DENIED
            for _ in range(40)
        ]
        drawn.shuffle(rounds)
        await asyncio.gather(*(ask(*each) for each in rounds))

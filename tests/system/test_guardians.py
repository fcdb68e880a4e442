"""Minors and their guardians, over HTTP and real bureaus."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from gateway.operations.city_time import city_date
from sandbox.city import RunningCity
from sandbox.guardians import guardianships_of_child
from sandbox.people import Person, person, person_number
from tests.support.command_line import Caller, Process
from tests.support.issuer import Issuer
from tests.system.test_ways_in import NOBODY

ClientOf = Callable[[Process], httpx2.Client]
RECORD = "{ name region sex offices { role } taxArrears { tax } honours { title } }"
BY_NUMBER = f"query Q($id: PersonNumber!) {{ person(id: $id) {RECORD} }}"
IN_A_LIST = f"query Q($id: PersonNumber!) {{ persons(ids: [$id]) {RECORD} }}"
AMONG_SUBJECTS = (
    f"query Q($id: PersonNumber!) {{ subjects(by: [{{person: $id}}]) {{ ... on Person {RECORD} }} }}"
)


@pytest.fixture(scope="module")
def minors(city: RunningCity) -> list[Person]:
    """Minors of the city who stay minors for some time, each with a guardian in office."""
    children = (person(city.city, index) for index in range(city.city.population))
    today = city_date(time.time()).toordinal()
    found = [each for each in children if each.adult_on.toordinal() > today + 400]
    return [each for each in found if any(it.until is None for it in guardianships_of_child(each))][:4]


@pytest.mark.parametrize("query", [BY_NUMBER, IN_A_LIST, AMONG_SUBJECTS])
@pytest.mark.parametrize(
    "purpose", ["supervision.inspection", "financing.credit", "reward.approval", "personnel.appointment"]
)
def test_a_duty_gets_one_answer_for_a_minor_and_for_nobody(
    developer: Caller, minors: list[Person], purpose: str, query: str
):
    """Whoever asks for a duty gets the same bytes for a minor and for a person who does not exist."""
    answers = {developer.ask(query, {"id": each}, purpose).content for each in (minors[0].number, NOBODY)}
    assert len(answers) == 1


def test_a_court_sees_a_minor_in_its_case(developer: Caller, minors: list[Person]):
    """In a court's case a minor is shown as anybody else is."""
    query = "query Q($id: PersonNumber!) { person(id: $id) { name } }"
    answer = developer.ask(query, {"id": minors[0].number}, "measure.enforcement")
    assert answer.json()["data"] == {"person": {"name": minors[0].name}}


def test_a_guardian_in_office_sees_the_own_children(
    production: Process,
    issuer: Issuer,
    client_of: ClientOf,
    register: dict[str, str],
    city: RunningCity,
    minors: list[Person],
):
    """By the registered operation a guardian is shown each child in whose guardianship the term runs, with its number."""
    today = city_date(time.time())
    for child in minors:
        for each in guardianships_of_child(child):
            number = person_number(city.city, each.guardian)
            token = issuer.token("citizen", ("subject.access",), person=number)
            answer = Caller(client_of(production), token).call(register["my-children"]).json()
            assert "errors" not in answer
            shown = {wards["child"]["identityNumber"] for wards in running(answer)}
            assert (child.number in shown) is (each.until is None or each.until >= today)


def running(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the guardianships of an answer that show a child."""
    return [each for each in answer["data"]["person"]["guardianOf"] if each["child"]]

"""Persons who have died, over HTTP and real bureaus."""

from __future__ import annotations

import pytest

from sandbox.city import RunningCity
from sandbox.people import Person, person
from tests.support.command_line import Caller
from tests.system.test_guardians import AMONG_SUBJECTS, BY_NUMBER, IN_A_LIST
from tests.system.test_ways_in import NOBODY


@pytest.fixture(scope="module")
def dead(city: RunningCity) -> Person:
    """A grown person of the city whom the registry calls dead."""
    everybody = (person(city.city, index) for index in range(city.city.population))
    return next(each for each in everybody if each.deceased and each.adult)


@pytest.mark.parametrize("query", [BY_NUMBER, IN_A_LIST, AMONG_SUBJECTS])
@pytest.mark.parametrize(
    "purpose", ["supervision.inspection", "financing.credit", "reward.approval", "personnel.appointment"]
)
def test_a_duty_gets_one_answer_for_the_dead_and_for_nobody(
    developer: Caller, dead: Person, purpose: str, query: str
):
    """Whoever asks for a duty gets the same bytes for a person who has died and for one who does not exist."""
    answers = {developer.ask(query, {"id": each}, purpose).content for each in (dead.number, NOBODY)}
    assert len(answers) == 1


def test_a_court_sees_the_dead_in_its_case(developer: Caller, dead: Person):
    """In a court's case a person who has died is shown as anybody else is."""
    query = "query Q($id: PersonNumber!) { person(id: $id) { name } }"
    answer = developer.ask(query, {"id": dead.number}, "measure.enforcement")
    assert answer.json()["data"] == {"person": {"name": dead.name}}

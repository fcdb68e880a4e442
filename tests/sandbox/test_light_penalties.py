"""The synthetic city draws the light penalties of art. 13: each rule about them is met in each of the cities."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from catalogue.dated_rules import dated_rules
from catalogue.incentives.city_files import city_names
from catalogue.record_states import LifeReader
from sandbox.enterprises import enterprise
from sandbox.model import REFERENCE, City
from sandbox.people import person
from sandbox.truth import Record, datasets, records_of

NAME = "transport.transport_violation"
SIZE = 20_000
CITIZENS = ("person", "INDIVIDUAL_BUSINESS")
"""Whom art. 13 protects; all others are organisations."""
SIMPLIFIED, PUT_RIGHT, UNSTATED = REFUSALS = (
    "simplified procedure against a natural person",
    "minor violation of a natural person, put right",
    "no procedure stated, and the simplified one was allowed",
)
MOST = {True: 20_000, False: 300_000}
"""The largest fine on the spot in fen, of a citizen and of an organisation (行政处罚法 art. 51)."""
LIFE = datasets()[NAME][1].life
assert LIFE is not None
READER = LifeReader(LIFE, dated_rules())


def penalties(name: str) -> Iterator[tuple[str, str, Record]]:
    """Yield each penalty of the demo of a city, behind the kind of its subject and the identifier."""
    city = City.of(SIZE, name=name)
    for index in range(city.population):
        someone = person(city, index)
        yield from (("person", someone.number, each) for each in records_of(someone, {NAME})[NAME])
    for index in range(city.enterprises):
        firm = enterprise(city, index)
        kind = firm.kind if firm.kind in CITIZENS else "organisation"
        yield from ((kind, firm.number, each) for each in records_of(firm, {NAME})[NAME])


@pytest.fixture(scope="module", params=city_names())
def drawn(request: pytest.FixtureRequest) -> list[tuple[str, str, Record]]:
    """The penalties of the demo of a city."""
    return list(penalties(request.param))


@pytest.mark.rule("HN-13")
def test_each_rule_that_keeps_a_penalty_out_is_met(drawn: list[tuple[str, str, Record]]):
    """Persons and individual businesses have penalties of each rule of art. 13, of organisations none is kept out."""
    met = {(kind, READER.refusal(row, key)) for kind, key, row in drawn}
    assert met == {(kind, rule) for kind in CITIZENS for rule in (*REFUSALS, None)} | {("organisation", None)}
    unstated = {row["sanction"] for kind, key, row in drawn if READER.refusal(row, key) == UNSTATED}
    assert unstated == {"WARNING", "FINE", "WARNING_AND_FINE"}
    let_in = [row for kind, key, row in drawn if kind in CITIZENS and READER.refusal(row, key) is None]
    assert {row["procedure"] for row in let_in} == {"ORDINARY", None}
    assert {row["severity"] for row in let_in} >= {"MINOR"}


@pytest.mark.rule("HN-13")
def test_every_kind_of_subject_has_every_light_penalty(drawn: list[tuple[str, str, Record]]):
    """Warnings and small fines, on the spot, otherwise, or without a procedure; a fine on the spot is no larger than allowed."""
    for kind in (*CITIZENS, "organisation"):
        rows = [row for of, _, row in drawn if of == kind]
        assert {row["sanction"] for row in rows} == {"WARNING", "FINE", "WARNING_AND_FINE"}
        assert {row["procedure"] for row in rows} == {"SIMPLIFIED", "ORDINARY", None}
        on_the_spot = [row for row in rows if row["procedure"] == "SIMPLIFIED"]
        assert 0 < max(row["fine_fen"] for row in on_the_spot) <= MOST[kind in CITIZENS]
        assert {row["severity"] for row in on_the_spot} == {"MINOR"}


@pytest.mark.rule("HN-13", "HN-43")
def test_harm_is_put_right_before_the_decision_and_after_it(drawn: list[tuple[str, str, Record]]):
    """Of each kind of subject some put the harm right before the organ decided; each such violation is minor and can be."""
    before: set[str] = set()
    for kind, key, row in drawn:
        assert READER.fault(row, key, REFERENCE) is None
        if row["put_right"]:
            assert row["severity"] == "MINOR"
            if row["corrected_on"] and row["corrected_on"] < row["decided_on"]:
                assert not row["conduct_ended_on"] or row["conduct_ended_on"] <= row["corrected_on"]
                before.add(kind)
    assert before == {*CITIZENS, "organisation"}


@pytest.mark.rule("HN-20")
def test_some_penalties_become_final_sixty_days_after_they_were_given_on_the_spot(
    drawn: list[tuple[str, str, Record]],
):
    """A penalty on the spot, of which nobody states that it is final, may be contested for sixty days and stands then."""
    met = 0
    for _, key, row in drawn:
        if row["procedure"] == "SIMPLIFIED" and READER.refusal(row, key) is None:
            last = row["served_on"] + timedelta(days=60)
            found = [READER.state(row, key, day) for day in (last, last + timedelta(1))]
            met += found == ["PENDING_FINALITY", "EFFECTIVE"]
    assert met

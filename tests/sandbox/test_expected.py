"""What must be answered about the synthetic city: two oracles agree, and a difference is found and told without a value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest

from catalogue.incentives.incentive_catalogue import incentives
from sandbox.books import subjects_of
from sandbox.expected.comparing import Rule, differences
from sandbox.expected.documents import Caller, ExpectedAnswers
from sandbox.expected.holdings import Holdings
from sandbox.expected.scene_bars import at_bars
from sandbox.expected.selections import NotExpected
from sandbox.expected.shown import stands
from sandbox.expected.standing import Standing, answer
from sandbox.guardians import guardianships_of_child
from sandbox.model import City
from sandbox.people import Person, person_number
from tests.support import standing_oracle

DAY = date(2026, 11, 30)
POPULATION = 300
CLIENTS = (None, "library", "hotels")


@cache
def holdings(city: str) -> Holdings:
    """What the bureaus of a small city hold."""
    return Holdings(subjects_of(City.of(POPULATION, name=city)), DAY)


def answers() -> ExpectedAnswers:
    """The answers of the demo's city."""
    return ExpectedAnswers(City.of(POPULATION), holdings("xinyang"), {})


def minors() -> list[Person]:
    """Persons who are no adults on the day."""
    persons = (each for each in subjects_of(City.of(POPULATION)) if isinstance(each, Person))
    return [each for each in persons if each.adult_on > DAY]


@pytest.mark.parametrize("city", standing_oracle.CITIES)
def test_two_oracles_agree_on_every_incentive(city: str):
    """The conditions at the bars that the oracle works out and the rules that are written by hand tell TRUE of the same subjects."""
    true = 0
    for subject in subjects_of(City.of(POPULATION, name=city)):
        kind = "person" if isinstance(subject, Person) else "enterprise"
        rows = holdings(city).rows(subject)
        standing = {name: [each for each in found if stands(each)] for name, found in rows.items()}
        for each in at_bars(city).values():
            for client in CLIENTS:
                found = answer(each, Standing(kind, rows, DAY, client))
                by_hand = standing_oracle.expected(each.field, kind, standing, DAY, client, city)
                assert found == by_hand, (each.id, kind)
                true += found == "TRUE"
    assert true > 100


def test_the_bar_of_a_scene_is_in_the_truth():
    """A taxpayer who reaches the grade of Pingdingshan's parking card and not the scene's clean year must get null."""
    stated, at_bar = incentives("pingdingshan")["PDS-037"], at_bars("pingdingshan")["PDS-037"]
    several = set[tuple[str | None, str | None]]()
    for subject in subjects_of(City.of(POPULATION, name="pingdingshan")):
        if not isinstance(subject, Person):
            of = Standing("enterprise", holdings("pingdingshan").rows(subject), DAY)
            several.add((answer(stated, of), answer(at_bar, of)))
    assert several == {("TRUE", "TRUE"), ("TRUE", None), (None, None)}


@pytest.mark.parametrize(
    ("expected", "found", "paths"),
    [
        ({"a": [{"b": 1}]}, {"a": [{"b": 1}]}, []),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, ["a[0].b"]),
        ({"a": [1, 2]}, {"a": [1]}, ["a[2]"]),
        ({"a": None}, {"a": {}}, ["a"]),
        ({"a": 1}, {"b": 1}, ["a", "b"]),
        (True, 1, ["."]),
        ({"a": Rule(lambda found: iter(() if found else ("x", "[1]", "")))}, {"a": 0}, ["a.x", "a[1]", "a"]),
        ({"a": Rule(lambda _: iter(()))}, {"a": None}, ["a"]),
    ],
)
def test_a_difference_is_told_by_its_place(expected: Any, found: Any, paths: list[str]):
    """Each place that differs is named, and no value of it."""
    assert list(differences(expected, found)) == paths


def test_members_beside_what_is_stated_may_be_left():
    """Where not the whole is stated, only a member that is stated can differ."""
    assert list(differences({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}, "d": 4}, whole=False)) == ["a.b"]


def asked(document: str, purpose: str, **variables: Any) -> Mapping[str, Any]:
    """What a document must be answered."""
    return answers().to(document, variables, Caller(purpose, "anybody"))


def test_a_minor_is_shown_to_itself_and_to_a_court():
    """By a duty a minor is nobody; the subject and a court in its case are shown it."""
    document = "query Q($id: PersonNumber!) { person(id: $id) { called: name } }"
    child = minors()[0]
    for purpose, shown in (
        ("personnel.appointment", False),
        ("subject.access", True),
        ("measure.enforcement", True),
    ):
        found = asked(document, purpose, id=child.number)
        assert found == {"person": {"called": child.name} if shown else None}


def test_a_ward_is_shown_while_the_guardianship_runs():
    """Of the guardianships of a person those that run show the child, and no other one does."""
    document = (
        "query Q($id: PersonNumber!) { person(id: $id) { guardianOf { since child { identityNumber } } } }"
    )
    running = ended = 0
    for child in minors():
        for each in guardianships_of_child(child):
            number = person_number(child.city, each.guardian)
            found = asked(document, "subject.access", id=number)["person"]["guardianOf"]
            shown = {"since": each.since.isoformat(), "child": {"identityNumber": child.number}} in found
            assert shown is (each.until is None or each.until >= DAY)
            running, ended = running + shown, ended + (not shown)
    assert running
    assert ended


def test_who_may_see_no_history_is_shown_what_stands():
    """A list has every record for the subject, and what stands for a duty."""
    document = "query Q($id: PersonNumber!) { person(id: $id) { redLists { state } } }"
    seen = {"subject.access": set[str](), "financing.credit": set[str]()}
    for subject in subjects_of(City.of(POPULATION)):
        if isinstance(subject, Person) and subject.adult and not subject.deceased:
            for purpose, states in seen.items():
                found = asked(document, purpose, id=subject.number)["person"]["redLists"]
                states |= {each["state"] for each in found}
    assert seen["financing.credit"] == {"EFFECTIVE"} < seen["subject.access"]


def test_a_list_has_so_many_records_as_the_document_states():
    """`first` bounds a list."""
    document = "query Q($id: PersonNumber!, $n: Count) { person(id: $id) { consents(first: $n) { scene } } }"
    persons = (each for each in subjects_of(City.of(POPULATION)) if isinstance(each, Person))
    of = next(
        each for each in persons if len(holdings("xinyang").rows(each).get("credit_office.consent", ())) > 3
    )
    assert [
        len(asked(document, "subject.access", id=of.number, n=n)["person"]["consents"]) for n in (1, 3)
    ] == [1, 3]


@pytest.mark.parametrize(
    "selected",
    [
        "person(id: $id) { nobodyKnows }",
        "nobodyKnows",
        'person(id: $id) { taxArrears(after: "x") { tax } }',
        "...F",
    ],
)
def test_an_unknown_form_is_not_expected(selected: str):
    """What this oracle does not know it refuses, instead of answering something."""
    with pytest.raises(NotExpected):
        asked(f"query Q($id: PersonNumber!) {{ {selected} }}", "subject.access", id=minors()[0].number)

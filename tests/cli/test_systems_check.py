"""`creditgraph systems check`: what fails, and what is refused before anything is asked."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

import pytest
from typer.testing import CliRunner

from catalogue.city_systems import city_systems
from cli import app
from cli.systems_check import Compared, ReadRules, SystemCheck
from cli.systems_questions import AUTHORISATION, REFUSED, Question, Questions
from gateway.errors import StartRefused
from gateway.settings import Settings
from sandbox.books import subjects_of
from sandbox.expected.documents import ExpectedAnswers
from sandbox.expected.holdings import Holdings
from sandbox.model import City
from tests.support.tested_city import TESTED_CITY

DAY = date(2026, 11, 30)
POPULATION = 400
SYSTEMS = {each.state: each for each in city_systems()}


@pytest.mark.parametrize(
    ("state", "answers", "wrong", "failed"),
    [
        ("works", 3, (), False),
        ("works", 0, (), True),
        ("works", 3, ("person 1: .",), True),
        ("partly", 0, (), False),
        ("partly", 3, ("person 1: .",), True),
        ("outside", 0, (), False),
    ],
)
def test_what_fails(state: str, answers: int, wrong: tuple[str, ...], failed: bool):
    """A wrong answer fails its system, and so does a system that works of which nothing was compared."""
    checked = SystemCheck(SYSTEMS[state], "xinyang", {"library": Compared(answers, wrong)})
    assert (checked.failed, checked.answers, checked.mismatches) == (failed, answers, len(wrong))


def test_some_wrong_answers_are_named():
    """Of each operation five wrong answers are named at the most, and all are counted."""
    wrong = tuple(f"person {number}: ." for number in range(7))
    checked = SystemCheck(SYSTEMS["works"], "xinyang", {"one": Compared(9, wrong), "two": Compared(9, wrong)})
    assert checked.mismatches == 14
    assert checked.shown == [f"{name}: {each}" for name in ("one", "two") for each in wrong[:5]]


@cache
def rules() -> ReadRules:
    """Who may ask what in the tested city."""
    return ReadRules.of(Settings(city=TESTED_CITY))


@cache
def answers() -> ExpectedAnswers:
    """What must be answered about the tested city."""
    city = City.of(POPULATION, name=TESTED_CITY)
    return ExpectedAnswers(city, Holdings(subjects_of(city), DAY), rules().operators)


def questions(name: str, most: int) -> list[Question]:
    """Return the questions of an operation."""
    operation, pool = rules().register[name], list(subjects_of(answers().city))
    makes = Questions(answers(), pool, most, iter(range(1, 9_999)).__next__)
    form = rules().case_form(operation.purpose, DAY.year)
    return makes.of(operation, rules().client_of(operation), case=form)


def subject_of(question: Question) -> str:
    """Return the number of the subject whose standing is asked."""
    (number,) = question.variables["of"].values()
    return number


def test_a_sample_has_who_is_rewarded_and_who_is_not():
    """Persons, individual businesses and enterprises who get TRUE and who get null, who consented and who did not."""
    seen = set[Any]()
    for each in questions("library", 40):
        number, standing = subject_of(each), dict(each.expected)["standing"]
        consents = answers().holdings.rows_of(number).get("credit_office.consent", ())
        consented = any(row["scene"] == "reward.reading" for row in consents)
        kind = "business" if number.startswith("92") else each.of.split()[0]
        seen |= {(kind, consented, standing["depositFree"])}
    owned = {
        (kind, *rest)
        for kind in ("person", "business")
        for rest in ((True, "TRUE"), (True, None), (False, None))
    }
    assert seen >= owned | {("enterprise", False, "TRUE"), ("enterprise", False, None)}


@pytest.mark.parametrize("name", ["library", "court", "bank", "citizen", "enterprise-file", "my-children"])
def test_no_operation_is_asked_about_more_than_is_allowed(name: str):
    """So many different subjects as the command is told, and no number stands in how a question is shown."""
    found = questions(name, 12)
    assert len({each.of for each in found}) == len(found) == 12
    assert not any(re.search(r"\d{15}", repr(each)) for each in found)


def test_a_borrower_is_asked_about_with_and_without_an_authorisation():
    """Under an authorisation that stands there is an answer, and under none or another one a refusal."""
    found = questions("bank", 30)
    held = {
        each.of: answers().holdings.rows_of(str(each.variables["id"])).get(AUTHORISATION, ())
        for each in found
    }
    refused = {each.of for each in found if each.expected == REFUSED}
    assert {of for of, rows in held.items() if not rows} < refused < held.keys()
    assert all(each.case for each in found)


def test_each_case_has_a_number_of_its_own():
    """The form is that of the purpose's cases: a court's, or an organ's; where none is needed there is none."""
    court, organ = questions("court", 5), questions("objection", 5)
    assert all(str(each.case).startswith("（2026）豫15执") for each in court)
    assert all(str(each.case).startswith("信市信〔2026〕") for each in organ)
    assert len({each.case for each in (*court, *organ)}) == 10
    assert all(each.case is None for each in questions("library", 5))


def test_where_nobody_listens_the_remedy_is_named():
    """An address at which no gateway answers is refused with what to do."""
    nobody = "http://127.0.0.1:9"  # the port of `discard`, which needs root to listen on
    arguments = ("systems", "check", "--city", "nanyang", "--url", nobody)
    refused = CliRunner().invoke(app, arguments).exception
    assert isinstance(refused, StartRefused)
    assert str(refused).startswith(
        "No gateway answers at the address (ConnectError). Start one with `creditgraph demo`"
    )

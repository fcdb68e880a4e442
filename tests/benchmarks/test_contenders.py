"""The contenders of the benchmark answer alike: figures of unequal answers would say nothing."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.contenders import ContenderName, start_contenders
from benchmarks.measure import AnswersDiffer, Asked, check_equal, equal_questions, leaves
from benchmarks.processor import seconds
from benchmarks.questions import OPERATIONS, authorisations, variables
from sandbox.city import RunningCity
from tests.support.effort import FULL

CONTENDERS: list[ContenderName] = ["handwritten", "stock", "gateway"]
if FULL:
    CONTENDERS += ["handwritten-datasets", "gateway-universal"]


def test_every_contender_gives_the_same_answers(city: RunningCity, tmp_path: Path):
    """The endpoints by hand, stock Strawberry and the gateway answer every operation alike."""
    numbers = authorisations(city.city)
    with start_contenders(CONTENDERS, city.dsns, tmp_path, authorisations=numbers) as contenders:
        values = check_equal({name: variables(name, city.city) for name in OPERATIONS}, contenders)
    assert values["profile"] > values["point"] > 4
    assert values["batch"] > 1_000


class Parrot:
    """A contender that has one answer for everything."""

    def __init__(self, name: str, answer: object) -> None:
        self.name, self.answer = name, answer

    def ask(self, *_: object) -> object:
        return self.answer


@pytest.mark.parametrize(
    "other", [{"data": {"person": None}}, {"errors": [], "data": {"person": {"name": "甲"}}}]
)
def test_nothing_is_measured_of_answers_that_differ(city: RunningCity, other: object):
    """One other value, or errors beside the same data, end the run before anything is timed."""
    parrots = [Parrot("handwritten", {"data": {"person": {"name": "甲"}}}), Parrot("gateway", other)]
    with pytest.raises(AnswersDiffer, match="gateway"):
        check_equal({"point": variables("point", city.city)}, {parrot.name: parrot for parrot in parrots})  # pyright: ignore[reportArgumentType] a stand-in


def test_the_cost_of_states_is_measured_over_subjects_of_whom_all_stands(city: RunningCity, tmp_path: Path):
    """Without states the gateway answers otherwise of some enterprises; batches are drawn of the others, the most."""
    drawn: Asked = {"batch": variables("batch", city.city)}
    with start_contenders(["gateway", "gateway-stateless"], city.dsns, tmp_path) as contenders:
        with pytest.raises(AnswersDiffer):
            check_equal(drawn, contenders)
        alike = equal_questions(drawn, contenders)
        check_equal(alike, contenders)
    kept, all_codes = ({code for each in of["batch"] for code in each["ids"]} for of in (alike, drawn))  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType] lists of codes
    assert len(all_codes) / 2 < len(kept) < len(all_codes)  # pyright: ignore[reportUnknownArgumentType] likewise


def test_values_are_counted_at_the_leaves():
    """Every leaf counts once, null among them; an empty list has none."""
    assert leaves({"a": 1, "b": None, "c": [{"d": 2}, {"d": 3}], "e": []}) == 4


@pytest.mark.parametrize("operation", OPERATIONS)
def test_subjects_are_drawn_alike_and_vary(city: RunningCity, operation: str):
    """The same city gives the same requests, and no request is the one before it."""
    drawn = variables(operation, city.city)  # pyright: ignore[reportArgumentType] a key of the table
    assert drawn == variables(operation, city.city)  # pyright: ignore[reportArgumentType] likewise
    assert all(one != other for one, other in itertools.pairwise(drawn))


def test_processor_time_of_children_counts(city: RunningCity):
    """The time of the databases' backends is part of the server's with children, and not without."""
    assert city.server.pid is not None
    assert seconds(city.server.pid, children=True) > seconds(city.server.pid)


def test_the_registration_that_is_timed_is_one_of_forty_fields():
    """What `python -m benchmarks.registration` times is accepted, and reads 40 fields."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.registration", "--times", "3"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.startswith("40 fields, ")

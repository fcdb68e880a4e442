"""A gateway that records its grants, and a replay of what it recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import httpx2

from sandbox.city import RunningCity
from tests.support.command_line import Caller, Process, command, demo_token, sources_of
from tests.support.folders import copy_of_policies, write
from tests.system.conftest import served

PURPOSE = "supervision.inspection"
QUESTION = 'query Mine {{ person(id: "{id}") {{ name transportGrade {{ grade }} scores {{ band }} }} }}'


def test_what_was_asked_is_recorded_once_and_replayed(
    city: RunningCity,
    transport: dict[str, str],
    persons: list[str],
    register: dict[str, str],
    client_of: Callable[[Process], httpx2.Client],
    tmp_path: Path,
):
    """Each grant is one line without any value, whatever the number of requests; a replay of them tells changes."""
    record = tmp_path / "decisions.jsonl"
    settings = {"explorer": "1", "demo_key": "1", "decisions": str(record)}
    with served(tmp_path / "gateway", sources_of(city, transport), **settings) as process:
        caller = Caller(client_of(process), demo_token("tax-bureau", (PURPOSE,)))
        for person in (persons[0], persons[0], persons[1]):
            assert "data" in caller.ask(QUESTION.format(id=person), purpose=PURPOSE).json()
        assert process.stop() == 0

    lines = [json.loads(line) for line in record.read_text("utf-8").splitlines()]
    assert {line["operation"] for line in lines} == {"explorer", *register}
    (asked,) = [line for line in lines if line["operation"] == "explorer"]
    assert (asked["kind"], asked["purpose"]) == ("organ", PURPOSE)
    assert ["CreditScore.band", "read", "asked", ""] in asked["uses"]
    assert not any(number in record.read_text("utf-8") for number in persons)
    assert "Mine" not in record.read_text("utf-8")

    folder = copy_of_policies(tmp_path)
    replayed = ("policy", "replay", "--policies", str(folder), "--recorded", str(record))
    assert command(*replayed).returncode == 0
    write(folder, 'forbid(principal, action, resource == Field::"TransportGrade.grade");', "taken")
    done = command(*replayed)
    assert done.returncode == 2
    assert "explorer: organ for supervision.inspection" in done.stdout


def test_a_record_that_cannot_be_written_changes_no_answer(
    city: RunningCity,
    transport: dict[str, str],
    persons: list[str],
    client_of: Callable[[Process], httpx2.Client],
    tmp_path: Path,
):
    """A gateway whose record has no place on the disk starts, answers and denies as ever, and logs it."""
    settings = {"explorer": "1", "demo_key": "1", "decisions": str(tmp_path / "none" / "decisions.jsonl")}
    with served(tmp_path / "gateway", sources_of(city, transport), **settings) as process:
        caller = Caller(client_of(process), demo_token("tax-bureau", (PURPOSE,)))
        answer = caller.ask(QUESTION.format(id=persons[0]), purpose=PURPOSE).json()
        assert answer["data"]["person"]["name"]
        assert answer["data"]["person"]["scores"] is None
        assert answer["errors"][0]["extensions"]["code"] == "FIELD_DENIED"
        process.wait_for(lambda: "decisions are not recorded" in process.logged)

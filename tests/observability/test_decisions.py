"""The record of decisions: one line a grant, nobody's data, and no disk that could stop an answer."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from observability.decisions import MOST_WAITING, DecisionFile
from observability.events import GrantMade
from observability.hooks import Hooks
from observability.logging import make_logger
from tests.support import event_samples as samples
from tests.support.marked_values import leaks, marked_values

GRANT = GrantMade(
    "library",
    "scene_operator",
    "reward.reading",
    "kbadcafe",
    (("Person.name", "read", "asked", ""), ("Person.identityNumber", "argument", "asked", "Query.person")),
)


def record(file: Path, *grants: GrantMade, log: io.StringIO | None = None) -> None:
    """Tell grants to a recorder of a file, from its start to its end."""
    recorder = DecisionFile(file, make_logger("INFO", log or io.StringIO()))
    for each in grants:
        Hooks([recorder]).emit(each)
    recorder.close()


def lines(file: Path) -> list[dict[str, Any]]:
    """What a file holds."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_a_grant_is_a_line(tmp_path: Path):
    """Operation, kind, purpose, version and sorted uses stand in the line of a grant, and nothing else."""
    record(tmp_path / "d.jsonl", GRANT)
    assert lines(tmp_path / "d.jsonl") == [
        {
            "operation": "library",
            "kind": "scene_operator",
            "purpose": "reward.reading",
            "policy": "kbadcafe",
            "uses": [
                ["Person.identityNumber", "argument", "asked", "Query.person"],
                ["Person.name", "read", "asked", ""],
            ],
        }
    ]


def test_the_same_grant_is_recorded_once(tmp_path: Path):
    """Neither a second grant of the same uses nor a restart writes a line again; another version does."""
    file = tmp_path / "d.jsonl"
    record(file, GRANT, replace(GRANT, uses=GRANT.uses[::-1]), GRANT)
    record(file, GRANT)
    assert len(lines(file)) == 1
    record(file, replace(GRANT, policy="other"), replace(GRANT, kind="organ"))
    assert [(each["policy"], each["kind"]) for each in lines(file)] == [
        ("kbadcafe", "scene_operator"),
        ("other", "scene_operator"),
        ("kbadcafe", "organ"),
    ]


def test_only_its_owner_reads_the_record(tmp_path: Path):
    """The file is made for the gateway's account alone."""
    record(tmp_path / "d.jsonl", GRANT)
    assert stat.S_IMODE((tmp_path / "d.jsonl").stat().st_mode) == 0o600


@pytest.mark.parametrize("marked", marked_values(), ids=lambda each: each.kind)
def test_nobodys_data_is_recorded(marked: Any, tmp_path: Path):
    """Whatever text an event holds, a value that was not one of our names is redacted."""
    recorder = DecisionFile(tmp_path / "d.jsonl", make_logger("INFO", io.StringIO()))
    samples.run(Hooks((recorder,)), marked.text)
    recorder.close()
    assert len(lines(tmp_path / "d.jsonl")) == 1
    assert leaks((tmp_path / "d.jsonl").read_bytes()) == []


def test_requests_leave_no_line(tmp_path: Path):
    """Of all that happens only a grant is recorded."""
    recorder = DecisionFile(tmp_path / "d.jsonl", make_logger("INFO", io.StringIO()))
    samples.run(Hooks((recorder,)))
    recorder.close()
    assert [each["operation"] for each in lines(tmp_path / "d.jsonl")] == ["profile"]


def test_a_disk_that_fails_is_logged_once_and_stops_nobody(tmp_path: Path):
    """Telling a grant raises nothing where the file cannot be written; the log says so once."""
    log = io.StringIO()
    record(tmp_path / "none" / "d.jsonl", *(replace(GRANT, operation=f"o{n}") for n in range(50)), log=log)
    said = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [each["event"] for each in said] == ["decisions are not recorded"]
    assert said[0]["error_type"] == "FileNotFoundError"
    assert str(tmp_path) not in log.getvalue()


def test_what_a_disk_refused_is_written_once_it_works_again(tmp_path: Path):
    """Lines wait while the disk fails and are written with the next one, in their order."""
    folder = tmp_path / "later"
    recorder = DecisionFile(folder / "d.jsonl", make_logger("INFO", io.StringIO()))
    Hooks([recorder]).emit(GRANT)
    folder.mkdir()
    Hooks([recorder]).emit(replace(GRANT, kind="organ"))
    recorder.close()
    assert [each["kind"] for each in lines(folder / "d.jsonl")] == ["scene_operator", "organ"]


def test_telling_never_waits(tmp_path: Path):
    """More grants than may wait are taken without waiting: what is too much is left out and said."""
    log = io.StringIO()
    recorder = DecisionFile(tmp_path / "d.jsonl", make_logger("INFO", log))
    recorder.close()  # nobody takes from the queue any more
    for number in range(MOST_WAITING + 10):
        Hooks([recorder]).emit(replace(GRANT, operation=f"o{number}"))
    assert log.getvalue().count("decisions are left out of the record") == 1

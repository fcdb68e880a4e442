"""`creditgraph policy explain`: what becomes of each use of a document, without a word of its values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import app
from gateway.errors import StartRefused
from gateway.settings import ROOT
from tests.support.small_city import ENTERPRISES, PERSONS

QUESTION = f"""query Named {{
  person(id: "{PERSONS[0]}") {{ name scores(first: 7) {{ programme }} }}
  enterprise(id: "{ENTERPRISES[0]}") {{ name }}
}}
query Other {{ person(id: "{PERSONS[1]}") {{ name }} }}"""
HALL = ("--client", "approval-hall", "--purpose", "supervision.inspection", "--operation", "Named")


def explain(*arguments: str) -> Result:
    """Run the command within this process."""
    return CliRunner().invoke(app, ("policy", "explain", *arguments))


def refusal(*arguments: str) -> str:
    """The sentence with which the command refuses."""
    result = explain(*arguments)
    assert isinstance(result.exception, StartRefused)
    return str(result.exception)


@pytest.fixture
def question(tmp_path: Path) -> str:
    """A file with a document of two operations."""
    file = tmp_path / "question.graphql"
    file.write_text(QUESTION)
    return str(file)


def found(*arguments: str) -> list[dict[str, Any]]:
    """The explanations as JSON."""
    result = explain(*arguments, "--json")
    assert result.exit_code == 0, result.exception
    return json.loads(result.output)


def test_a_document_is_explained(question: str):
    """Each use is told with its state and rule, and a denied one with its reason and what would allow it."""
    output = explain(question, *HALL).output
    assert "denied   read Person.scores  by incentive-only-rewards" in output
    assert "宛信用办〔2022〕4号" in output
    assert "allowed to this kind for: subject.report" in output
    assert "allowed  read Person.name  by supervision-reads-record" in output
    assert "organ for supervision.inspection, policy " in output


def test_the_json_says_the_same(question: str):
    """With --json each line stands with its members, for a script."""
    ((explanation),) = found(question, *HALL)
    lines = {(line["field"], line["use"]): line for line in explanation["lines"]}
    denied = lines[("Person.scores", "read")]
    assert denied["state"] == "denied"
    assert "subject.report" in denied["purposes"]
    assert denied["others"]["person"] == ["subject.access"]
    assert lines[("Person.identityNumber", "argument")]["at"] == "Query.person"
    assert explanation["covering"] == denied["purposes"]


def test_an_operation_of_the_register_explains_itself():
    """An operation's file says who asks and what for; every kind of its clients is explained."""
    (explanation,) = found(str(ROOT / "operations" / "court.toml"))
    assert (explanation["kind"], explanation["purpose"]) == ("court", "measure.enforcement")
    assert {line["state"] for line in explanation["lines"]} == {"allowed"}


def test_another_purpose_can_be_tried_on_an_operation():
    """What is named on the command line goes before what the operation's file says."""
    (explanation,) = found(
        str(ROOT / "operations" / "court.toml"), "--client", "tax-bureau", "--purpose", "reward.approval"
    )
    assert explanation["kind"] == "organ"
    assert any(line["state"] == "denied" for line in explanation["lines"])


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_no_value_of_a_document_is_printed(question: str, form: tuple[str, ...]):
    """Identity numbers and other literals of a document stand in no line."""
    said = explain(question, *HALL, *form).output
    assert PERSONS[0] not in said
    assert ENTERPRISES[0] not in said
    assert "first" not in said


def test_a_document_that_is_wrong_is_refused_without_its_values(tmp_path: Path):
    """A document that does not fit the schema is refused in words that hold no value of it."""
    file = tmp_path / "wrong.graphql"
    file.write_text(f'{{ person(id: "{PERSONS[0][:-1]}") {{ nothing }} }}')
    said = refusal(str(file), "--client", "bank", "--purpose", "financing.credit")
    assert said.startswith("wrong.graphql: ")
    assert "nothing" in said
    assert PERSONS[0][:-1] not in said


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--client", "bank"), "--purpose"),
        (("--purpose", "financing.credit"), "--client"),
        (("--client", "banks", "--purpose", "financing.credit"), "Clients: developer"),
        (("--client", "bank", "--purpose", "financing"), "no leaf"),
        (("--client", "bank", "--purpose", "financing.credit"), "OPERATION_NAME"),
    ],
)
def test_what_is_missing_is_named(question: str, arguments: tuple[str, ...], word: str):
    """Without client or purpose, or with ones that do not exist, the command says so and what there is."""
    assert word in refusal(question, *arguments)


def test_a_file_that_is_not_there(tmp_path: Path):
    """A document that cannot be read is refused by its name."""
    assert "none.graphql cannot be read" in refusal(str(tmp_path / "none.graphql"), *HALL)

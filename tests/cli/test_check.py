"""`creditgraph operations check`: every use with its rule, and an operation beyond its purpose refused with each reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.checking import explanation_lines
from gateway.authorization.explain import explain
from resolvers.plan.field_use import FieldUse
from tests.cli.test_commands import invoke, refusal
from tests.support.command_line import ROOT
from tests.support.gateway_in_memory import policy
from tests.support.tested_city import TESTED_CITY


def test_the_register_stays_within_its_purposes():
    """`operations check` allows every operation of the register."""
    result = invoke("operations", "check", "--quiet")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    folders = (ROOT / "operations", ROOT / "operations" / TESTED_CITY)
    files = [file for folder in folders for file in folder.glob("*.toml")]
    assert len(lines) == len(files) - 1  # revoked.toml is none
    assert all(line.startswith("allowed  ") for line in lines)


def operation(folder: Path, **changed: str) -> Path:
    """A file like the bank's with some of its words changed."""
    text = (ROOT / "operations" / "bank.toml").read_text()
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new)
    file = folder / "draft.toml"
    file.write_text(text)
    return file


def test_a_good_draft_is_allowed_wherever_it_stands(tmp_path: Path):
    """A file is checked before it is put into the register."""
    result = invoke("operations", "check", str(operation(tmp_path)))
    assert (result.exit_code, result.output.split()[:2]) == (0, ["allowed", "draft:"])


def test_every_use_is_printed_with_its_rule():
    """For an allowed operation each use of each field stands with the rule that allows it."""
    lines = invoke("operations", "check", str(ROOT / "operations" / "court.toml")).output.splitlines()
    assert lines[0].startswith("allowed  court: ")
    uses = [line for line in lines if " by " in line]
    assert f"allowed  court: {len(uses)} uses of fields, measure.enforcement" == lines[0]
    assert "  allowed  argument Person.identityNumber at Query.persons  by find-person-by-identifier" in uses


@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_a_draft_beyond_its_purpose_is_refused_with_each_reason(tmp_path: Path, quiet: tuple[str, ...]):
    """Every use that the purpose does not cover is named with its rule, its reason and what would be allowed."""
    draft = operation(tmp_path, name="identityNumber scores { score }")
    result = invoke("operations", "check", *quiet, str(draft))
    assert result.exit_code == 1
    first, *others = result.output.splitlines()
    assert first.startswith("refused  draft: financing.credit for financial_institution does not cover")
    for use in ("Person.identityNumber", "Person.scores", "CreditScore.score"):
        assert f"read {use} by " in first
    assert "敏感信息仅本人及其监护人可见" in first
    assert "allowed to person for: subject.access" in first
    assert bool(others) is not bool(quiet)
    assert "mixes" not in first


def test_an_operation_that_mixes_purposes_is_told_so(tmp_path: Path):
    """Uses that are each allowed to the kind for some purpose, and for none together, are said to mix purposes."""
    standing = "standing(of: {person: $id}) { pds016 } person(id: $id) {"
    mixed = operation(tmp_path, **{"person(id: $id) {": standing})
    result = invoke("operations", "check", "--quiet", str(mixed))
    assert result.exit_code == 1
    assert "read Standing.pds016 by " in result.output
    assert "allowed to this kind for: reward.finance" in result.output
    assert "it mixes purposes" in result.output


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path):
    """A binding that names no variable is told beside the uses that are refused."""
    changed = {"subjects = 1": 'subjects = 1\nbind = { x = "person" }', "name": "scores { score }"}
    said = invoke("operations", "check", "--quiet", str(operation(tmp_path, **changed))).output
    assert "read CreditScore.score by " in said
    assert "bind names $x" in said


def test_a_field_that_is_not_classified_is_refused(tmp_path: Path):
    """A field that the schema does not know is refused by name, and so is every further one."""
    result = invoke("operations", "check", str(operation(tmp_path, name="salary: income debts")))
    assert result.exit_code == 1
    assert "'income'" in result.output
    assert "'debts'" in result.output


def test_filters_and_orders_by_incentive_data_are_each_refused():
    """Each such use is printed with the ceiling that refuses it and the only use that exists."""
    uses = [FieldUse("Honour.level", use, at="Person.honours") for use in ("filter", "sort")]
    lines = "\n".join(explanation_lines(explain(policy(), "organ", "reward.approval", uses, {})))
    for use in ("filter", "sort"):
        assert f"denied   {use} Honour.level at Person.honours  by incentive-only-read" in lines
    assert lines.count("uses that exist for it: read") == 2
    assert lines.count("allowed to nobody for any purpose") == 2


def test_a_scene_is_refused_the_answers_of_another(tmp_path: Path):
    """An incentive of another scene is refused by the ceiling that keeps scenes apart."""
    text = (ROOT / "operations" / TESTED_CITY / "library.toml").read_text()
    draft = tmp_path / "draft.toml"
    draft.write_text(text.replace("pds030", "pds030 parking: pds039"))
    result = invoke("operations", "check", "--quiet", str(draft))
    assert result.exit_code == 1
    assert result.output.startswith("refused  draft: reward.reading for scene_operator does not cover")
    assert "Standing.pds039 by scene-only" in result.output


def test_a_file_of_the_register_is_not_taken_for_another_of_its_name(tmp_path: Path):
    """The file that is named is the one that is checked, whatever the register holds under its name."""
    draft = operation(tmp_path, name="scores { score }")
    other = draft.rename(tmp_path / "bank.toml")
    assert invoke("operations", "check", str(other)).exit_code == 1


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"financing.credit": "financing.credits"}, "financing.credits"),
        ({"financing.credit": "financing"}, "no leaf"),
        ({'"bank"': '"bakn"'}, "bakn"),
        ({"legal_basis": "legal_bases"}, "legal_bases"),
        ({"person(id: $id)": "person(id: $ix)"}, "DOCUMENT_INVALID"),
        ({"query Bank": "mutation Bank"}, "draft"),
        ({"person(id: $id) {": "person(id: $id) "}, "DOCUMENT_SYNTAX"),
        ({"zh = ": "zh == "}, "TOML"),
    ],
)
def test_a_draft_that_is_wrong_is_refused_by_name(tmp_path: Path, changed: dict[str, str], word: str):
    """A draft's mistake is named, with the file that it stands in."""
    result = invoke("operations", "check", str(operation(tmp_path, **changed)))
    assert result.exit_code == 1
    said = f"{result.output} {result.exception}"
    assert "draft" in said
    assert word in said


def test_a_file_that_is_none(tmp_path: Path):
    """A path without a file is said to be missing, and a file of another kind to be none."""
    assert "There is no file" in refusal("operations", "check", str(tmp_path / "none.toml"))
    assert "is no operation file" in refusal("operations", "check", str(tmp_path / "none.yaml"))

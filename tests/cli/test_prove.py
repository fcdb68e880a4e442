"""`creditgraph policy prove`: what is proved and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.proofs.possibilities import POSSIBLE
from gateway.proofs.theorems import THEOREMS
from tests.cli.test_commands import invoke, refusal
from tests.support.folders import copy_of_policies, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of this installation's policies."""
    return copy_of_policies(tmp_path)


def test_the_delivered_rules_are_proved():
    """Without a folder the rules of the settings are proved, line by line, and the command succeeds."""
    result = invoke("policy", "prove")
    *proved, summary = result.output.splitlines()
    assert result.exit_code == 0
    assert len(proved) == len(THEOREMS) + len(POSSIBLE) + 1
    assert all(line.startswith("PROVED  ") for line in proved)
    assert summary.startswith(f"{len(proved)} proved, 0 refuted in ")


def test_a_refuted_theorem_fails_the_command(folder: Path):
    """A weakened ceiling leads to a case in words, the place of the ceiling, and the exit code 1."""
    file = folder / "ceilings" / "persons.cedar"
    file.write_text(file.read_text("utf-8").replace("sensitivity >= 3", "sensitivity > 3"), "utf-8")
    result = invoke("policy", "prove", "--policies", str(folder))
    refuted = result.output.partition("REFUTED score-for-its-subject-alone")[2].splitlines()
    assert result.exit_code == 1
    assert "类别 class: INCENTIVE; 敏感度 sensitivity: 3" in refuted[1]
    assert "sensitive-only-for-the-subject, ceilings/persons.cedar:" in refuted[1]
    assert "REFUTED identity-number-for-its-person-alone" in result.output
    assert " proved, 3 refuted in " in refuted[-1]


def test_rules_that_cannot_be_translated_are_refused(folder: Path):
    """What cannot be proved because it cannot be translated is named by file and line."""
    write(folder, 'forbid(principal, action, resource) when { resource.disclosure like "P*" };')
    assert refusal("policy", "prove", "--policies", str(folder)).startswith("ceilings/added.cedar:1: added: ")

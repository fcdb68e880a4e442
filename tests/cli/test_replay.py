"""`creditgraph policy replay`: exit 0 where nothing changes, 2 where something does, 1 where nothing can be tried."""

from __future__ import annotations

import json
from pathlib import Path

from observability.decisions import line_of
from observability.events import GrantMade
from tests.cli.test_commands import invoke, refusal
from tests.support.folders import copy_of_policies, write
from tests.support.gateway_in_memory import policy

TAKEN = 'forbid(principal, action, resource == Field::"Person.taxArrears");'


def test_rules_that_change_nothing(tmp_path: Path):
    """The same rules change no registered operation, and the command says how many were tried."""
    result = invoke("policy", "replay", "--policies", str(copy_of_policies(tmp_path)))
    assert result.exit_code == 0, result.exception
    assert result.output.startswith("0 uses of 0 operations change, of ")


def test_a_change_is_printed_with_both_rules(tmp_path: Path):
    """Each changed use of a registered operation stands with the verdicts before and after, and the status is 2."""
    folder = copy_of_policies(tmp_path)
    write(folder, 'forbid(principal, action, resource == Field::"Enterprise.taxGrades");', "taken")
    result = invoke("policy", "replay", "--policies", str(folder))
    assert result.exit_code == 2
    assert "bank-enterprise: financial_institution for financing.credit" in result.output
    assert "  closed: read Enterprise.taxGrades\n" in result.output
    assert "    before: allowed by financing-reads-repayment: 授信评估凭授权书编号" in result.output
    assert "    after:  denied by taken: 试 · drawn (test)" in result.output


def test_what_was_recorded_is_tried(tmp_path: Path):
    """With a record the operations in it are tried, and no others."""
    folder = copy_of_policies(tmp_path)
    write(folder, TAKEN, "taken")
    record = tmp_path / "decisions.jsonl"
    uses = (("Person.taxArrears", "read", "asked", ""), ("Person.name", "read", "asked", ""))
    record.write_bytes(line_of(GrantMade("explorer", "organ", "supervision.tax", "old", uses)))
    result = invoke("policy", "replay", "--policies", str(folder), "--recorded", str(record), "--json")
    assert result.exit_code == 2
    (change,) = json.loads(result.output)
    assert (change["operation"], change["field"], change["change"]) == (
        "explorer",
        "Person.taxArrears",
        "closed",
    )
    assert (change["before"]["rule"], change["after"]["rule"]) == ("supervision-reads-record", "taken")


def test_rules_that_do_not_load_are_refused(tmp_path: Path):
    """A set with a mistake is refused by file, line and reason, and nothing is tried."""
    folder = copy_of_policies(tmp_path)
    write(folder, "forbid(principal, action resource);")
    said = refusal("policy", "replay", "--policies", str(folder))
    assert said.startswith("ceilings/added.cedar:1: this is not Cedar")


def test_clients_belong_to_a_set(tmp_path: Path):
    """A set whose clients name a purpose that it does not have is refused too."""
    folder = copy_of_policies(tmp_path)
    file = folder / "purposes.toml"
    file.write_text(file.read_text("utf-8").replace("[financing.credit]", "[financing.other]"), "utf-8")
    assert "financing.credit" in refusal("policy", "replay", "--policies", str(folder))


def test_a_set_that_is_the_one_in_force_has_its_version(tmp_path: Path):
    """The summary names both versions."""
    output = invoke("policy", "replay", "--policies", str(copy_of_policies(tmp_path))).output
    assert output.count(policy().version) == 2

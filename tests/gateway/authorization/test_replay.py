"""A replay tells every use whose verdict changes under other rules, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.authorization.engine import Question
from gateway.authorization.grant import decide, judge
from gateway.authorization.policy import USES
from gateway.authorization.replay import Recorded, grouped, read_recorded, replay
from gateway.errors import StartRefused
from observability.decisions import line_of
from observability.events import GrantMade
from resolvers.plan.field_use import FieldUse
from tests.support.folders import FIELDS, copy_of_policies, read, write
from tests.support.gateway_in_memory import permissive, policy

KINDS = tuple(policy().kinds)
LEAVES = tuple(policy().purposes.leaves)
RECORDED = st.builds(
    Recorded,
    operation=st.just("o"),
    kind=st.sampled_from(KINDS),
    purpose=st.sampled_from(LEAVES),
    uses=st.frozensets(
        st.builds(FieldUse, coordinate=st.sampled_from(sorted(FIELDS)), use=st.sampled_from(USES)), max_size=6
    ),
)
BANK = Recorded(
    "bank",
    "financial_institution",
    "financing.credit",
    frozenset({FieldUse("Person.name", "read"), FieldUse("Person.taxArrears", "read")}),
)


@given(RECORDED)
def test_the_same_rules_change_nothing(recorded: Recorded):
    """Under the rules in force every verdict is the one it was."""
    assert [*replay(policy(), policy(), [recorded])] == []


@given(RECORDED)
def test_exactly_what_changes_is_told(recorded: Recorded):
    """A use is told if and only if the two sets decide it differently, with the verdict of each."""
    told = {change.use: change for change in replay(policy(), permissive(), [recorded])}
    for use in recorded.uses:
        question = Question(recorded.kind, recorded.purpose, use.use, use.coordinate)
        before, after = judge(policy(), question), judge(permissive(), question)
        assert (use in told) is ((before.allowed, before.rule) != (after.allowed, after.rule))
        if use in told:
            assert (told[use].before, told[use].after) == (before, after)


def test_a_ceiling_that_is_added_closes(tmp_path: Path):
    """A new forbid closes what it names, and its rule and reason stand beside the old ones."""
    folder = copy_of_policies(tmp_path)
    write(folder, 'forbid(principal, action, resource in DataClass::"ADVERSE");', "taken")
    (change,) = replay(policy(), read(folder), [BANK])
    assert (change.direction, change.use.coordinate) == ("closed", "Person.taxArrears")
    assert (change.before.rule, change.after.rule) == ("financing-reads-repayment", "taken")
    assert change.before.reason
    assert change.after.source == "test"


def test_a_permit_that_is_added_opens(tmp_path: Path):
    """A new permit opens what no ceiling forbids."""
    folder = copy_of_policies(tmp_path)
    write(folder, 'permit(principal, action == Action::"read", resource in DataClass::"IDENTITY");')
    asked = Recorded("o", "credit_office", "push.policy", frozenset({FieldUse("Person.name", "read")}))
    (change,) = replay(policy(), read(folder), [asked])
    assert change.direction == "opened"


def test_a_rule_of_another_name_is_a_change(tmp_path: Path):
    """A use that is decided alike by another rule is told as that."""
    folder = copy_of_policies(tmp_path)
    file = folder / "permits" / "financing.cedar"
    file.write_text(file.read_text("utf-8").replace("financing-reads-repayment", "lenders-read"), "utf-8")
    changes = grouped(replay(policy(), read(folder), [BANK]))
    assert {change.direction for change in changes[BANK]} == {"another rule"}
    assert len(changes[BANK]) == 2


def test_a_purpose_that_is_gone_closes_all(tmp_path: Path):
    """What was asked for a purpose that the new set does not know is denied."""
    folder = copy_of_policies(tmp_path)
    file = folder / "purposes.toml"
    file.write_text(file.read_text("utf-8").replace("[financing.credit]", "[financing.other]"), "utf-8")
    changes = [*replay(policy(), read(folder), [BANK])]
    assert {(change.direction, change.after.rule) for change in changes} == {("closed", "unknown-entity")}


def test_what_was_recorded_is_read_back(tmp_path: Path):
    """The lines that the recorder writes are read as they were told, each operation once whatever the version."""
    uses = (
        FieldUse("Person.name", "read"),
        FieldUse("TaxArrears.since", "sort", "person", "Person.taxArrears"),
    )
    told = [(use.coordinate, use.use, use.reached, use.at) for use in uses]
    file = tmp_path / "d.jsonl"
    lines = [
        line_of(GrantMade("bank", "organ", "supervision.tax", version, tuple(told))) for version in ("a", "b")
    ]
    file.write_bytes(b"".join(lines))
    assert read_recorded(file) == [Recorded("bank", "organ", "supervision.tax", frozenset(uses))]


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"{}",
        b"[]",
        b"not json",
        b"\xff",
        b'{"operation": "o", "kind": "k", "purpose": "p", "policy": "v", "uses": [["f", "read", "elsewhere", ""]]}',
    ],
)
def test_a_line_that_is_none_is_named(tmp_path: Path, wrong: bytes):
    """A damaged record is refused by file and line, and its content is not repeated."""
    good = line_of(GrantMade("bank", "organ", "supervision.tax", "a", ()))
    (tmp_path / "d.jsonl").write_bytes(good + wrong + b"\n" + good)
    with pytest.raises(StartRefused, match=r"^d\.jsonl:2: this is no line of recorded decisions$"):
        read_recorded(tmp_path / "d.jsonl")


def test_a_record_that_is_not_there(tmp_path: Path):
    """A file that cannot be read is refused by name."""
    with pytest.raises(StartRefused, match=r"^none\.jsonl cannot be read: FileNotFoundError$"):
        read_recorded(tmp_path / "none.jsonl")


@given(RECORDED)
def test_a_replay_judges_as_a_grant_does(recorded: Recorded):
    """What a replay says of the new rules is what a grant under them would say."""
    grant = decide(permissive(), recorded.kind, recorded.purpose, recorded.uses)
    for change in replay(policy(), permissive(), [recorded]):
        assert change.after.allowed is (change.use in grant.allowed)

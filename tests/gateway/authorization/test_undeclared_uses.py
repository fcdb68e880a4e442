"""A use that a field does not declare is refused to everybody, and asked once for everybody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.authorization.engine import Engine, Outcome, Question
from gateway.authorization.matrix import matrix
from gateway.authorization.policy import USES, Policy
from gateway.authorization.undeclared_uses import UndeclaredUses
from tests.support.decisions import of_kinds
from tests.support.folders import FIELDS, copy_of_policies, read

SORT = Question("court", "measure.enforcement", "sort", "Person.name")


class CountingEngine(Engine):
    """An engine that counts what it is asked."""

    def __init__(self, engine: Engine) -> None:
        self.__dict__.update(engine.__dict__)
        self.asked: list[Question] = []

    def ask(self, question: Question) -> Outcome:
        """Answer as the engine does."""
        self.asked.append(question)
        return super().ask(question)


def counted(policy: Policy) -> tuple[Policy, CountingEngine]:
    """Return a policy that has decided nothing yet and counts what it asks."""
    engine = CountingEngine(policy.engine)
    return replace(policy, engine=engine, _verdicts={}), engine


def undeclared(question: Question) -> bool:
    """Whether the field does not declare the use."""
    return question.use not in {use.value for use in FIELDS[question.field].classification.uses}


def test_a_table_asks_it_once_a_field():
    """However many kinds and purposes there are, an undeclared use is asked once for a field."""
    policy, engine = counted(of_kinds("court"))
    assert sum(row.decision == "does not exist" for row in matrix(policy, {})) > len(FIELDS) * len(USES)
    asked = [question for question in engine.asked if undeclared(question)]
    assert len(asked) <= len(FIELDS) * (len(USES) - 1)


@pytest.mark.parametrize(
    "clause",
    [
        'unless { resource.uses.contains("sort") || principal == CallerKind::"court" };',
        'unless { resource.uses.contains("sort") || context.reached == "own" };',
    ],
)
def test_a_rule_that_looks_at_the_caller_is_asked_of_each(tmp_path: Path, clause: str):
    """Where the rule looks at more than the field, nothing is said for everybody."""
    folder = copy_of_policies(tmp_path)
    file = folder / "ceilings" / "uses.cedar"
    old = 'unless {\n  resource.uses.contains("sort")\n};'
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, clause), "utf-8")
    assert UndeclaredUses(read(folder)).refusal(SORT) is None


def test_a_rule_for_some_callers_is_asked_of_each(tmp_path: Path):
    """Where the rule is for one kind of caller only, nothing is said for everybody."""
    folder = copy_of_policies(tmp_path)
    file = folder / "ceilings" / "uses.cedar"
    old = 'forbid(principal, action == Action::"sort", resource)'
    text = file.read_text("utf-8")
    assert old in text
    new = old.replace("principal,", 'principal == CallerKind::"court",')
    file.write_text(text.replace(old, new), "utf-8")
    assert UndeclaredUses(read(folder)).refusal(SORT) is None


def test_a_use_that_is_declared_is_asked_of_each():
    """A use that the field declares depends on who asks, and is not answered here."""
    found = UndeclaredUses(of_kinds("court"))
    assert found.refusal(replace_use("read")) is None
    refused = found.refusal(SORT)
    assert refused is not None
    assert (refused.allowed, refused.rule) == (False, "no-sort-undeclared")


def replace_use(use: str) -> Question:
    """The question with another use."""
    return Question(SORT.kind, SORT.purpose, use, SORT.field)

"""No small change of a rule goes unnoticed: each is refused, disproved, or found by a table that is kept."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from gateway.authorization.cedar_rules import Rule, text_of
from gateway.authorization.engine import Engine, Outcome
from tests.support.decision_table import (
    GOLDEN,
    Cell,
    cell_of,
    decided,
    engine_over,
    kept,
    lines,
    names_here,
    place,
    register,
    table,
    text_of_line,
)
from tests.support.effort import FULL, spread
from tests.support.folders import bare, write
from tests.support.gateway_in_memory import policy
from tests.support.mutants import mutants
from tests.support.mutation import HOW, Fate, How, fates, main, score, stated


@cache
def all_fates() -> tuple[Fate, ...]:
    """What becomes of the mutants."""
    return tuple(fates(policy(), spread))


def caught(how: How) -> list[Fate]:
    """The mutants that are caught in one way."""
    return [fate for fate in all_fates() if fate.how == how]


def cell(fate: Fate) -> Cell:
    """The cell of the table that a mutant decides otherwise."""
    assert fate.case is not None
    return cell_of(fate.case)


@cache
def places() -> frozenset[Cell]:
    """The cells of the table, with all that no rule tells apart said to be others."""
    return frozenset(place(each, names_here()) for each in chain.from_iterable(lines().values()))


@cache
def engine() -> Engine:
    """The rules over the fields of all cells that mutants decide otherwise."""
    return engine_over(policy(), [cell(fate) for fate in caught("decides")], names_here())


def outcome(rules: dict[str, Rule], asked: Cell) -> Outcome:
    """What Cedar decides on a cell by other rules."""
    return engine().with_rules(text_of(rules.values())).ask(asked.question())


def with_mutant(fate: Fate) -> dict[str, Rule]:
    """The rules after the change."""
    others = {name: rule for name, rule in policy().rules.items() if name != fate.mutant.rule.id}
    return others if fate.rule is None else {**others, fate.rule.id: fate.rule}


def test_the_decisions_are_those_that_are_kept():
    """What is decided for every field there could be changes on purpose only: see decision_table.py."""
    assert set(kept()) == set(lines())
    if FULL:
        assert table() == (GOLDEN / "decisions.txt").read_text("utf-8")
    for line in () if FULL else spread(lines()):
        assert (line, text_of_line(line)) == (line, kept()[line])


def test_the_rules_state_what_is_kept():
    """Id, effect, reason and source of a rule change on purpose only: see decision_table.py."""
    assert register() == (GOLDEN / "rules.txt").read_text("utf-8")


def test_every_mutant_is_caught():
    """Of all small changes of all rules none is alive, and each way of catching them is at work."""
    found: Counter[How] = Counter(fate.how for fate in all_fates())
    assert [str(fate) for fate in caught("alive")] == []
    assert len(set(score(found))) == 1
    assert set(found) == HOW.keys() - {"alive"}


@pytest.mark.parametrize("name", policy().rules)
def test_every_rule_is_mutated(name: str):
    """A rule is removed, and its conditions, scopes and annotations are changed."""
    changes = [each.change for each in mutants(policy().rules[name], names_here())]
    for part in (
        "the rule is removed",
        "it becomes a",
        "@source is changed",
        "for the actions",
        "for the resources",
    ):
        assert any(change.startswith(part) for change in changes)
    assert {"for every caller", "only for organ"} & set(changes)
    if policy().rules[name].node.clauses:
        assert {"clause 1 is dropped", "clause 1 is turned between when and unless"} <= set(changes)


def test_cedar_finds_what_the_solver_found():
    """Each mutant that decides otherwise does so in Cedar, on a cell of the table that is kept."""
    for fate in caught("decides"):
        asked = cell(fate)
        assert place(asked, names_here()) in places()
        assert outcome(with_mutant(fate), asked) != engine().ask(asked.question()), str(fate)


def test_what_is_restated_is_not_in_the_register():
    """A rule whose id, reason or source is changed is not among those that are kept."""
    kept = (GOLDEN / "rules.txt").read_text("utf-8").splitlines()
    for fate in caught("states"):
        assert fate.rule is not None
        assert " | ".join(stated(fate.rule)) not in kept


def test_what_is_alike_changes_no_cell():
    """A mutant that counts as no change allows and denies on the table's cells what was allowed and denied."""
    sampled = decided([*chain.from_iterable(lines().values())][::811])
    over = engine_over(policy(), sampled, names_here())
    for fate in caught("alike"):
        after = over.with_rules(text_of(with_mutant(fate).values()))
        changed = [each for each, was in sampled.items() if after.ask(each.question()).allowed != was.allowed]
        assert changed == [], str(fate)


def test_mutants_are_counted_and_the_unnoticed_ones_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Each way of catching a mutant has its count; one that nothing notices is printed and fails the command."""
    made = bare(tmp_path)
    write(made, 'permit(principal, action == Action::"read", resource == Field::"Person.name");')
    assert main([str(made)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("alive     permits/added.cedar:1 added: ") for line in lines)
    for how in ("refused", "disproved", "decides", "states", "alike", "alive"):
        assert any(f" {how}: " in line for line in lines)
    assert " mutants are caught: " in lines[-1]

"""What no permit can lift is proved before a policy is served; a policy that breaks it is refused by name and place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from gateway.authorization.cedar_rules import CedarStatement, rule_of, statements
from gateway.authorization.policy import Policy
from gateway.errors import StartRefused
from gateway.proofs.model import Model, model
from gateway.proofs.possibilities import POSSIBLE
from gateway.proofs.prove import _Proof, prove
from gateway.proofs.proved_policy import load_policy
from gateway.proofs.theorem import Theorem
from gateway.proofs.theorems import THEOREMS
from tests.support.folders import FIELDS, NOTES, copy_of_policies, write
from tests.support.gateway_in_memory import policy

CEILINGS = sorted(name for name, rule in policy().rules.items() if rule.effect == "forbid")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of this installation's policies."""
    return copy_of_policies(tmp_path)


def without(folder: Path, gone: Collection[str]) -> None:
    """Take rules out of their files."""
    for file in folder.glob("*/*.cedar"):
        kept = [each.text for each in statements("f", file.read_text("utf-8")) if not named(each, gone)]
        file.write_text("\n\n".join(kept), "utf-8")


def named(statement: CedarStatement, names: Collection[str]) -> bool:
    """Whether a statement is one of these rules."""
    return any(f'@id("{name}")' in statement.text for name in names)


def refusal(folder: Path) -> str:
    """The sentence with which a policy is refused."""
    with pytest.raises(StartRefused) as refused:
        load_policy(folder, FIELDS)
    return str(refused.value)


@cache
def whole_model() -> Model:
    """The translation of all rules; one without some of them is a part of it."""
    return model(policy())


def problems_without(gone: Collection[str], theorems: Collection[Theorem]) -> list[str]:
    """What the proofs of some theorems find without some rules; the other theorems are not proved again."""
    left = {name: each for name, each in policy().rules.items() if name not in gone}
    meanings = {name: whole_model().meanings[name] for name in left}
    proof = _Proof(replace(policy(), rules=left), replace(whole_model(), rules=left, meanings=meanings))
    return [proof._refuted(theorem) for theorem in theorems]


@pytest.mark.rule("R33")
def test_everything_is_proved_of_this_installation():
    """Each theorem holds over the delivered rules, each possibility is one, and no rule errs."""
    results = prove(policy())
    assert [each.name for each in results] == [
        *(each.name for each in (*THEOREMS, *POSSIBLE)),
        "no-rule-errs",
    ]
    assert [str(each) for each in results if not each.proved] == []


def test_theorems_have_names_of_their_own():
    """A theorem is known by one name, and says what it says in both languages."""
    names = [each.name for each in (*THEOREMS, *POSSIBLE)]
    assert len(set(names)) == len(names)
    assert all(each.zh and each.en for each in (*THEOREMS, *POSSIBLE))


def test_no_permit_breaks_a_theorem(folder: Path):
    """A permit of everything to everybody is accepted: the ceilings hold whatever is permitted."""
    write(folder, "permit(principal, action, resource);")
    load_policy(folder, FIELDS)


@pytest.mark.parametrize("theorem", THEOREMS, ids=lambda each: each.name)
def test_a_theorem_falls_with_its_ceilings(theorem: Theorem):
    """Without the ceilings that carry it a theorem is refuted, and each of them is named as missing."""
    (problem,) = problems_without(theorem.carried_by, [theorem])
    assert problem.startswith("no ceiling stops this")
    for ceiling in theorem.carried_by:
        assert f"{ceiling}, which is missing" in problem


@pytest.mark.parametrize("ceiling", CEILINGS)
def test_every_ceiling_carries_a_theorem(ceiling: str):
    """A ceiling that is taken away is missed: whoever adds one adds the theorem that it carries."""
    carried = [theorem for theorem in THEOREMS if ceiling in theorem.carried_by]
    assert f"{ceiling}, which is missing" in " ".join(problems_without([ceiling], carried))


def test_every_theorem_that_falls_is_named(folder: Path):
    """Without any ceiling every theorem is refuted, and the refusal names each of them."""
    without(folder, CEILINGS)
    said = refusal(folder)
    for theorem in THEOREMS:
        assert f"{theorem.name} ({theorem.en}): no ceiling stops this" in said


def test_a_weakened_ceiling_is_named_by_file_and_line(folder: Path):
    """The refusal holds a case that a person can check, and the place of the ceiling that should stop it."""
    file = folder / "ceilings" / "persons.cedar"
    file.write_text(file.read_text("utf-8").replace("sensitivity >= 3", "sensitivity > 3"), "utf-8")
    said = refusal(folder)
    line = 1 + file.read_text("utf-8").partition('@id("sensitive-only-for-the-subject")')[0].count("\n")
    assert f"sensitive-only-for-the-subject, ceilings/persons.cedar:{line}" in said
    assert "score-for-its-subject-alone" in said
    for part in ("kind: ", "purpose: reward.", "class: INCENTIVE", "sensitivity: 3"):
        assert part in said


def test_a_purpose_and_a_field_that_nobody_has_yet_are_covered(folder: Path):
    """A ceiling that lists today's branches is refuted by a branch that could be added."""
    file = folder / "ceilings" / "incentive.cedar"
    branches = ("open", "supervision", "measure", "approval", "financing", "procurement", "personnel")
    branches += ("recognition", "disclosure", "rights", "push", "oversight", "statistics")
    listed = ", ".join(f'Purpose::"{each}"' for each in branches)
    old = (
        'unless {\n  context.purpose in Purpose::"reward" ||\n'
        '  (context.purpose in Purpose::"subject" && '
        '(context.reached == "own" || context.reached == "ward")) ||\n'
        '  (context.purpose in Purpose::"disclosure" && resource in Item::"XY-CRO-002"'
        ' && resource.disclosure == "PUBLIC")\n}'
    )
    text = file.read_text("utf-8")
    assert old in text
    another = 'context.purpose in Purpose::"subject" && context.reached != "own" && context.reached != "ward"'
    new = f"when {{ context.purpose in [{listed}] || ({another}) }}"
    file.write_text(text.replace(old, new), "utf-8")
    said = refusal(folder)
    assert "incentive-only-rewards" in said
    assert "a purpose outside of the branches that are named" in said


def test_rules_that_forbid_everything_prove_nothing(folder: Path):
    """A theorem that holds only because nothing is allowed is refused, and so is what must be possible."""
    write(folder, "forbid(principal, action, resource);")
    said = refusal(folder)
    assert "it holds only because nothing that it is about is allowed at all" in said
    assert "subject-reads-its-score (The subject can read its score): no rule allows it to anybody" in said


def test_what_must_be_possible_is(folder: Path):
    """Without the permits of the subject the policy is refused: nobody could see what is held about them."""
    without(folder, ["subject-reads-own"])
    assert "subject-reads-its-number" in refusal(folder)


UNTRANSLATED = [
    ('resource.disclosure like "PUB*"', "Like"),
    ("resource.sensitivity + 1 > 2", "the operator add"),
    ('resource.uses.containsAny(["read", "sort"])', "the operator contains_any"),
    ("resource is Field", "Is"),
    ("resource has sensitivity", "HasAttr"),
    ("resource.uses == resource.uses", "== between DeclaredUses and DeclaredUses"),
    ("context has purpose", "HasAttr"),
]


@pytest.mark.parametrize(("condition", "part"), UNTRANSLATED)
def test_a_rule_that_cannot_be_translated_is_refused(folder: Path, condition: str, part: str):
    """What the proofs do not know is refused by file and line: no rule is served of which nothing is proved."""
    write(folder, f"forbid(principal, action, resource)\nwhen {{ {condition} }};")
    assert refusal(folder) == f"ceilings/added.cedar:1: added: the proofs do not know {part}"


def test_a_rule_that_could_err_is_refuted():
    """A rule that reads the scene of a field that has none errs, and its place is named with a case."""
    text = f'@id("erring") {NOTES}\nforbid(principal, action, resource) when {{ resource.scene == context.purpose }};'
    erring = rule_of(CedarStatement("ceilings/x.cedar", 7, text), "forbid")
    results = {each.name: each for each in prove(with_rule(erring.id, text))}
    assert "ceilings/x.cedar:7: erring errs for" in results["no-rule-errs"].problem
    guarded = text.replace("resource.scene ==", "resource has scene && resource.scene ==")
    results = {each.name: each for each in prove(with_rule("guarded", guarded))}
    assert results["no-rule-errs"].proved


def with_rule(name: str, text: str) -> Policy:
    """The policy of this installation with a rule that no file holds."""
    rule = rule_of(CedarStatement("ceilings/x.cedar", 7, text), "forbid")
    return replace(policy(), rules={**policy().rules, name: rule})

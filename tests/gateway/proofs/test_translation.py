"""What the proofs say of a request is what Cedar decides on it, by the same rules."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.classification import DataClass, Use
from gateway.authorization.cedar_rules import CedarStatement, rule_of, text_of
from gateway.authorization.engine import Engine, Question
from gateway.authorization.entities import Store
from gateway.proofs.model import model
from tests.support.concrete_requests import Translated, by_uid, over, translated
from tests.support.effort import drawn, examples
from tests.support.folders import NOTES
from tests.support.gateway_in_memory import policy

USES = [use.value for use in Use]
REACHED = ("own", "asked", "ward", "person", "enterprise")
KINDS = ("scene_operator", "organ", "developer", "court", "newcomer")
ITEMS = ("XY-REG-001", "XY-REG-002", "XY-STD-001", "XY-NEW-001")
PURPOSES = (
    *("reward", "reward.reading", "reward.reading.deeper", "reward.new", "subject.access", "subject"),
    *("measure.new", "statistics.city", "statistics", "recognition.suzhou", "rights.repair", "oversight.new"),
    *("open.catalogue", "supervision.tax", "rewards.not", "elsewhere", "elsewhere.deeper"),
)
EVERYTHING = f'@id("everything") {NOTES} permit(principal, action, resource);'
CONSTRUCTS = {
    "scene": "resource has scene && resource.scene == context.purpose",
    "no scene": "!(resource has scene)",
    "scene of a branch": 'resource has scene && resource.scene in [Purpose::"reward", Purpose::"measure"]',
    "if": 'if resource has scene then resource.scene != context.purpose else context.reached == "enterprise"',
    "kind": 'principal == CallerKind::"organ" || principal in [CallerKind::"court"]',
    "holders": 'context.purpose.holders.contains(CallerKind::"organ")',
    "exact purpose": 'context.purpose == Purpose::"reward" || context.purpose == Purpose::"reward.reading"',
    "a longer name": 'context.purpose in Purpose::"reward" || context.purpose == Purpose::"rewards"',
    "below a leaf": 'context.purpose in Purpose::"reward.reading"',
    "field": 'resource == Field::"Person.name" || resource in Field::"CreditScore.score"',
    "actions": 'action in [Action::"find", Action::"read"] || action == Action::"derive"',
    "not equal": "resource.sensitivity != 2 && resource.sensitivity < 3 || resource.sensitivity > 3",
    "literal set": '["asked", "person"].contains(context.reached)',
    "duties": "resource.duties.contains(context.purpose)",
    "truth": "context.purpose.leaf == true",
    "text": 'resource.disclosure != "AUTHORISED"',
    "errs": "resource.scene == context.purpose",
    "errs later": "resource.sensitivity == 1 || resource.scene == context.purpose",
    "errs before": "resource.scene == context.purpose || resource.sensitivity == 1",
}


@cache
def delivered() -> Translated:
    """The rules of this installation, translated."""
    return translated(model(policy()))


def entity(type_: str, id_: str, attrs: dict[str, Any], *parents: tuple[str, str]) -> dict[str, Any]:
    """An entity as Cedar's JSON."""
    above = [{"type": sort, "id": name} for sort, name in parents]
    return {"uid": {"type": type_, "id": id_}, "attrs": attrs, "parents": above}


def purposes(leaves: dict[str, tuple[bool, list[str]]]) -> list[dict[str, Any]]:
    """The tree over these purposes, each with whether it is a leaf and who holds it."""
    names = {name.rsplit(".", cut)[0] for name in leaves for cut in range(3)}
    found: list[dict[str, Any]] = []
    for name in sorted(names):
        leaf, holders = leaves.get(name, (False, []))
        attrs = {
            "leaf": leaf,
            "holders": [{"__entity": {"type": "CallerKind", "id": each}} for each in holders],
        }
        above = name.rpartition(".")[0]
        found.append(entity("Purpose", name, attrs, *([("Purpose", above)] if above else [])))
    return found


@st.composite
def fields(draw: st.DrawFn) -> dict[str, Any]:
    """A field that the graph need not have."""
    attrs: dict[str, Any] = {
        "sensitivity": draw(st.integers(1, 4)),
        "disclosure": draw(st.sampled_from(("PUBLIC", "GOV_SHARED", "AUTHORISED", "NEW"))),
        "uses": draw(st.lists(st.sampled_from([*USES, "person"]), unique=True)),
    }
    if draw(st.booleans()):
        attrs["scene"] = {"__entity": {"type": "Purpose", "id": draw(st.sampled_from(PURPOSES))}}
    named = draw(st.lists(st.sampled_from(PURPOSES), unique=True))
    attrs["duties"] = [{"__entity": {"type": "Purpose", "id": each}} for each in named]
    described = draw(st.sampled_from([*DataClass])).name
    name = draw(st.sampled_from(("Person.name", "CreditScore.score", "New.field")))
    return entity("Field", name, attrs, ("DataClass", described), ("Item", draw(st.sampled_from(ITEMS))))


@st.composite
def stores(draw: st.DrawFn) -> Store:
    """Kinds, purposes and fields, of this installation and of none."""
    held = st.tuples(st.booleans(), st.lists(st.sampled_from(KINDS), unique=True))
    leaves = {name: draw(held) for name in PURPOSES}
    classes = [entity("DataClass", each.name, {}) for each in DataClass]
    entities = (
        *(entity("CallerKind", each, {}) for each in KINDS),
        *purposes(leaves),
        *classes,
        *(entity("Item", each, {}) for each in ITEMS),
        *draw(st.lists(fields(), min_size=1, max_size=3, unique_by=lambda each: each["uid"]["id"])),
    )
    return Store(entities, frozenset((each["uid"]["type"], each["uid"]["id"]) for each in entities))


def asked(store: Store, seed: int, many: int) -> list[Question]:
    """Requests over a store, the same for the same seed."""
    drawn = random.Random(seed)
    found = [each for each in store.entities if each["uid"]["type"] == "Field"]
    kinds = [each["uid"]["id"] for each in store.entities if each["uid"]["type"] == "CallerKind"]
    tree = [each["uid"]["id"] for each in store.entities if each["uid"]["type"] == "Purpose"]
    return [
        Question(
            drawn.choice(kinds),
            drawn.choice(tree),
            drawn.choice(USES),
            drawn.choice(found)["uid"]["id"],
            drawn.choice(REACHED),  # type: ignore[arg-type]
        )
        for _ in range(many)
    ]


def agree(rules: Translated, engine: Engine, store: Store, questions: list[Question]) -> None:
    """Compare the translation with Cedar, decision by decision and rule by rule."""
    entities = by_uid(store)
    for question in questions:
        outcome = engine.ask(question)
        found = rules.outcome(question, entities)
        assert found.allowed is outcome.allowed, question
        if outcome.rules != ("error-denies",):
            assert found.rules == outcome.rules, question


def test_the_translation_agrees_with_cedar_over_this_installation():
    """On 3,000 requests over the delivered rules and entities, or a tenth of them, Cedar decides as the proofs say."""
    questions = asked(policy().store, 20260101, drawn(3_000))
    agree(delivered(), policy().engine, policy().store, questions)


@examples(60)
@given(stores(), st.integers(0, 2**32))
def test_the_translation_agrees_with_cedar_over_any_installation(store: Store, seed: int):
    """Over kinds, purposes and fields that this installation does not have, Cedar decides as the proofs say."""
    agree(delivered(), over(policy().engine, store), store, asked(store, seed, 20))


@pytest.mark.parametrize("condition", CONSTRUCTS.values(), ids=CONSTRUCTS)
def test_every_construct_that_is_translated_agrees_with_cedar(condition: str):
    """Each operator and attribute that a rule may use means to the proofs what it means to Cedar."""
    text = f'@id("added") {NOTES}\nforbid(principal, action, resource) when {{ {condition} }};'
    permit, forbid = CedarStatement("p", 1, EVERYTHING), CedarStatement("f", 1, text)
    rules = {"everything": rule_of(permit, "permit"), "added": rule_of(forbid, "forbid")}
    engine = policy().engine.with_rules(text_of(rules.values()))
    changed = translated(model(replace(policy(), rules=rules)))

    @examples(15)
    @given(stores(), st.integers(0, 2**32))
    def agrees(store: Store, seed: int) -> None:
        agree(changed, over(engine, store), store, asked(store, seed, 20))

    agrees()

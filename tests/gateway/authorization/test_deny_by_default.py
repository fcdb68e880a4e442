"""Denial is the default: what no permit names is not read, and a ceiling beats any permit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.authorization.grant import decide, judge, purposes_for
from gateway.authorization.policy import Ceiling, Permit, Policy
from gateway.authorization.purposes import covers
from schema.classification import Classification, DataClass, Sensitivity
from tests.gateway.pipeline.gateway_in_memory import graph, policy

CLASSIFICATIONS = graph().composed.classifications
CLOSED = sorted(name for name, each in CLASSIFICATIONS.items() if each.data_class is not DataClass.OPEN)
LEAVES = tuple(policy().purposes.leaves)
PATTERNS = st.sampled_from(("*", "reward.*", "subject.*", "financing.*", *LEAVES))
CLASSES = st.frozensets(st.sampled_from(DataClass), min_size=1)
PERMITS = st.builds(
    Permit,
    id=st.just("drawn"),
    purposes=st.lists(PATTERNS, min_size=1, max_size=3).map(tuple),
    classes=CLASSES,
    up_to=st.sampled_from(Sensitivity),
    reason=st.just("drawn"),
    source=st.just("drawn"),
)
CEILINGS = st.builds(
    Ceiling,
    id=st.just("lid"),
    classes=CLASSES,
    unless=st.lists(PATTERNS, max_size=2).map(tuple),
    reason=st.just("drawn"),
    source=st.just("drawn"),
)
CLASSIFIED = st.builds(
    Classification,
    item=st.just("X"),
    data_class=st.sampled_from(DataClass),
    sensitivity=st.sampled_from(Sensitivity),
)


def policy_of(permits: list[Permit], ceilings: list[Ceiling]) -> Policy:
    """Return a policy with these rules alone."""
    return replace(policy(), permits=tuple(permits), ceilings=tuple(ceilings))


@given(st.text(), st.sampled_from(CLOSED))
def test_a_purpose_that_nobody_declared_reads_nothing(purpose: str, coordinate: str):
    """Whatever text is given as a purpose, it opens nothing unless it is a leaf of the tree."""
    if purpose not in LEAVES:
        assert judge(policy(), CLASSIFICATIONS, purpose, coordinate).rule == "default-deny"


@pytest.mark.parametrize(
    "inner", ["reward", "reward.", "reward.*", "*", "", "subject", "SUBJECT.ACCESS", " subject.access"]
)
def test_what_is_no_leaf_reads_nothing(inner: str):
    """A branch, a pattern and a leaf in other letters are no purposes."""
    grant = decide(policy(), CLASSIFICATIONS, inner, CLOSED)
    assert grant.allowed == frozenset()
    assert set(grant.denied) == set(CLOSED)


@given(st.lists(PERMITS, max_size=4), st.sampled_from(LEAVES))
def test_an_unclassified_field_is_denied_under_any_permit(permits: list[Permit], purpose: str):
    """A field that says nothing of itself is read by nobody."""
    assert not judge(policy_of(permits, []), CLASSIFICATIONS, purpose, "Person.unheardOf").allowed


@given(st.sampled_from(LEAVES), CLASSIFIED)
def test_without_permits_nothing_is_read(purpose: str, classification: Classification):
    """An empty policy leaves the open catalogue and nothing else."""
    verdict = policy_of([], []).judge(purpose, classification)
    assert verdict.allowed is (classification.data_class is DataClass.OPEN)


@given(st.lists(PERMITS, max_size=5), st.lists(CEILINGS, max_size=3), st.sampled_from(LEAVES), CLASSIFIED)
def test_a_field_is_read_by_a_permit_under_every_ceiling(
    permits: list[Permit], ceilings: list[Ceiling], purpose: str, classification: Classification
):
    """A verdict allows exactly where some permit covers the field and no ceiling takes it away."""
    verdict = policy_of(permits, ceilings).judge(purpose, classification)
    permitted = any(
        classification.data_class in each.classes
        and classification.sensitivity.value <= each.up_to.value
        and any(covers(pattern, purpose) for pattern in each.purposes)
        for each in permits
    )
    forbidden = any(
        classification.data_class in each.classes
        and not any(covers(pattern, purpose) for pattern in each.unless)
        for each in ceilings
    )
    open_to_all = classification.data_class is DataClass.OPEN
    assert verdict.allowed is (open_to_all or (permitted and not forbidden))


@given(st.lists(PERMITS, max_size=5), st.sampled_from(LEAVES))
def test_no_permit_lets_incentive_data_be_used_otherwise(permits: list[Permit], purpose: str):
    """The ceiling of this installation holds whatever permits are added: incentive data only ever rewards."""
    widened = replace(policy(), permits=(*permits, *policy().permits))
    rewards = purpose.startswith(("reward.", "subject."))
    for coordinate in ("CreditScore.score", "Honour.title", "Person.redLists", "Volunteering.hours"):
        verdict = judge(widened, CLASSIFICATIONS, purpose, coordinate)
        assert rewards or (not verdict.allowed and verdict.rule == "incentive-only-rewards")


@given(st.sampled_from(LEAVES), st.sampled_from(("Person", "Enterprise")))
def test_a_derived_field_needs_all_of_its_inputs(purpose: str, owner: str):
    """The gathered adverse records are read only where each list that they are made of is read."""
    coordinate = f"{owner}.adverseRecords"
    inputs = [f"{owner}.{name}" for name in CLASSIFICATIONS[coordinate].inputs]
    every = all(judge(policy(), CLASSIFICATIONS, purpose, each).allowed for each in inputs)
    own = policy().judge(purpose, CLASSIFICATIONS[coordinate]).allowed
    assert judge(policy(), CLASSIFICATIONS, purpose, coordinate).allowed is (own and every)


@pytest.mark.parametrize("taken", [DataClass.JUDICIAL, DataClass.ADVERSE])
def test_one_denied_input_denies_the_derived_field(taken: DataClass):
    """Without the courts' class nobody reads what is gathered from the courts too, and the rule is told."""
    permits = tuple(replace(each, classes=each.classes - {taken}) for each in policy().permits)
    narrowed = replace(policy(), permits=permits)
    for purpose in LEAVES:
        assert not judge(narrowed, CLASSIFICATIONS, purpose, "Person.adverseRecords").allowed


def test_inputs_are_followed_to_their_own_inputs():
    """A field derived from a derived field needs the inputs of both."""
    made = {
        "T.a": Classification("X", DataClass.GRADE, inputs=("b",)),
        "T.b": Classification("X", DataClass.GRADE, inputs=("c",)),
        "T.c": Classification("X", DataClass.JUDICIAL),
    }
    permit = Permit("p", ("subject.access",), frozenset({DataClass.GRADE}), Sensitivity.SENSITIVE, "r", "s")
    assert not judge(policy_of([permit], []), made, "subject.access", "T.a").allowed
    both = replace(permit, classes=frozenset({DataClass.GRADE, DataClass.JUDICIAL}))
    assert judge(policy_of([both], []), made, "subject.access", "T.a").allowed


@given(st.sampled_from(LEAVES), st.lists(st.sampled_from(sorted(CLASSIFICATIONS)), max_size=20))
def test_a_grant_allows_or_denies_every_field_once(purpose: str, coordinates: list[str]):
    """Each field asked for is either allowed or denied with a rule, a reason and the purposes that cover it."""
    grant = decide(policy(), CLASSIFICATIONS, purpose, coordinates)
    assert grant.allowed | set(grant.denied) == set(coordinates)
    assert not grant.allowed & set(grant.denied)
    for coordinate, denial in grant.denied.items():
        assert denial.verdict.rule
        assert denial.verdict.reason
        assert denial.purposes == purposes_for(policy(), CLASSIFICATIONS, coordinate)
        assert purpose not in denial.purposes


@given(PATTERNS, st.sampled_from(LEAVES))
def test_a_pattern_names_a_leaf_or_its_own_subtree(pattern: str, purpose: str):
    """`reward.*` names what begins with `reward.`, `*` everything, and a leaf itself alone."""
    wanted = pattern in ("*", purpose) or (
        pattern.endswith(".*") and purpose.split(".", maxsplit=1)[0] == pattern[:-2]
    )
    assert covers(pattern, purpose) is wanted

"""Denial is the default: what no permit names is not used, and a ceiling beats any permit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.classification import DataClass, Use
from gateway.authorization.engine import Question
from gateway.authorization.grant import decide, judge, purposes_for
from gateway.authorization.policy import USES, Policy
from gateway.authorization.purposes import covers, is_own
from resolvers.plan.field_use import AccessPath, FieldUse
from tests.support.folders import FIELDS, bare, copy_of_policies, read, with_any_permit, write
from tests.support.gateway_in_memory import policy

CLOSED = sorted(
    name for name, field in FIELDS.items() if field.classification.data_class is not DataClass.OPEN
)
KINDS = tuple(policy().kinds)
LEAVES = tuple(policy().purposes.leaves)
PATTERNS = st.sampled_from(("*", "reward.*", "subject.*", "financing.*", *LEAVES))
REACHED: tuple[AccessPath, ...] = ("own", "asked", "ward", "person", "enterprise")
QUESTIONS = st.builds(
    Question,
    kind=st.sampled_from(KINDS),
    purpose=st.sampled_from(LEAVES),
    use=st.sampled_from(USES),
    field=st.sampled_from(sorted(FIELDS)),
    reached=st.sampled_from(REACHED),
)


def of_inputs(each: Policy, question: Question) -> list[bool]:
    """Return the verdicts on the inputs of a field."""
    return [
        judge(
            each,
            Question(question.kind, question.purpose, needed.use.value, needed.field, question.reached),
        ).allowed
        for needed in FIELDS[question.field].inputs
    ]


@given(st.text(), st.sampled_from(KINDS), st.sampled_from(CLOSED), st.sampled_from(USES))
def test_a_purpose_that_nobody_declared_opens_nothing(purpose: str, kind: str, field: str, use: str):
    """Whatever text is given as a purpose, it opens nothing unless it is a leaf of the tree."""
    if purpose not in LEAVES:
        assert not judge(with_any_permit(), Question(kind, purpose, use, field)).allowed


@pytest.mark.parametrize(
    "inner", ["reward", "reward.", "reward.*", "*", "", "subject", "SUBJECT.ACCESS", " subject.access"]
)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_leaf_opens_nothing(inner: str, kind: str):
    """A branch, a pattern and a leaf in other letters are no purposes, whatever is permitted."""
    grant = decide(with_any_permit(), kind, inner, [FieldUse(each, "read") for each in CLOSED])
    assert grant.allowed == {}
    assert {place for place, _ in grant.denied} == set(CLOSED)


@pytest.mark.rule("R31")
@given(st.sampled_from(KINDS), st.sampled_from(LEAVES), st.sampled_from(USES), st.text())
def test_an_unclassified_field_is_denied_under_any_permit(kind: str, purpose: str, use: str, field: str):
    """A field that says nothing of itself is used by nobody."""
    if field not in FIELDS:
        assert not judge(with_any_permit(), Question(kind, purpose, use, field)).allowed


@pytest.mark.rule("HN-24", "HN-25")
@given(QUESTIONS)
def test_who_does_not_hold_a_purpose_opens_nothing_by_it(question: Question):
    """A kind of caller makes no use of anything under a purpose that it may not hold, whatever is permitted."""
    if question.kind not in policy().purposes.leaves[question.purpose].holders:
        assert not judge(with_any_permit(), question).allowed


@given(QUESTIONS)
def test_a_use_that_a_field_does_not_declare_does_not_exist(question: Question):
    """No permit gives a field a use that its classification does not name."""
    if Use(question.use) not in FIELDS[question.field].classification.uses:
        assert not judge(with_any_permit(), question).allowed


@given(QUESTIONS)
def test_a_subject_asks_of_nobody_else(question: Question):
    """Whatever is permitted, a subject's own purpose opens nothing about a subject that the caller chose."""
    if question.purpose.startswith("subject.") and question.reached == "asked":
        assert not judge(with_any_permit(), question).allowed


@pytest.mark.parametrize("purpose", [each for each in LEAVES if not each.startswith(("reward.", "subject."))])
@pytest.mark.parametrize(
    "field", ["CreditScore.score", "Honour.title", "Person.redLists", "Volunteering.hours"]
)
def test_no_permit_lets_incentive_data_be_read_otherwise(purpose: str, field: str):
    """The ceiling that keeps incentive data names itself as the reason."""
    kind = min(policy().purposes.leaves[purpose].holders)
    verdict = with_any_permit().judge(Question(kind, purpose, "read", field))
    assert not verdict.allowed
    assert verdict.source


@given(QUESTIONS)
def test_a_person_reached_through_another_shows_a_name_at_the_most(question: Question):
    """Whatever is permitted, a way through another subject shows ordinary identity and offices only."""
    through = Question(question.kind, question.purpose, question.use, question.field, "person")
    field = FIELDS[question.field]
    if question.use in ("read", "filter", "sort") and judge(with_any_permit(), through).allowed:
        assert field.classification.data_class is DataClass.IDENTITY or field.item.code == "XY-REG-003"
        assert field.classification.sensitivity == 1


@given(QUESTIONS)
def test_a_derived_field_is_never_looser_than_its_inputs(question: Question):
    """Where a derived field is seen, every use that it makes of its inputs is allowed as well."""
    for each in (policy(), with_any_permit()):
        if question.use == "read" and judge(each, question).allowed:
            assert all(of_inputs(each, question))


@pytest.mark.parametrize("taken", ["JUDICIAL", "ADVERSE"])
def test_one_denied_input_denies_the_derived_field(taken: str, tmp_path: Path):
    """Without the courts' class nobody reads what is gathered from the courts too, and the rule is told."""
    folder = copy_of_policies(tmp_path)
    write(folder, f'forbid(principal, action, resource in DataClass::"{taken}");', "taken")
    narrowed = read(folder)
    for purpose in LEAVES:
        for kind in policy().purposes.leaves[purpose].holders:
            assert not judge(narrowed, Question(kind, purpose, "read", "Person.adverseRecords")).allowed
    told = judge(narrowed, Question("organ", "approval.admission", "read", "Person.adverseRecords"))
    assert told.rule == "taken"


def test_a_list_is_denied_with_what_orders_it(tmp_path: Path):
    """The order of a list tells of the field that decides it, so whoever may not read that reads no list."""
    folder = bare(tmp_path)
    write(folder, "permit(principal, action, resource);", "all")
    write(folder, 'forbid(principal, action, resource == Field::"TaxArrears.since");', "hidden")
    verdict = judge(read(folder), Question("organ", "supervision.tax", "read", "Person.taxArrears"))
    assert (verdict.allowed, verdict.rule) == (False, "hidden")


def test_without_permits_nothing_is_used(tmp_path: Path):
    """Ceilings alone allow nothing, the open catalogue included."""
    folder = bare(tmp_path)
    write(folder, 'forbid(principal, action, resource in DataClass::"INCENTIVE");')
    nothing = read(folder)
    for field in FIELDS:
        assert not judge(nothing, Question("organ", "supervision.tax", "read", field)).allowed


@given(
    st.sampled_from(KINDS),
    st.sampled_from(LEAVES),
    st.lists(
        st.builds(
            FieldUse,
            coordinate=st.sampled_from(sorted(FIELDS)),
            use=st.sampled_from(USES),
            reached=st.sampled_from(REACHED),
        ),
        max_size=20,
    ),
)
def test_a_grant_allows_or_denies_every_use_once(kind: str, purpose: str, uses: list[FieldUse]):
    """Each use asked for is allowed, limited, or denied with a rule, a reason and the purposes that cover it."""
    grant = decide(policy(), kind, purpose, uses)
    refused = {denial.use for denial in grant.refusals()}
    assert sorted([*grant.allowed, *grant.limited, *refused]) == sorted(set(uses))
    assert all(use.use == "history" for use in grant.limited)
    assert grant.policy.version == policy().version
    for denial in grant.refusals():
        assert denial.verdict.rule
        assert denial.verdict.reason
        assert grant.alternatives(denial.use) == purposes_for(policy(), kind, denial.use)
        # A subject's own purpose covers the subject itself: it stays an alternative to asking about another.
        assert purpose not in grant.alternatives(denial.use) or (
            is_own(purpose) and denial.use.reached == "asked"
        )


@given(QUESTIONS)
def test_remembered_verdicts_are_those_of_the_rules(question: Question):
    """What is remembered for fields that no rule tells apart is what the rules say of each of them."""
    outcome = policy().engine.ask(question)
    verdict = policy().judge(question)
    assert verdict.allowed is outcome.allowed
    assert verdict.rule == (outcome.rules[0] if outcome.rules else "default-deny")


@given(PATTERNS, st.sampled_from(LEAVES))
def test_a_pattern_names_a_leaf_or_its_own_subtree(pattern: str, purpose: str):
    """`reward.*` names what begins with `reward.`, `*` everything, and a leaf itself alone."""
    wanted = pattern in ("*", purpose) or (
        pattern.endswith(".*") and purpose.split(".", maxsplit=1)[0] == pattern[:-2]
    )
    assert covers(pattern, purpose) is wanted

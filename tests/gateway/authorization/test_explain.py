"""An explanation says of each use what the grant says, by which rule, and what would be allowed instead."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.authorization.engine import Question
from gateway.authorization.explain import Explanation, UseExplained, explain
from gateway.authorization.grant import best_path, decide, judge, judge_with_input
from gateway.authorization.policy import USES, Policy
from resolvers.plan.field_use import FieldUse
from tests.support.effort import examples
from tests.support.folders import FIELDS, copy_of_policies, read, write
from tests.support.gateway_in_memory import policy

KINDS = tuple(policy().kinds)
LEAVES = tuple(policy().purposes.leaves)
SCORES, BAND = FieldUse("Person.scores", "read"), FieldUse("CreditScore.band", "read")
BELOW_SCORES = {SCORES.place: ((),), BAND.place: ((SCORES.place,),)}
USED = st.builds(FieldUse, coordinate=st.sampled_from(sorted(FIELDS)), use=st.sampled_from(USES))


def lines(explanation: Explanation) -> dict[tuple[str, str], UseExplained]:
    """Return the lines by field and use."""
    return {(line.field, line.use): line for line in explanation.lines}


def of(kind: str, purpose: str, *uses: FieldUse, rules: Policy | None = None) -> Explanation:
    """Explain uses that stand beside each other."""
    return explain(rules or policy(), kind, purpose, uses, {})


@examples(100)
@given(st.sampled_from(KINDS), st.sampled_from(LEAVES), st.lists(USED, max_size=8, unique=True))
def test_an_explanation_is_the_grant_in_words(kind: str, purpose: str, uses: list[FieldUse]):
    """Each use stands once, denied where the grant denies it and by the grant's rule, and under nothing else."""
    grant = decide(policy(), kind, purpose, uses)
    refused = {denial.use: denial for denial in grant.refusals()}
    explained = lines(explain(policy(), kind, purpose, uses, {}))
    assert set(explained) == {(use.coordinate, use.use) for use in uses}
    for use in uses:
        line = explained[(use.coordinate, use.use)]
        assert (line.state == "denied") is (use in refused)
        assert (line.state == "limited") is (use in grant.limited and not line.under)
        verdict = refused[use].verdict if use in refused else (grant.allowed | grant.limited)[use]
        assert (line.rule, line.reason, line.source) == (verdict.rule, verdict.reason, verdict.source)


@examples(100)
@given(st.sampled_from(KINDS), st.sampled_from(LEAVES), USED)
def test_what_is_offered_instead_is_allowed(kind: str, purpose: str, use: FieldUse):
    """A purpose that a denied line names allows the use to the kind that it is named for, and none is left out."""
    (line,) = of(kind, purpose, use).lines
    if line.state == "denied":
        offered = {kind: line.purposes, **(line.others or {})}
        for other in policy().kinds.values():
            if other.name == kind or not other.sandbox:
                allowed = tuple(
                    leaf
                    for leaf in LEAVES
                    if judge(
                        policy(), Question(other.name, leaf, use.use, use.coordinate, best_path(leaf))
                    ).allowed
                )
                assert offered.get(other.name, ()) == allowed


def test_below_a_denied_field_a_field_is_masked():
    """A use that is allowed by itself is masked where the one way to it leads through a denied field."""
    listed = FieldUse("Person.taxArrears", "read")
    name = FieldUse("Person.name", "read")
    above = {listed.place: ((),), name.place: ((listed.place,),)}
    explained = lines(explain(policy(), "organ", "reward.approval", (listed, name), above))
    assert explained[("Person.taxArrears", "read")].state == "denied"
    masked = explained[("Person.name", "read")]
    assert (masked.state, masked.under) == ("masked", "Person.taxArrears")
    assert masked.rule == "reward-knows-whom"


def test_a_field_that_one_way_leaves_open_is_allowed():
    """A field that stands both below a denied field and elsewhere is read elsewhere, and so not masked."""
    listed = FieldUse("Person.taxArrears", "read")
    name = FieldUse("Person.name", "read")
    above = {listed.place: ((),), name.place: ((listed.place,), ())}
    explained = lines(explain(policy(), "organ", "reward.approval", (listed, name), above))
    assert explained[("Person.name", "read")].state == "allowed"


def test_a_list_that_is_sorted_by_a_denied_field_is_masked():
    """A use at a field takes the field away: its own reading is allowed and yet masked."""
    listed = FieldUse("Person.scores", "read", "own")
    by = FieldUse("CreditScore.band", "sort", "own", "Person.scores")
    explained = lines(explain(policy(), "person", "subject.access", (listed, by), {listed.place: ((),)}))
    assert explained[("CreditScore.band", "sort")].state == "denied"
    assert (explained[("Person.scores", "read")].state, explained[("Person.scores", "read")].under) == (
        "masked",
        "Person.scores",
    )


def test_denied_stays_denied_below_a_denied_field():
    """A rule that refuses a use is told even where the field above is denied as well."""
    explained = explain(policy(), "organ", "supervision.tax", (SCORES, BAND), BELOW_SCORES)
    assert [line.state for line in explained.lines] == ["denied", "denied"]


def test_the_input_that_refuses_is_named(tmp_path: Path):
    """Where a derived field is denied for one of its inputs, the innermost such input is named with its use."""
    folder = copy_of_policies(tmp_path)
    write(folder, 'forbid(principal, action, resource == Field::"JudgmentDefault.listedOn");', "taken")
    narrowed = read(folder)
    (line,) = of(
        "organ", "approval.admission", FieldUse("Person.adverseRecords", "read"), rules=narrowed
    ).lines
    assert (line.rule, line.input) == ("taken", "read JudgmentDefault.listedOn")


@given(st.sampled_from(KINDS), st.sampled_from(LEAVES), USED)
def test_an_input_is_named_only_where_it_refuses(kind: str, purpose: str, use: FieldUse):
    """A named input is itself denied, while the field that is derived from it would be allowed."""
    question = Question(kind, purpose, use.use, use.coordinate)
    _, needed = judge_with_input(policy(), question)
    assert (needed is not None) is (
        policy().judge(question).allowed and not judge(policy(), question).allowed
    )
    if needed is not None:
        assert not judge(policy(), replace(question, use=needed.use.value, field=needed.field)).allowed


def test_an_unclassified_field_is_denied_with_its_reason():
    """A field that no classification knows is denied to every kind, and nothing is offered instead."""
    (line,) = of("organ", "supervision.tax", FieldUse("Person.unknown", "read")).lines
    assert (line.state, line.rule, line.purposes, line.others) == ("denied", "unknown-entity", (), {})
    assert line.reason


def test_filtering_by_incentive_data_is_denied_with_the_uses_that_exist():
    """A filter by incentive data is refused by the ceiling under a purpose that may read it, and reading is named."""
    by = FieldUse("Honour.level", "filter", at="Person.honours")
    (line,) = of("organ", "reward.approval", by).lines
    assert (line.rule, line.uses, line.purposes, line.at) == (
        "incentive-only-read",
        ("read",),
        (),
        "Person.honours",
    )


def test_mixed_purposes_are_told_from_what_is_never_allowed():
    """Uses that are each allowed under some purpose, and together under none, mix purposes."""
    honours, arrears = FieldUse("Person.honours", "read"), FieldUse("Person.contribution", "read")
    mixed = of("developer", "reward.approval", honours, arrears)
    one = of("developer", "reward.approval", arrears)
    assert {line.rule for line in mixed.denied}
    assert (one.mixes_purposes, "supervision.social_insurance" in one.covering) == (False, True)
    apart = of("organ", "supervision.tax", honours, FieldUse("Person.taxArrears", "read"))
    assert (apart.mixes_purposes, "subject.report" in apart.covering) == (False, True)
    loan = FieldUse("Standing.pds016", "read")
    only = of("financial_institution", "financing.credit", loan, arrears)
    assert only.mixes_purposes
    never = of("financial_institution", "financing.credit", loan, FieldUse("CreditScore.band", "read"))
    assert not never.mixes_purposes

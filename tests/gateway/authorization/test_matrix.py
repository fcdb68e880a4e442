"""The matrix holds every decision, as the rules make it, and says no more than is needed."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import groupby, product
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from catalogue.classification import Use
from gateway.authorization.engine import Question
from gateway.authorization.grant import best_path, judge
from gateway.authorization.matrix import EVERY, MatrixRow, matrix
from gateway.authorization.policy import USES
from resolvers.graph.bindings import Reference
from resolvers.plan.field_use import AccessPath, reachable
from tests.support.decisions import KINDS, decisions, of_kinds, reach
from tests.support.folders import FIELDS, copy_of_policies, read
from tests.support.gateway_in_memory import graph, policy

LEAVES = policy().purposes.leaves
WAYS: tuple[AccessPath, ...] = ("own", "asked", "ward", "person", "enterprise")
QUESTIONS = st.builds(
    Question,
    kind=st.sampled_from(KINDS),
    purpose=st.sampled_from(sorted(LEAVES)),
    use=st.sampled_from(USES),
    field=st.sampled_from(sorted(FIELDS)),
    reached=st.sampled_from(WAYS),
)


@cache
def rows() -> dict[tuple[str, str, str, str, str], MatrixRow]:
    """Return the rows by what they are about."""
    return {(row.kind, row.purpose, row.field, row.use, row.reached): row for row in decisions()}


def found(question: Question) -> MatrixRow | None:
    """Return the row that answers a question, as a reader looks it up."""
    pair = (question.kind, question.purpose)
    return (
        rows().get((*pair, question.field, question.use, question.reached))
        or (rows().get((*pair, EVERY, EVERY, "asked")) if question.reached == "asked" else None)
        or rows().get((*pair, question.field, question.use, best_path(question.purpose)))
        or rows().get((*pair, EVERY, EVERY, "asked"))
    )


BY_THEMSELVES = ("derive", "history")
"""Uses that no document asks for: a field makes them by itself, where it declares them."""


@given(QUESTIONS)
def test_every_question_finds_its_answer(question: Question):
    """Whatever is asked has a row that says what the rules decide; a use by itself that nobody declared has none."""
    row = found(question)
    if row is None:
        assert question.use in BY_THEMSELVES
        assert Use(question.use) not in FIELDS[question.field].classification.uses
        return
    owner = question.field.partition(".")[0]
    if question.reached == "own" and best_path(question.purpose) != "own":
        return
    if question.reached in ("asked", "own") or owner in reach()[question.reached]:
        assert (row.decision == "allowed") is judge(policy(), question).allowed


def test_nothing_stands_twice():
    """A kind, purpose, field, use and way are one row."""
    assert (
        Counter((row.kind, row.purpose, row.field, row.use, row.reached) for row in decisions()).most_common(
            1
        )[0][1]
        == 1
    )


def test_the_table_is_complete():
    """Each kind stands with each purpose: by one row where it does not hold it, else with every field and use."""
    by_pair = {pair: list(group) for pair, group in groupby(decisions(), lambda row: (row.kind, row.purpose))}
    assert set(by_pair) == set(product(KINDS, LEAVES))
    for (kind, purpose), group in by_pair.items():
        asked = [(row.field, row.use) for row in group if row.reached == "asked"]
        of_itself = [(row.field, row.use) for row in group if row.reached == "own"]
        every = set(product(FIELDS, {use for use in USES if use not in BY_THEMSELVES}))
        if kind not in LEAVES[purpose].holders:
            assert (asked, of_itself) == ([(EVERY, EVERY)], [])
            assert group[0].rule == "only-holders"
        elif purpose.startswith("subject."):
            assert (asked, group[0].rule) == ([(EVERY, EVERY)], "subject-asks-of-itself")
            assert set(of_itself) >= every
        else:
            assert set(asked) >= every


@given(QUESTIONS)
def test_one_row_for_a_pair_is_true_of_every_field(question: Question):
    """Where one row stands for all fields and uses, each of them is denied, however it is reached."""
    if (question.kind, question.purpose, EVERY, EVERY, "asked") in rows():
        assert not judge(policy(), question).allowed


def test_a_use_that_does_not_exist_is_told_from_a_denied_one():
    """A use that a field does not declare is a row of its own decision, under the ceiling that says so."""
    for row in decisions():
        if row.field != EVERY:
            declared = Use(row.use) in FIELDS[row.field].classification.uses
            assert declared is (row.decision != "does not exist")
            if not declared:
                assert row.rule == f"no-{row.use.replace('_', '-')}-undeclared"


def test_every_row_says_why():
    """Rule, reason and source stand in each row, in the words of the rules."""
    for row in decisions():
        if row.rule in policy().rules:
            rule = policy().rules[row.rule]
            assert (row.reason, row.source) == (rule.reason, rule.source)
        assert row.reason


def test_a_way_through_another_has_a_row_where_it_decides_otherwise():
    """A field that is read when asked for and not through another has both rows."""
    key = ("court", "measure.enforcement", "Person.judgmentDefaults", "read")
    assert rows()[(*key, "asked")].decision == "allowed"
    assert (rows()[(*key, "person")].decision, rows()[(*key, "person")].rule) == (
        "denied",
        "nobody-through-another",
    )
    assert (*key, "enterprise") not in rows()


def test_only_what_can_be_reached_is_said_to_be():
    """A way leads to the entity of a reference and its records, and the query is reached by none."""
    assert {"Person", "Office", "TaxArrears"} <= set(reach()["person"])
    assert {"Enterprise", "Office", "TaxArrears"} <= set(reach()["enterprise"])
    assert "CreditScore" not in reach()["enterprise"]
    assert not {"Query", "CatalogueEntry"} & {*reach()["person"], *reach()["enterprise"]}


def test_what_cannot_be_reached_has_no_such_row():
    """Without references nothing is reached through another."""
    references = [each for each in graph().fields.values() if isinstance(each, Reference)]
    assert len(references) == 6
    rows = list(matrix(of_kinds("court"), {}))
    assert rows
    assert all(row.reached == "asked" for row in rows)
    assert set(reachable(graph())) == {"ward", "person", "enterprise"}


def test_the_sandbox_is_asked_for():
    """A kind that exists in the explorer only stands in no matrix that did not ask for it."""
    assert "developer" not in {row.kind for row in decisions()}
    some = of_kinds("court", "developer")
    assert {row.kind for row in matrix(some, {})} == {"court"}
    assert {row.kind for row in matrix(some, {}, sandbox=True)} == {"court", "developer"}


def test_without_its_ceiling_a_pair_is_written_out(tmp_path: Path):
    """Where no rule refuses a pair as a whole, every field and use of it is asked and stands for itself."""
    folder = copy_of_policies(tmp_path)
    file = folder / "ceilings" / "decision.cedar"
    text = file.read_text("utf-8")
    start = text.index('@id("only-holders")')
    file.write_text(text[:start] + text[text.index(";", start) + 1 :], "utf-8")
    pair: list[MatrixRow] = []
    for row in matrix(read(folder), {}):
        if (row.kind, row.purpose) == ("scene_operator", "reward.approval"):
            pair.append(row)
        elif pair:
            break
    assert len(pair) >= len(FIELDS) * (len(USES) - len(BY_THEMSELVES))
    assert any(row.decision == "allowed" for row in pair)

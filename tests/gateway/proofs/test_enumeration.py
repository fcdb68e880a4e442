"""Every combination of caller, purpose, field, use and way there is, against the theorems in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product

import pytest
from msgspec.structs import replace

from catalogue.classification import Use
from gateway.authorization.cedar_rules import text_of
from gateway.authorization.engine import Engine, Question
from gateway.authorization.grant import judge
from gateway.proofs.theorems import THEOREMS
from gateway.proofs.vocabulary import STRING
from resolvers.graph.fields import Field
from resolvers.plan.field_use import AccessPath
from tests.support.decision_table import told
from tests.support.effort import FULL, spread
from tests.support.folders import FIELDS, NOTES
from tests.support.gateway_in_memory import policy
from tests.support.shared_verdicts import Alike

REACHED: tuple[AccessPath, ...] = ("own", "asked", "ward", "person", "enterprise")
USES = tuple(use.value for use in Use)
SEEN = ("read", "filter", "sort")
ANY_PERMIT = f'@id("any") {NOTES} permit(principal, action, resource);'
STANDING: dict[object, tuple[str, str]] = {}
"""The kind and the purpose that stand for those that no rule tells from them."""
Rule = Callable[[Question, Field], bool]


def under(question: Question, *branches: str) -> bool:
    """Whether the purpose is below one of the branches."""
    return question.purpose.split(".", maxsplit=1)[0] in branches


def itself(question: Question) -> bool:
    """Whether the subject asks about itself, or the guardian about a ward."""
    return under(question, "subject") and question.reached in ("own", "ward")


def of(field: Field, *classes: str) -> bool:
    """Whether the field is of one of the classes."""
    return field.classification.data_class.name in classes


def ordinary(field: Field, *classes: str) -> bool:
    """Whether the field is ordinary and of one of the classes."""
    return field.classification.sensitivity <= 1 and of(field, *classes)


def named_or(field: Field, *items: str) -> bool:
    """Whether the field is a name, or an ordinary public record of one of the items."""
    return ordinary(field, "IDENTITY") or (ordinary(field, "PUBLIC_RECORD") and field.item.code in items)


def published(field: Field) -> bool:
    """Whether the field is of a record, or of a red list, that is public by law."""
    return (
        (of(field, "PUBLIC_RECORD", "ADVERSE", "JUDICIAL") or red_list(field))
        and field.classification.sensitivity <= 2
        and field.item.disclosure.name == "PUBLIC"
    )


def red_list(field: Field) -> bool:
    """Whether the field is incentive data of a red list."""
    return of(field, "INCENTIVE") and field.item.code == "XY-CRO-002"


def sensitive(question: Question, field: Field, data_class: str) -> bool:
    """Whether something of a sensitive value of a class is seen."""
    return question.use in SEEN and of(field, data_class) and field.classification.sensitivity >= 3


def scene_asks(question: Question) -> bool:
    """Whether somebody other than an organ rewards."""
    return under(question, "reward") and question.kind != "organ"


PLAIN: dict[str, Rule] = {
    "only-holders": lambda q, _: q.kind in policy().purposes.leaves[q.purpose].holders,
    "only-leaves": lambda q, _: q.purpose in policy().purposes.leaves,
    "incentive-only-rewards": lambda q, f: (
        not of(f, "INCENTIVE")
        or under(q, "reward")
        or itself(q)
        or (under(q, "disclosure") and red_list(f) and f.item.disclosure.name == "PUBLIC")
    ),
    "duties-use-named-items": lambda q, f: (
        not under(q, "supervision", "measure", "approval", "procurement", "personnel")
        or of(f, "OPEN")
        or f.item.code in policy().duties[q.purpose]
    ),
    "incentive-only-read": lambda q, f: not of(f, "INCENTIVE") or q.use in ("read", "derive", "history"),
    "score-for-its-subject-alone": lambda q, f: not sensitive(q, f, "INCENTIVE") or itself(q),
    "sensitive-for-its-subject-alone": lambda q, f: (
        q.use not in SEEN or f.classification.sensitivity < 3 or itself(q)
    ),
    "reasons-for-the-subject-alone": lambda q, f: f.item.code != "XY-STD-002" or itself(q),
    "subject-asks-of-itself": lambda q, _: not under(q, "subject") or q.reached != "asked",
    "subject-sees-others-in-public": lambda q, f: (
        not under(q, "subject")
        or q.reached in ("own", "ward")
        or q.use not in SEEN
        or named_or(f, "XY-REG-002", "XY-REG-003")
    ),
    "borrower-authorises-for-itself": lambda q, f: (
        not under(q, "financing")
        or q.reached == "asked"
        or q.use not in SEEN
        or named_or(f, "XY-REG-002", "XY-REG-003")
    ),
    "persons-are-found-for-duties": lambda q, f: (
        not of(f, "IDENTITY")
        or q.use not in ("argument", "exists")
        or under(
            q,
            *("reward", "approval", "supervision", "measure", "financing", "personnel", "subject", "rights"),
        )
    ),
    "measures-rest-on-lists": lambda q, f: (
        not under(q, "measure")
        or not of(f, "INCENTIVE", "GRADE", "ADMINISTRATIVE", "RIGHTS", "ADVERSE")
        or (of(f, "ADVERSE") and f.item.code == "XY-TAX-003")
    ),
    "adverse-records-serve-duties": lambda q, f: (
        not of(f, "ADVERSE", "JUDICIAL")
        or q.use not in SEEN
        or under(q, "approval", "supervision", "measure", "financing", "procurement", "personnel")
        or under(q, "disclosure", "rights", "subject", "reward")
    ),
    "grades-serve-duties": lambda q, f: (
        not of(f, "GRADE")
        or q.use not in SEEN
        or under(q, "approval", "supervision", "financing", "procurement", "rights", "subject")
    ),
    "administrative-records-serve-duties": lambda q, f: (
        not of(f, "ADMINISTRATIVE")
        or q.use not in SEEN
        or under(q, "supervision", "financing", "rights", "subject")
    ),
    "rewards-see-no-adverse-record": lambda q, f: (
        not under(q, "reward") or q.use not in SEEN or not of(f, "ADVERSE", "JUDICIAL")
    ),
    "partners-see-public-registers": lambda q, f: (
        not under(q, "recognition") or q.use not in SEEN or ordinary(f, "PUBLIC_RECORD", "IDENTITY", "OPEN")
    ),
    "statistics-only-count": lambda q, f: (
        not under(q, "statistics") or q.use == "aggregate" or of(f, "STATISTIC", "OPEN")
    ),
    "only-statistics-count": lambda q, _: q.use != "aggregate" or under(q, "statistics"),
    "open-is-the-catalogue": lambda q, f: not under(q, "open") or of(f, "OPEN"),
    "publications-show-what-is-public": lambda q, f: (
        not under(q, "disclosure")
        or q.use not in SEEN
        or of(f, "OPEN")
        or ordinary(f, "IDENTITY")
        or published(f)
    ),
    "scene-only": lambda q, f: (
        q.use not in SEEN
        or f.classification.scene is None
        or f.classification.scene == q.purpose
        or under(q, "subject")
    ),
    "scenes-see-one-sided-answers": lambda q, f: (
        not scene_asks(q)
        or q.use not in SEEN
        or f.classification.scene == q.purpose
        or (f.item.code == "XY-STD-001" and f.classification.sensitivity <= 1)
        or of(f, "OPEN")
    ),
    "scenes-probe-nobody": lambda q, _: not scene_asks(q) or q.use not in ("exists", "join_key"),
    "derive-only-to-reward": lambda q, _: q.use != "derive" or under(q, "reward", "subject"),
    "identity-number-for-its-person-alone": lambda q, f: not sensitive(q, f, "IDENTITY") or itself(q),
    "nobody-through-another": lambda q, f: (
        q.reached != "person" or q.use not in SEEN or named_or(f, "XY-REG-003")
    ),
    "wards-for-their-guardian-alone": lambda q, f: (
        q.reached != "ward" or q.use not in SEEN or under(q, "subject") or named_or(f, "XY-REG-003")
    ),
    "rights-for-subject-and-officers": lambda q, f: (
        not of(f, "RIGHTS") or q.use not in SEEN or under(q, "rights", "oversight") or itself(q)
    ),
    "closed-enforcement-is-a-fact": lambda q, f: (
        f.item.code != "XY-CRT-002"
        or under(q, "financing", "rights", "subject")
        or q.purpose == "measure.enforcement"
    ),
    "payment-grade-for-social-insurance-alone": lambda q, f: (
        f.item.code != "XY-SS-002"
        or q.use in ("derive", "aggregate")
        or under(q, "rights", "subject")
        or q.purpose == "supervision.social_insurance"
    ),
    "insurance-arrears-for-whom-a-law-names": lambda q, f: (
        f.item.code != "XY-SS-003"
        or q.use == "derive"
        or under(q, "financing", "rights", "subject")
        or q.purpose in ("supervision.social_insurance", "supervision.tax", "procurement.supplier")
    ),
    "responsible-persons-as-marked": lambda q, f: (
        f.item.code != "XY-TAX-004"
        or itself(q)
        or (q.reached == "asked" and (under(q, "rights") or q.purpose == "supervision.tax"))
    ),
    "history-only-for-subject-rights-and-courts": lambda q, _: (
        q.use != "history" or under(q, "rights") or q.purpose == "measure.enforcement" or itself(q)
    ),
    **{
        f"{use.replace('_', '-')}-only-where-declared": (
            lambda q, f, use=use: q.use != use or Use(use) in f.classification.uses
        )
        for use in USES
    },
}
"""The theorems, said once more without the solver: what an allowed use of a field must be like."""


def broken(question: Question) -> list[str]:
    """The theorems that a use would break if it were allowed."""
    return [name for name, holds in PLAIN.items() if not holds(question, FIELDS[question.field])]


@cache
def alike() -> Alike:
    """What the rules of this installation cannot tell apart."""
    return Alike(policy())


@cache
def with_any_permit() -> Engine:
    """The ceilings of this installation under a permit of everything to everybody, and no other."""
    ceilings = [rule for rule in policy().rules.values() if rule.effect == "forbid"]
    return policy().engine.with_rules(text_of(ceilings) + ANY_PERMIT)


def everything() -> Iterator[tuple[object, Question]]:
    """Every question that there is, with all of it that a rule could look at; of fields that are alike, one.

    Below full strength one of all questions that are alike.
    """
    seen = set[object]()
    ways = [(use, reached, told(alike().names, STRING, reached)) for use, reached in product(USES, REACHED)]
    for purpose in policy().purposes.leaves:
        fields = {alike().described(name, purpose): name for name in FIELDS}
        for kind in policy().kinds:
            asking = alike().asking(kind, purpose)
            for looks, field in fields.items():
                if FULL or (asking, looks) not in seen:
                    seen.add((asking, looks))
                    for use, reached, way in ways:
                        yield (asking, looks, use, way), Question(kind, purpose, use, field, reached)


def test_the_theorems_are_said_twice():
    """Each theorem that is proved is enumerated too, and no other."""
    assert set(PLAIN) == {each.name for each in THEOREMS}


def test_no_combination_breaks_a_theorem():
    """Whatever anybody permits, Cedar allows no use of any field that a theorem rules out."""
    decided: dict[object, bool] = {}
    found: dict[str, Question] = {}
    for key, question in spread(everything()):
        if key not in decided:
            decided[key] = with_any_permit().ask(question).allowed
        if decided[key]:
            found.update(dict.fromkeys(broken(question), question))
    assert found == {}
    assert any(decided.values())


@pytest.mark.parametrize("purpose", policy().purposes.leaves)
def test_a_derived_field_stays_within_the_theorems(purpose: str):
    """Where a derived field may be used, so may each field that it is derived from, and that breaks no theorem."""
    for question in derived(purpose):
        if judge(policy(), question).allowed:
            for needed in FIELDS[question.field].inputs:
                beneath = replace(question, use=needed.use.value, field=needed.field)
                assert judge(policy(), beneath).allowed
                assert broken(beneath) == []


def derived(purpose: str) -> Iterator[Question]:
    """Every question about a derived field under a purpose by those who hold it, unless another stands for it."""
    for kind in sorted(policy().purposes.leaves[purpose].holders):
        for name in (name for name, field in FIELDS.items() if field.inputs):
            if FULL or stands(kind, purpose, name):
                for use, reached in product(SEEN, REACHED):
                    yield Question(kind, purpose, use, name, reached)


def stands(kind: str, purpose: str, name: str) -> bool:
    """Whether a kind and a purpose stand for all that no rule tells from them about a field and its inputs."""
    below = tuple(alike().described(each.field, purpose) for each in FIELDS[name].inputs)
    looks = (alike().asking(kind, purpose), name, alike().described(name, purpose), below)
    return STANDING.setdefault(looks, (kind, purpose)) == (kind, purpose)

"""A document is planned once, and one function says how an operation reaches the subjects that it names."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from cli.checking import check_operation
from cli.policy import registered_uses
from gateway.authorization.explain import Explanation
from gateway.authorization.grant import Grant
from gateway.installation import read_rules
from gateway.operations.document import Document, read_document
from gateway.pipeline.lookup import prepare_registered
from gateway.pipeline.own_subject import explain_document, path_to_subjects
from gateway.pipeline.prepare import Preparer, Terms
from gateway.settings import Settings
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from resolvers.plan.field_use import FieldUse
from tests.support.gateway_in_memory import WIDE, graph, policy
from tests.support.small_city import PERSONS, small_city

SETTINGS = Settings()
RULES = read_rules(SETTINGS)
ONE = "query Q($id: PersonNumber!) { person(id: $id) { name } }"
TWO = "query Q($id: PersonNumber!, $o: PersonNumber!) { person(id: $id) { name } o: person(id: $o) { sex } }"
CHOSEN = "query Q($a: Boolean!) { person(id: %r) { name @include(if: $a) sex } }".replace(
    "%r", f'"{PERSONS[0]}"'
)


def document_of(text: str) -> Document:
    """Return a valid document."""
    return read_document(graph(), text, None, WIDE, introspection=False)


def preparer() -> Preparer:
    """Return what prepares documents of the installation."""
    hooks = Hooks()
    return Preparer(graph(), policy(), Loaders(small_city().sources(), hooks), hooks)


def explained(explanations: Iterable[Explanation]) -> dict[str, set[FieldUse]]:
    """Return the uses of explanations by the kind of caller."""
    return {
        each.kind: {
            FieldUse(line.field, line.use, line.reached, "" if line.at == line.field else line.at)
            for line in each.lines
        }
        for each in explanations
    }


def judged(grant: Grant) -> set[FieldUse]:
    """Return the uses that a grant is about."""
    return {*grant.allowed, *grant.limited, *(each.use for each in grant.refusals())}


@pytest.mark.parametrize("name", sorted(RULES.register))
async def test_check_explain_replay_and_request_ask_about_the_same(name: str):
    """For each registered operation the four ask authorization about the same uses, by the same paths."""
    registration = RULES.register[name]
    prepared = prepare_registered(preparer(), registration, RULES.clients, SETTINGS.limits)
    requested = {kind: judged(operation.grant) for kind, operation in prepared.items()}
    checked = check_operation(RULES, registration, SETTINGS.limits)
    replayed = [each for each in registered_uses(RULES, SETTINGS.limits) if each.operation == name]
    document = document_of(registration.document)
    explanations = [
        explain_document(policy(), document, kind, registration.purpose, registration.bind)
        for kind in prepared
    ]
    assert explained(checked.explanations) == requested
    assert explained(explanations) == requested
    assert {each.kind: set(each.uses) for each in replayed} == requested


@pytest.mark.parametrize(
    ("text", "purpose", "bound", "plays", "path"),
    [
        (ONE, "subject.access", {"id"}, False, "own"),
        (ONE, "supervision.tax", {"id"}, False, "own"),
        (ONE, "subject.access", set(), False, "asked"),
        (ONE, "subject.access", set(), True, "own"),
        (ONE, "supervision.tax", set(), True, "asked"),
        (TWO, "subject.access", {"id"}, False, "asked"),
        (TWO, "subject.access", {"id", "o"}, False, "own"),
        ("{ catalogue { field } }", "supervision.tax", set(), False, "own"),
        ("{ enterprisesByCountyAndTaxGrade(year: 2025) { count } }", "statistics.city", set(), False, "own"),
    ],
)
def test_how_a_subject_is_reached(text: str, purpose: str, bound: set[str], plays: bool, path: str):
    """A subject is the caller's own by the token alone, or where the caller plays it for the subject's own purpose."""
    assert path_to_subjects(document_of(text).plan, purpose, bound, plays_subject=plays) == path


def test_a_document_without_conditions_has_one_plan():
    """What is authorized is what is masked: it is not planned again for a request."""
    document = document_of(ONE)
    assert document.plan_under({}) is document.plan


async def test_each_assignment_is_planned_once():
    """Every kind of caller masks the same plan of an assignment, and none of a literal condition is forgotten."""
    document = document_of(CHOSEN)
    found = {on: document.plan_under({"a": on}) for on in (False, True)}
    assert found[True] is not found[False]
    for kind in ("organ", "credit_office"):
        operation = preparer().prepare("test", document, Terms(kind, "supervision.inspection", 1))
        for on, plan in found.items():
            assert operation.variant({"a": on}).plan.arguments is plan.arguments
    literal = document_of(CHOSEN.replace("$a)", "false)").replace("query Q($a: Boolean!)", ""))
    ((entity,),) = [root.fields for root in literal.plan_under({}).roots]
    assert [each.key for each in entity.fields] == ["sex"]


def test_a_document_keeps_no_more_plans_than_its_most():
    """A caller who draws assignments at random cannot fill the memory with plans."""
    document = document_of(CHOSEN)
    document.most_plans = 1
    first = document.plan_under({"a": True})
    document.plan_under({"a": False})
    assert document.plan_under({"a": True}) is not first

"""What an explanation says of a document is what a request for it would read."""

from __future__ import annotations

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from gateway.authorization.grant import decide
from gateway.authorization.purposes import is_own
from gateway.pipeline.own_subject import explain_document
from resolvers.plan.masked_plan import mask
from resolvers.plan.plan_node import Plan
from tests.support.decisions import rules
from tests.support.drawn_documents import deep
from tests.support.effort import examples
from tests.support.gateway_in_memory import document_of, graph, policy

HELD = sorted((kind, name) for name, leaf in policy().purposes.leaves.items() for kind in leaf.holders)


@cache
def drawn() -> st.SearchStrategy[str]:
    """Draw documents over the whole graph."""
    return deep(graph().schema)


@examples(100)
@given(drawn(), st.sampled_from(HELD))
def test_allowed_is_what_is_read(text: str, held: tuple[str, str]):
    """A use is allowed or limited where its place is left by the mask, and masked or denied where it is not."""
    kind, purpose = held
    document = document_of(text)
    plan = document.plan
    uses = plan.uses(graph(), "own" if is_own(purpose) else "asked")
    grant = decide(rules(), kind, purpose, uses)
    kept = set(Plan(mask(graph(), plan, grant.denied, purpose).roots, (), 0).places_above())
    explanation = explain_document(rules(), document, kind, purpose)
    assert len(explanation.lines) == len(uses)
    for line in explanation.lines:
        reached = "asked" if line.reached == "own" else line.reached
        assert (line.state in ("allowed", "limited")) is ((line.at, reached) in kept)


@examples(100)
@given(drawn())
def test_every_use_has_a_place(text: str):
    """Whatever authorization is asked about stands somewhere in the document, so that nothing masks it unseen."""
    document = document_of(text)
    plan = document.plan
    assert {use.place for use in plan.uses(graph(), "asked")} <= set(plan.places_above())


def test_the_catalogue_is_masked_as_a_whole():
    """What the schema answers is taken out as a whole, so each of its fields hides the others."""
    above = document_of("{ catalogue { field item } }").plan.places_above()
    assert set(above[("CatalogueEntry.field", "asked")][0]) == set(above)


def test_introspection_is_no_use():
    """Asking for the schema uses no field."""
    document = document_of("{ __schema { queryType { name } } __typename }")
    assert explain_document(policy(), document, "organ", "supervision.tax").lines == ()

"""Explains a document as it would be asked: nothing is prepared and no bureau is read."""

from __future__ import annotations

from gateway.authorization.explain import Explanation, explain
from gateway.authorization.policy import Policy
from gateway.authorization.purposes import is_own
from gateway.operations.document import Document
from gateway.planning.compiler import compile_plan
from gateway.planning.places import places_above
from gateway.planning.uses import uses_of
from resolvers.graph import Graph


def explain_document(
    graph: Graph, policy: Policy, document: Document, kind: str, purpose: str
) -> Explanation:
    """Explain every use that a document makes of a field, whatever its conditions say.

    For a subject's own purpose it is explained to the subject itself: whomever it names is taken to ask.
    """
    plan = compile_plan(graph, document.ast, document.operation, None)
    uses = uses_of(graph, plan, own=is_own(purpose))
    return explain(policy, kind, purpose, uses, places_above(plan))

"""Explains a document as it would be asked: nothing is prepared and no bureau is read."""

from __future__ import annotations

from gateway.authorization.explain import Explanation, explain
from gateway.authorization.policy import Policy
from gateway.authorization.purposes import is_own
from gateway.operations.document import Document
from resolvers.graph.graph import Graph
from resolvers.plan.compile import compile_plan


def explain_document(
    graph: Graph, policy: Policy, document: Document, kind: str, purpose: str
) -> Explanation:
    """Explain every use that a document makes of a field, whatever its conditions say.

    For a subject's own purpose it is explained to the subject itself: whomever it names is taken to ask.
    """
    plan = compile_plan(graph, document.ast, document.operation, None)
    uses = plan.uses(graph, "own" if is_own(purpose) else "asked")
    return explain(policy, kind, purpose, uses, plan.places_above())

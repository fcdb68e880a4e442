"""Explains a document as it would be asked: nothing is prepared and no bureau is read."""

from __future__ import annotations

from collections.abc import Collection

from gateway.authorization.explain import Explanation, explain
from gateway.authorization.policy import Policy
from gateway.operations.document import Document
from gateway.pipeline.own_subject import path_to_subjects


def explain_document(
    policy: Policy, document: Document, kind: str, purpose: str, bound: Collection[str] = ()
) -> Explanation:
    """Explain every use that a document makes of a field, whatever its conditions say.

    Under a subject's own purpose the named subject is assumed to be the caller.
    """
    plan = document.plan
    path = path_to_subjects(plan, purpose, bound, plays_subject=True)
    return explain(policy, kind, purpose, plan.uses(document.graph, path), plan.places_above())

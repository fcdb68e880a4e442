"""How an operation reaches the subjects that it names, and whether these are the caller's own.

The request, `operations check`, explanations and replay all ask `path_to_subjects`. An explanation prepares nothing
and reads no bureau.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from graphql import VariableNode

from gateway.authorization.explain import Explanation, explain, explain_in_steps
from gateway.authorization.policy import Policy
from gateway.authorization.purposes import is_own
from gateway.errors import SUBJECT_NOT_SELF, VARIABLE_INVALID, RequestError
from gateway.operations.document import Document
from gateway.pipeline.cooperative import Steps
from gateway.principal import Principal
from gateway.rights.representation import Acting
from resolvers.plan.arguments import Argument
from resolvers.plan.field_use import AccessPath
from resolvers.plan.plan_node import Plan


def path_to_subjects(
    plan: Plan, purpose: str, bound: Collection[str], *, plays_subject: bool = False
) -> AccessPath:
    """Return "own" where the caller is each subject that a plan names, and else "asked".

    The caller is a subject that is named by nothing but the variables `bound`, which the token gives. Who plays the
    subject, in the explorer and in explanations, is for a subject's own purpose whichever subject is named.
    """
    if plays_subject and is_own(purpose):
        return "own"
    named = [root.subject_argument() for root in plan.roots]
    own = all(_is_bound(plan.arguments[each], bound) for each in named if each is not None)
    return "own" if own else "asked"


def explain_document(
    policy: Policy, document: Document, kind: str, purpose: str, bound: Collection[str] = ()
) -> Explanation:
    """Explain every use that a document makes of a field, whatever its conditions say.

    Under a subject's own purpose the named subject is assumed to be the caller.
    """
    plan = document.plan
    path = path_to_subjects(plan, purpose, bound, plays_subject=True)
    return explain(policy, kind, purpose, plan.uses(document.graph, path), plan.places_above())


def explain_document_in_steps(
    policy: Policy, document: Document, kind: str, purpose: str
) -> Steps[Explanation]:
    """Explain as `explain_document` does, with a pause after each use."""
    plan = document.plan
    path = path_to_subjects(plan, purpose, (), plays_subject=True)
    return explain_in_steps(policy, kind, purpose, plan.uses(document.graph, path), plan.places_above())


def _is_bound(argument: Argument, bound: Collection[str]) -> bool:
    return argument.varies and all(
        isinstance(each, VariableNode) and each.name.value in bound for each in argument.leaves()
    )


def with_bound_variables(
    bound: Mapping[str, str], given: Mapping[str, Any], principal: Principal
) -> Mapping[str, Any]:
    """Return the variables with those that are taken from the token; VARIABLE_INVALID if one of them was sent.

    `bound` has the claim of each. Raises SUBJECT_NOT_SELF where the token lacks it, or names no person at all.
    """
    for name in bound:
        if name in given:
            raise RequestError(VARIABLE_INVALID, f"${name} is taken from the token and cannot be sent.")
    claims = {"person": principal.subject, "enterprise": principal.enterprise}
    values = {name: claims[claim] for name, claim in bound.items()}
    if principal.subject is None or None in values.values():
        raise RequestError(SUBJECT_NOT_SELF)
    return {**given, **values}


def acting_for(bound: Mapping[str, str], principal: Principal, day: date) -> Acting | None:
    """Return the person who acts for an enterprise, where an operation binds a variable to that."""
    if "enterprise" not in bound.values():
        return None
    if principal.subject is None or principal.enterprise is None:
        raise RequestError(SUBJECT_NOT_SELF)
    return Acting(principal.subject, principal.enterprise, day)

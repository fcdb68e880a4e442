"""Every decision of this installation, made once for all tests that look at them."""

from __future__ import annotations

from functools import cache

from gateway.authorization.matrix import MatrixRow, Reachable, matrix
from gateway.authorization.policy import Policy
from resolvers.plan.field_use import reachable
from tests.support.gateway_in_memory import graph, policy
from tests.support.shared_verdicts import sharing


@cache
def reach() -> Reachable:
    """Return which types are come to through another subject."""
    return reachable(graph())


@cache
def rules() -> Policy:
    """Return the rules of this installation, which decide once for what they cannot tell apart."""
    return sharing(policy())


@cache
def decisions() -> tuple[MatrixRow, ...]:
    """Return the matrix without the kinds of the sandbox."""
    return tuple(matrix(rules(), reach()))

"""Every decision of this installation, made once for all tests that look at them.

Below full strength these are the decisions of some kinds of caller: of those that the tests name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache

from cli.matrix_page import matrix_page
from gateway.authorization.matrix import MatrixRow, Reachable, matrix
from gateway.authorization.policy import Policy
from resolvers.plan.field_use import reachable
from tests.support.effort import FULL
from tests.support.gateway_in_memory import graph, policy
from tests.support.shared_verdicts import sharing

KINDS = tuple(
    name
    for name, kind in policy().kinds.items()
    if not kind.sandbox and (FULL or name in ("scene_operator", "court", "financial_institution"))
)
"""The kinds of caller whose decisions are looked at."""


@cache
def reach() -> Reachable:
    """Return which types are come to through another subject."""
    return reachable(graph())


@cache
def rules() -> Policy:
    """Return the rules of this installation, which decide once for what they cannot tell apart."""
    return sharing(policy())


def of_kinds(*names: str) -> Policy:
    """Return the rules of this installation for some kinds of caller only."""
    return replace(rules(), kinds={name: rules().kinds[name] for name in names})


@cache
def decisions() -> tuple[MatrixRow, ...]:
    """Return the matrix of the kinds that are looked at, without those of the sandbox."""
    return tuple(matrix(of_kinds(*KINDS), reach()))


CITY = "信阳市"
DAY = date(2026, 9, 1)


def drawn_page(rows: Iterable[MatrixRow], city: str = CITY) -> str:
    """Return the matrix's page over some rows of this installation."""
    return matrix_page(policy(), rows, city, DAY)

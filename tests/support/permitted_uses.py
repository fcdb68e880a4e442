"""Every use of fields that rules leave, decided one by one for each purpose, holder, use and way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from gateway.authorization.engine import Question
from gateway.authorization.grant import judge
from gateway.authorization.policy import USES, Policy
from gateway.authorization.purposes import covers
from resolvers.plan.field_use import AccessPath
from tests.support.folders import with_any_permit
from tests.support.shared_verdicts import sharing

REACHED: tuple[AccessPath, ...] = ("own", "asked", "ward", "person", "enterprise")


@cache
def ceilings() -> Policy:
    """Return the ceilings alone: this installation's rules under a permit of everything to everybody."""
    return sharing(with_any_permit())


def allowed(rules: Policy, fields: Iterable[str], purposes: str = "*") -> Iterator[Question]:
    """Yield every use of fields, under purposes that a pattern names, that the rules leave to somebody who holds the purpose."""
    every = tuple(fields)
    for purpose, leaf in rules.purposes.leaves.items():
        for kind in sorted(leaf.holders) if covers(purposes, purpose) else ():
            for field in every:
                for use in USES:
                    for reached in REACHED:
                        question = Question(kind, purpose, use, field, reached)
                        if judge(rules, question).allowed:
                            yield question

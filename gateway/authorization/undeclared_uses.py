"""Uses that a field does not declare: their refusal is the same for every caller, so it is asked once a field.

Most questions of a table of all decisions are of this kind. What is asked once is still asked: where the rule does not
refuse, or looks at more than the field, each question is asked by itself.
"""

from dataclasses import dataclass, field
from typing import Final

from cedarpy import pst

from catalogue.classification import Use
from gateway.authorization.cedar_rules import Rule
from gateway.authorization.engine import Question
from gateway.authorization.policy import Policy, Verdict

_OF_THE_REQUEST: Final = tuple(repr(pst.Var(name)) for name in ("principal", "context"))
"""What a rule may look at that differs from caller to caller."""


def undeclared_rule(policy: Policy, use: str) -> Rule | None:
    """Return the rule that refuses a use to every field that does not declare it, if there is one."""
    return policy.rules.get(f"no-{use.replace('_', '-')}-undeclared")


@dataclass(frozen=True, slots=True)
class UndeclaredUses:
    """Tells which uses no caller can make, for one version of the rules."""

    policy: Policy
    _known: dict[tuple[str, str], Verdict | None] = field(
        default_factory=dict[tuple[str, str], Verdict | None], repr=False
    )

    def refusal(self, question: Question) -> Verdict | None:
        """Return the verdict on a use that no caller can make; None if the question has to be asked."""
        key = (question.field, question.use)
        if key not in self._known:
            self._known[key] = self._ask(question)
        return self._known[key]

    def _ask(self, question: Question) -> Verdict | None:
        rule = undeclared_rule(self.policy, question.use)
        declared = self.policy.fields[question.field].classification.uses
        if rule is None or Use(question.use) in declared or not _looks_at_the_field_alone(rule):
            return None
        outcome = self.policy.engine.ask(question)
        if outcome.allowed or rule.id not in outcome.rules:
            return None
        return Verdict(False, rule.id, rule.reason, rule.source)


def _looks_at_the_field_alone(rule: Rule) -> bool:
    node = rule.node
    clauses = repr(node.clauses)
    return (
        rule.effect == "forbid"
        and isinstance(node.principal, pst.ScopeAny)
        and not any(each in clauses for each in _OF_THE_REQUEST)
    )

"""Questions that no rule can tell apart: one of each group is decided for all of them.

At full strength each question is decided for itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from gateway.authorization.engine import Question
from gateway.authorization.policy import Policy, Verdict
from gateway.proofs.vocabulary import STRING, Vocabulary
from tests.support.decision_table import branch, told, vocabulary_of
from tests.support.effort import FULL

Looks = tuple[object, ...]
"""All of a question, or of a part of it, that a rule could look at."""


def sharing(rules: Policy) -> Policy:
    """Return a policy whose verdict on a question is remembered for all that its rules cannot tell from it."""
    return rules if FULL else replace(rules, _verdicts=_Shared(Alike(rules)))


@dataclass(frozen=True)
class Alike:
    """Tells which questions the rules of a policy cannot tell apart."""

    rules: Policy

    @cached_property
    def names(self) -> Vocabulary:
        """The names that a rule could tell from others."""
        return vocabulary_of(self.rules)

    @cached_property
    def _known(self) -> dict[tuple[str, str, str], Looks]:
        return {}

    def looks(self, question: Question) -> Looks:
        """Return all of a question that a rule could look at."""
        return (
            self.asking(question.kind, question.purpose),
            self.described(question.field, question.purpose),
            question.use,
            told(self.names, STRING, question.reached),
        )

    def asking(self, kind: str, purpose: str) -> Looks:
        """Return what tells who asks and what for from others."""
        known = self._known.get(("asking", kind, purpose))
        if known is None:
            held = kind in self.rules.purposes.leaves[purpose].holders
            known = (branch(self.names, purpose), told(self.names, "CallerKind", kind), held)
            self._known["asking", kind, purpose] = known
        return known

    def described(self, name: str, purpose: str) -> Looks:
        """Return what tells a field from others under a purpose."""
        known = self._known.get(("described", name, purpose))
        if known is None:
            known = self._known["described", name, purpose] = self._described(name, purpose)
        return known

    def _described(self, name: str, purpose: str) -> Looks:
        found = self.rules.fields[name]
        known, scene = found.classification, found.classification.scene
        return (
            (found.item, known.data_class, known.sensitivity, known.uses),
            found.item.code in self.rules.duties.get(purpose, ()),
            told(self.names, "Field", name),
            scene and (branch(self.names, scene), scene == purpose),
        )


class _Shared(dict[Any, Verdict]):
    """Verdicts by what a rule could look at."""

    def __init__(self, alike: Alike) -> None:
        super().__init__()
        self._alike = alike

    def get(self, question: Question, default: Any = None) -> Verdict | Any:
        return super().get(self._alike.looks(question), default)

    def __setitem__(self, question: Question, verdict: Verdict) -> None:
        super().__setitem__(self._alike.looks(question), verdict)

"""Questions that no rule can tell apart: one of each group is decided for all of them.

At full strength each question is decided for itself, as the gateway decides it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.authorization.engine import Question
from gateway.authorization.policy import Policy
from gateway.proofs.vocabulary import STRING, Vocabulary
from tests.support.effort import FULL
from tests.support.table import branch, told, vocabulary_of

Looks = tuple[object, ...]
"""All of a question, or of a part of it, that a rule could look at."""


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """A policy that decides once for all questions that its rules cannot tell apart."""

    rules: Policy
    names: Vocabulary = field(init=False)
    decided: dict[Looks, bool] = field(default_factory=dict[Looks, bool])

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", vocabulary_of(self.rules))

    def allowed(self, question: Question) -> bool:
        """Return whether the rules allow a use, or a use that they cannot tell from it."""
        if FULL:
            return self.rules.judge(question).allowed
        looks = self.looks(question)
        found = self.decided.get(looks)
        if found is None:
            found = self.decided[looks] = self.rules.judge(question).allowed
        return found

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
        leaf = self.rules.purposes.leaves[purpose]
        return branch(self.names, purpose), told(self.names, "CallerKind", kind), kind in leaf.holders

    def described(self, name: str, purpose: str) -> Looks:
        """Return what tells a field from others under a purpose."""
        found = self.rules.fields[name]
        known, scene = found.classification, found.classification.scene
        return (
            (found.item, known.data_class, known.sensitivity, known.uses),
            told(self.names, "Field", name),
            scene and (branch(self.names, scene), scene == purpose),
        )

"""Every decision: each kind of caller, purpose, field and use, with the rule that decides it.

The table is complete but compact. A kind of caller that does not hold a purpose gets one row `*`. A path through another
subject gets a row only if its decision differs from that on a subject asked for. Under a purpose of the subject itself,
the rows are about the caller's own data, and one more row is about all other subjects.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from catalogue.classification import Input, Use
from gateway.authorization.engine import Question
from gateway.authorization.grant import best_path, judge_with_input
from gateway.authorization.policy import Policy, Verdict
from gateway.authorization.purposes import is_own
from gateway.authorization.undeclared_uses import UndeclaredUses, undeclared_rule
from resolvers.graph.fields import Field, input_text
from resolvers.plan.field_use import AccessPath

Decision: TypeAlias = Literal["allowed", "denied", "does not exist"]
Reachable: TypeAlias = Mapping[AccessPath, Collection[str]]
"""The types whose subject an operation can come to through another, by how it does."""
EVERY: Final = "*"
ONLY_HOLDERS: Final = "only-holders"
ONLY_ITSELF: Final = "subject-asks-of-itself"
_THROUGH: Final[tuple[AccessPath, ...]] = ("ward", "person", "enterprise")


class MatrixRow(msgspec.Struct, frozen=True, gc=False):
    """One decision. `field` and `use` are "*" where it holds for all of them.

    A use that the field does not declare "does not exist"; `input` is "use Type.field" where a field is denied
    because of what it is derived from.
    """

    kind: str
    purpose: str
    field: str
    data_class: str
    sensitivity: str
    disclosure: str
    use: str
    reached: AccessPath
    decision: Decision
    rule: str
    reason: str
    source: str
    input: str = ""


COLUMNS: Final = (
    "kind", "purpose", "field", "class", "sensitivity", "disclosure", "use", "reached", "decision", "rule",
    "reason", "source", "input",
)  # fmt: skip
"""The names of a row's members, in their order."""


def matrix(policy: Policy, reachable: Reachable, *, sandbox: bool = False) -> Iterator[MatrixRow]:
    """Yield every decision, in the order of the files and of the schema; kinds of the sandbox where asked for."""
    undeclared = UndeclaredUses(policy)
    for kind in policy.kinds.values():
        if sandbox or not kind.sandbox:
            for purpose in policy.purposes.leaves:
                yield from _pair(policy, reachable, kind.name, purpose, undeclared)


def _pair(
    policy: Policy, reachable: Reachable, kind: str, purpose: str, undeclared: UndeclaredUses
) -> Iterator[MatrixRow]:
    held = kind in policy.purposes.leaves[purpose].holders
    if not held and (row := _full_refusal(policy, kind, purpose, ONLY_HOLDERS)):
        yield row
        return
    if is_own(purpose) and (row := _full_refusal(policy, kind, purpose, ONLY_ITSELF)):
        yield row
    for field in policy.fields.values():
        for use in _uses(field):
            asked = Question(kind, purpose, use.value, field.coordinate, best_path(purpose))
            if refused := undeclared.refusal(asked):
                yield _row(policy, asked, refused, None)
            else:
                yield from _uses_of(policy, reachable, asked)


def _full_refusal(policy: Policy, kind: str, purpose: str, ceiling: str) -> MatrixRow | None:
    """Return the one row of a ceiling that refuses every use of every field; None if it does not refuse."""
    outcome = policy.engine.ask(Question(kind, purpose, Use.READ.value, next(iter(policy.fields))))
    if outcome.allowed or ceiling not in outcome.rules:
        return None
    rule, nothing = policy.rules[ceiling], (EVERY, "", "", "", EVERY)
    return MatrixRow(kind, purpose, *nothing, "asked", "denied", rule.id, rule.reason, rule.source)


def _uses(field: Field) -> Iterator[Use]:
    """Yield every use that a document can ask for, and those that it makes by itself where the field declares them."""
    declared = field.classification.uses
    yield from (use for use in Use if use not in (Use.DERIVE, Use.HISTORY) or use in declared)


def _uses_of(policy: Policy, reachable: Reachable, question: Question) -> Iterator[MatrixRow]:
    verdict, needed = judge_with_input(policy, question)
    yield _row(policy, question, verdict, needed)
    owner = question.field.partition(".")[0]
    for reached in _THROUGH:
        if owner in reachable.get(reached, ()):
            through = replace(question, reached=reached)
            other, needed = judge_with_input(policy, through)
            if other.allowed != verdict.allowed:
                yield _row(policy, through, other, needed)


def _row(policy: Policy, question: Question, verdict: Verdict, needed: Input | None) -> MatrixRow:
    field = policy.fields[question.field]
    decision, verdict = _decision(policy, field, question, verdict)
    return MatrixRow(
        question.kind,
        question.purpose,
        question.field,
        field.classification.data_class.name,
        field.classification.sensitivity.name,
        field.item.disclosure.name,
        question.use,
        question.reached,
        decision,
        verdict.rule,
        verdict.reason,
        verdict.source,
        input_text(needed) if needed else "",
    )


def _decision(policy: Policy, field: Field, question: Question, verdict: Verdict) -> tuple[Decision, Verdict]:
    """Tell what does not exist from what is denied: of all rules that refuse it, the one that says so is named."""
    if verdict.allowed:
        return "allowed", verdict
    if Use(question.use) in field.classification.uses:
        return "denied", verdict
    rule = undeclared_rule(policy, question.use)
    return "does not exist", Verdict(False, rule.id, rule.reason, rule.source) if rule else verdict

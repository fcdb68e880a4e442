"""Why an operation reads what it reads: for each use of each field what becomes of it, by which rule, and why.

This module decides nothing: it asks the questions from which a grant is made, and reports the answers. It reports names
of the schema and of rules only, no value of a document.
"""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from catalogue.classification import Use
from gateway.authorization.grant import (
    Grant,
    decide,
    judge,
    judge_in_steps,
    judge_with_input,
    purposes_for,
    question,
    use_under,
)
from gateway.authorization.policy import Policy, Verdict
from resolvers.graph.fields import Field, input_text
from resolvers.plan.field_use import AccessPath, FieldPlace, FieldUse

UseState: TypeAlias = Literal["allowed", "masked", "limited", "denied"]
"""masked: allowed by itself, but a field above it is denied, so it is not read. limited: the list is read, and shows
only the records that stand."""
Above: TypeAlias = Mapping[FieldPlace, tuple[tuple[FieldPlace, ...], ...]]
"""For each place of an operation the places above it, outermost first, once for each way that leads there."""
_NO_WAY: Final[tuple[tuple[FieldPlace, ...], ...]] = ((),)


@dataclass(frozen=True, slots=True)
class UseExplained:
    """One use of one field. `field` is "Type.field"; `at` is the field of the document that makes the use.

    `rule`, `reason` and `source` are those of the verdict. `input` is "use Type.field" where not the field itself
    but what it is derived from is refused; `under` is the denied field above a masked one. Of a denied use, `uses`
    are those that exist for the field, `purposes` those under which this kind of caller could make it, and `others`
    those under which other kinds could.
    """

    field: str
    use: str
    reached: AccessPath
    at: str
    state: UseState
    rule: str
    reason: str
    source: str
    input: str = ""
    under: str = ""
    uses: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    others: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that an operation uses, for one kind of caller, one purpose and one version of the policy.

    `covering` are the purposes of the kind, each of which covers every use.
    """

    kind: str
    purpose: str
    policy: str
    lines: tuple[UseExplained, ...]
    covering: tuple[str, ...]

    @property
    def denied(self) -> tuple[UseExplained, ...]:
        """The uses that are refused."""
        return tuple(line for line in self.lines if line.state == "denied")

    @property
    def mixes_purposes(self) -> bool:
        """Whether each use is allowed under some purpose of the kind, but no purpose allows them all."""
        return bool(self.denied) and not self.covering and all(line.purposes for line in self.denied)


def explain(policy: Policy, kind: str, purpose: str, uses: Iterable[FieldUse], above: Above) -> Explanation:
    """Explain every use of an operation, in the order of its fields."""
    steps = explain_in_steps(policy, kind, purpose, uses, above)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value


def explain_in_steps(
    policy: Policy, kind: str, purpose: str, uses: Iterable[FieldUse], above: Above
) -> Generator[None, None, Explanation]:
    """Explain as `explain` does, with a pause after each use: one costs a decision for each kind and purpose."""
    order = {place: number for number, place in enumerate(above)}
    asked = sorted(uses, key=lambda use: (order.get(use.place, len(order)), use))
    yield from judge_in_steps(policy, kind, purpose, asked)
    grant = decide(policy, kind, purpose, asked)
    lines: list[UseExplained] = []
    for use in asked:
        lines.append(_line(policy, grant, use, above))
        yield
    covering = yield from _covering(policy, kind, asked)
    return Explanation(kind, purpose, policy.version, tuple(lines), covering)


def _line(policy: Policy, grant: Grant, use: FieldUse, above: Above) -> UseExplained:
    verdict = grant.allowed.get(use) or grant.limited.get(use)
    if verdict is None:
        return _denied(policy, grant, use)
    under, read = _hidden_by(use.place, above, grant.denied), "allowed" if verdict.allowed else "limited"
    return replace(_explained(use, "masked" if under else read, verdict), under=under)


def _denied(policy: Policy, grant: Grant, use: FieldUse) -> UseExplained:
    verdict, needed = judge_with_input(policy, question(grant.kind, grant.purpose, use))
    field = policy.fields.get(use.coordinate)
    return replace(
        _explained(use, "denied", verdict),
        input=input_text(needed) if needed else "",
        uses=_offered(field) if field else (),
        purposes=grant.alternatives(use),
        others=_purposes_of_others(policy, grant.kind, use),
    )


def _offered(field: Field) -> tuple[str, ...]:
    """Return the uses that a document can make of a field: a derivation is none of them."""
    return tuple(sorted(each.value for each in field.classification.uses if each is not Use.DERIVE))


def _explained(use: FieldUse, state: UseState, verdict: Verdict) -> UseExplained:
    at = use.at or use.coordinate
    return UseExplained(
        use.coordinate, use.use, use.reached, at, state, verdict.rule, verdict.reason, verdict.source
    )


def _hidden_by(place: FieldPlace, above: Above, denied: Mapping[FieldPlace, object]) -> str:
    """Return the field that hides a place, by whatever way one comes to it, or nothing."""
    found = [
        next((each for each in (*way, place) if each in denied), None) for way in above.get(place, _NO_WAY)
    ]
    return found[0][0] if found[0] and all(found) else ""


def _purposes_of_others(policy: Policy, kind: str, use: FieldUse) -> dict[str, tuple[str, ...]]:
    """Return the purposes under which other kinds could make a use; the sandbox's is no kind to become."""
    found = {
        other.name: purposes_for(policy, other.name, use)
        for other in policy.kinds.values()
        if other.name != kind and not other.sandbox
    }
    return {name: purposes for name, purposes in found.items() if purposes}


def _covering(policy: Policy, kind: str, uses: Iterable[FieldUse]) -> Generator[None, None, tuple[str, ...]]:
    """Return the purposes of a kind that cover every use; an operation without uses needs none."""
    left = tuple(name for name, leaf in policy.purposes.leaves.items() if kind in leaf.holders)
    for use in uses:
        left = tuple(
            name for name in left if judge(policy, question(kind, name, use_under(use, name))).allowed
        )
        yield
    return left

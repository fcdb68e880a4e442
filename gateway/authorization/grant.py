"""The grant: which uses of which fields a kind of caller may make for a purpose, decided once an operation."""

from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from msgspec import structs

from catalogue.classification import Input, Use
from gateway.authorization.engine import Question
from gateway.authorization.policy import Policy, Verdict
from gateway.authorization.purposes import is_own
from resolvers.plan.field_use import AccessPath, FieldPlace, FieldUse

_SEEN: Final = frozenset({Use.READ.value, Use.FILTER.value, Use.SORT.value})
"""Uses that show something of a derived field's inputs."""


@dataclass(frozen=True, slots=True)
class Denial:
    """A use that the grant takes away, with the rule that does so and its reason."""

    use: FieldUse
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Grant:
    """The outcome of authorization for one operation, one kind of caller, one purpose and one policy version.

    `limited` has the lists that show only what stands: the use that would show history is refused, and nothing is null.
    """

    kind: str
    purpose: str
    policy: Policy = field(repr=False)
    allowed: Mapping[FieldUse, Verdict]
    denied: Mapping[FieldPlace, tuple[Denial, ...]]
    limited: Mapping[FieldUse, Verdict] = field(default_factory=dict[FieldUse, Verdict])
    _alternatives: dict[FieldUse, tuple[str, ...]] = field(
        default_factory=dict[FieldUse, tuple[str, ...]], repr=False, compare=False
    )

    @property
    def history(self) -> frozenset[FieldPlace]:
        """The places of the states of records of which history may be shown."""
        uses = (use for use in self.allowed if use.use == Use.HISTORY.value)
        return frozenset((use.coordinate, use.place[1]) for use in uses)

    def refusals(self) -> Iterator[Denial]:
        """Yield every denial, in the order of the fields."""
        for place in sorted(self.denied):
            yield from self.denied[place]

    def alternatives_in_steps(self) -> Generator[None, None, None]:
        """Compute the alternatives of every denial, with a pause after each."""
        for denial in self.refusals():
            self.alternatives(denial.use)
            yield

    def alternatives(self, use: FieldUse) -> tuple[str, ...]:
        """Return the purposes under which this kind of caller could make a denied use.

        They are computed when an error is written and kept: each costs a decision a purpose.
        """
        found = self._alternatives.get(use)
        if found is None:
            found = self._alternatives[use] = purposes_for(self.policy, self.kind, use)
        return found


def decide(policy: Policy, kind: str, purpose: str, uses: Iterable[FieldUse]) -> Grant:
    """Judge every use that an operation makes, whatever its conditions say."""
    allowed: dict[FieldUse, Verdict] = {}
    denied: dict[FieldPlace, tuple[Denial, ...]] = {}
    limited: dict[FieldUse, Verdict] = {}
    for use in sorted(uses):
        verdict = judge(policy, question(kind, purpose, use))
        if verdict.allowed:
            allowed[use] = verdict
        elif use.use == Use.HISTORY.value:
            limited[use] = verdict
        else:
            denied[use.place] = (*denied.get(use.place, ()), Denial(use, verdict))
    return Grant(kind, purpose, policy, allowed, denied, limited)


def judge_in_steps(policy: Policy, kind: str, purpose: str, uses: Iterable[FieldUse]) -> Iterator[None]:
    """Judge every use, with a pause after each; `decide` finds the verdicts in the policy's memory."""
    for use in uses:
        judge(policy, question(kind, purpose, use))
        yield


def judge(policy: Policy, asked: Question) -> Verdict:
    """Return the verdict on a use: the field's own, and where that allows, the strictest of its inputs'."""
    return judge_with_input(policy, asked)[0]


def judge_with_input(policy: Policy, asked: Question) -> tuple[Verdict, Input | None]:
    """Return the verdict on a use, and the innermost input that refuses what the field itself allows."""
    verdict = policy.judge(asked)
    if verdict.allowed and asked.use in _SEEN:
        for needed in policy.fields[asked.field].inputs:
            found, inner = judge_with_input(
                policy, structs.replace(asked, use=needed.use.value, field=needed.field)
            )
            if not found.allowed:
                return found, inner or needed
    return verdict, None


def purposes_for(policy: Policy, kind: str, use: FieldUse) -> tuple[str, ...]:
    """Return the purposes under which a kind of caller could make a use."""
    return tuple(
        name
        for name, leaf in policy.purposes.leaves.items()
        if kind in leaf.holders and judge(policy, question(kind, name, use_under(use, name))).allowed
    )


def use_under(use: FieldUse, purpose: str) -> FieldUse:
    """Return a use as it would be made for a purpose: for a subject's own, of the subject that asks."""
    return replace(use, reached=best_path(purpose)) if use.reached == "asked" else use


def best_path(purpose: str) -> AccessPath:
    """Return how a subject that is named can be reached at best: for its own purpose it is the one that asks."""
    return "own" if is_own(purpose) else "asked"


def question(kind: str, purpose: str, use: FieldUse) -> Question:
    """Return the question that a use raises."""
    return Question(kind, purpose, use.use, use.coordinate, use.reached)

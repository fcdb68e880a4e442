"""The proofs: each theorem holds under any permit, no rule errs, and what must be possible is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.authorization.policy import Policy
from gateway.errors import StartRefused
from gateway.proofs.cases import Words, in_words
from gateway.proofs.model import Model, installed, model
from gateway.proofs.possibilities import POSSIBLE
from gateway.proofs.solver import LOCK, Solver, Term
from gateway.proofs.theorem import Theorem
from gateway.proofs.theorems import THEOREMS

_PROVED: Final[set[str]] = set()
"""The versions that were proved."""


@dataclass(frozen=True, slots=True)
class Result:
    """One proof: what was to be shown, and where it could not be, the problem with a place to mend it."""

    name: str
    zh: str
    en: str
    problem: str = ""

    @property
    def proved(self) -> bool:
        """Whether it was shown."""
        return not self.problem

    def __str__(self) -> str:
        said = f"{self.name}: {self.zh} · {self.en}"
        return f"PROVED  {said}" if self.proved else f"REFUTED {said}\n        {self.problem}"


def prove(policy: Policy) -> tuple[Result, ...]:
    """Prove everything over the rules of a policy; StartRefused where a rule cannot be translated."""
    with LOCK:
        proof = _Proof(policy, model(policy))
        return tuple(proof.results())


def require_proofs(policy: Policy) -> None:
    """Raise StartRefused with each theorem that a policy breaks, a case of it, and where to mend it.

    A version that was proved once in this process is not proved again.
    """
    if policy.version in _PROVED:
        return
    broken = [result for result in prove(policy) if not result.proved]
    if broken:
        raise StartRefused("; ".join(f"{each.name} ({each.en}): {each.problem}" for each in broken))
    _PROVED.add(policy.version)


class _Proof:
    """The proofs over one policy."""

    def __init__(self, policy: Policy, translated: Model) -> None:
        self._policy = policy
        self._model = translated
        self._request = translated.request
        self._solver = Solver(self._request.possible())
        self._installed = installed(policy, self._request)

    def results(self) -> Iterator[Result]:
        for theorem in THEOREMS:
            problem = self._refuted(theorem) or self._unused(theorem)
            yield Result(theorem.name, theorem.zh, theorem.en, problem)
        for each in POSSIBLE:
            problem = "" if self._granted(each.allowed(self._request)) else "no rule allows it to anybody"
            yield Result(each.name, each.zh, each.en, problem)
        yield self._never_errs()

    def _refuted(self, theorem: Theorem) -> str:
        case = self._case(theorem.about(self._request), ~theorem.limit(self._request), self._model.open())
        if case is None:
            return ""
        return f"no ceiling stops this, once a permit allows it: {case} ({self._carriers(theorem)})"

    def _unused(self, theorem: Theorem) -> str:
        within = theorem.about(self._request) & theorem.limit(self._request)
        if not theorem.used or self._granted(within):
            return ""
        return "it holds only because nothing that it is about is allowed at all"

    def _granted(self, wanted: Term) -> bool:
        """Whether the rules as they are allow such a thing to somebody here."""
        return self._solver.find(wanted, self._installed, self._model.allowed()) is not None

    def _never_errs(self) -> Result:
        problems = [
            f"{rule.statement.place}: {name} errs for {case}"
            for name, rule in self._model.rules.items()
            if (case := self._case(self._model.meanings[name].errs))
        ]
        return Result("no-rule-errs", "任何规则都不会执行出错", "No rule ever errs", "; ".join(problems))

    def _case(self, *wanted: Term) -> Words | None:
        """Return a case in words, one of this installation where there is one."""
        found = self._solver.find(*wanted, self._installed) or self._solver.find(*wanted)
        return in_words(found, self._request, self._policy) if found else None

    def _carriers(self, theorem: Theorem) -> str:
        rules = self._policy.rules
        places = (
            f"{name}, {rules[name].statement.place}" if name in rules else f"{name}, which is missing"
            for name in theorem.carried_by
        )
        return f"expected of {'; '.join(places)}"

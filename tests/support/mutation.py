"""What becomes of a mutant: refused at load, disproved, found out by what it decides or states, or alive.

A mutant that decides every request alike, those that could be added included, is no change at all: the solver
shows it, and no list of exceptions is kept.

`python -m tests.support.mutation [FOLDER]` tries every mutant of the rules in a folder of policies, by default of this
installation, lists those that nothing notices and exits with 1 where there are any.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, TypeAlias

import cedarpy
from cedarpy import pst

from catalogue.catalogue_item import Disclosure
from gateway.authorization.cedar_rules import CedarStatement, Rule, rule_of
from gateway.authorization.duty_items import NARROWED
from gateway.authorization.policy import Policy, problems_of, read_policy
from gateway.authorization.purposes import OPEN_PURPOSE
from gateway.errors import StartRefused
from gateway.installation import read_graph
from gateway.proofs.cases import Words, in_words
from gateway.proofs.model import Model, installed, model
from gateway.proofs.solver import LOCK, Solver, Term, every, some
from gateway.proofs.symbolic_request import RED_LISTS, Request, known_place
from gateway.proofs.theorems import THEOREMS
from gateway.proofs.translation import NEVER, Meaning, Untranslated, meaning
from gateway.proofs.vocabulary import STRING, USES
from gateway.settings import Settings
from resolvers.graph.fields import fields_of
from tests.support.mutants import Mutant, mutants
from tests.support.tested_city import TESTED_CITY

How: TypeAlias = Literal["refused", "disproved", "decides", "states", "alike", "alive"]
HOW: Final[dict[How, str]] = {
    "refused": "it does not load",
    "disproved": "a theorem falls",
    "decides": "a cell of the table of decisions is decided otherwise, or by other rules",
    "states": "the register of rules has another id, reason or source",
    "alike": "no change: every request that could be is decided alike",
    "alive": "nothing notices it",
}
REACHED: Final = ("own", "asked", "ward", "person", "enterprise")
PUBLISHED: Final = (RED_LISTS,)
"""The items that rules name together with their disclosure."""
STAGED: Final = ("read", "derive")
"""The uses of a one-sided answer and of what it is derived from."""


@dataclass(frozen=True, slots=True)
class Fate:
    """How a mutant was caught and by what, or that it was not: see HOW."""

    mutant: Mutant
    how: How
    detail: str = ""
    case: Words | None = None
    rule: Rule | None = None

    def __str__(self) -> str:
        rule = self.mutant.rule
        return (
            f"{self.how:9} {rule.statement.place} {rule.id}: {self.mutant.change}: {self.detail or self.case}"
        )


def fates(policy: Policy, tried: Callable[[Iterable[Mutant]], Iterable[Mutant]] = iter) -> Iterator[Fate]:
    """Yield the fate of every mutant of every rule, or of those among them that are to be tried."""
    with LOCK:
        trial = _Trial(policy)
        names = trial.request.names
        for mutant in tried(mutant for rule in policy.rules.values() for mutant in mutants(rule, names)):
            yield trial.fate(mutant)


def score(found: Counter[How]) -> tuple[int, int]:
    """Return how many mutants are caught, and how many change something at all."""
    changing = found.total() - found["alike"]
    return changing - found["alive"], changing


def main(arguments: Sequence[str]) -> int:
    """Try every mutant of the rules in a folder, print what becomes of them, and return 1 where one is alive."""
    folder = Path(arguments[0]) if arguments else Settings().policies
    all_fates = list(fates(read_policy(folder, fields_of(read_graph(Settings(city=TESTED_CITY))))))
    found: Counter[How] = Counter(fate.how for fate in all_fates)
    caught, changing = score(found)
    lines = (
        *(str(fate) for fate in all_fates if fate.how == "alive"),
        *(f"{found[how]:6} {how}: {text}" for how, text in HOW.items()),
        f"{caught} of {changing} mutants are caught: {100 * caught / changing:.2f} %",
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return int(found["alive"] > 0)


class _Trial:
    """All that the mutants of one policy are tried against."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._model: Model = model(policy)
        self.request: Request = self._model.request
        self._everything = Solver(self.request.possible())
        self._cells = Solver((*self.request.possible(), cell(policy, self.request)))
        self._beyond = {each.name: each.about(self.request) & ~each.limit(self.request) for each in THEOREMS}
        self._broken_any = some(self._beyond.values())
        self._free = {name: self._without(name) for name in policy.rules}

    def fate(self, mutant: Mutant) -> Fate:
        rule: Rule | None = None
        changed = Meaning(NEVER, NEVER)
        if mutant.node is not None:
            try:
                rule = self._loaded(mutant.rule, mutant.node)
                changed = meaning(rule.node, self.request)
            except (StartRefused, Untranslated, ValueError) as refused:
                return Fate(mutant, "refused", str(refused).partition("\n")[0])
            if stated(rule) != stated(mutant.rule):
                return Fate(mutant, "states", "id, reason or source is another", rule=rule)
        return replace(self._noticed(mutant, changed), rule=rule)

    def _loaded(self, rule: Rule, node: pst.Template) -> Rule:
        """Read the mutant as a file would be read."""
        found = rule_of(
            CedarStatement(rule.statement.file, rule.statement.line, text_of_node(node)), rule.effect
        )
        if found.id != rule.id and found.id in self._policy.rules:
            raise StartRefused(f"{found.statement.place}: the id {found.id} stands elsewhere too")
        problems = list(problems_of(found, self._policy.engine.schema, self._policy.store))
        if problems:
            raise StartRefused("; ".join(problems))
        return found

    def _noticed(self, mutant: Mutant, changed: Meaning) -> Fate:
        if self._everything.find(changed.errs):
            return Fate(mutant, "disproved", "no-rule-errs")
        before = self._model.meanings[mutant.rule.id].applies
        differs = before != changed.applies
        free = self._free[mutant.rule.id]
        if mutant.rule.effect == "forbid" and (theorem := self._broken(before, changed.applies, free)):
            return Fate(mutant, "disproved", theorem)
        shown = (differs,) if mutant.rule.effect == "forbid" else (differs, free)
        if found := self._cells.find(*shown):
            return Fate(mutant, "decides", case=in_words(found, self.request, self._policy))
        if found := self._everything.find(differs, free):
            return Fate(mutant, "alive", case=in_words(found, self.request, self._policy))
        return Fate(mutant, "alike", "every request is decided alike")

    def _without(self, rule: str) -> Term:
        """Return whether no ceiling but this rule applies."""
        others = (
            self._model.meanings[name].applies
            for name, each in self._model.rules.items()
            if each.effect == "forbid" and name != rule
        )
        return ~some(others)

    def _broken(self, before: Term, after: Term, free: Term) -> str:
        """Return the name of a theorem that holds no more, if there is one."""
        found = self._everything.find(before, ~after, free, self._broken_any)
        return next((name for name, term in self._beyond.items() if found and found.holds(term)), "")


def stated(rule: Rule) -> tuple[str, str, str, str]:
    """Return what a rule states of itself."""
    return rule.id, rule.effect, rule.reason, rule.source


def text_of_node(node: pst.Template) -> str:
    """Return a rule as Cedar text; ValueError where the tree cannot be written."""
    tree = pst.PolicySet(pst.FrozenMap(), pst.FrozenMap({node.id: node}), ())
    return str(cedarpy.PolicySet.from_pst(tree))


def cell(policy: Policy, request: Request) -> Term:
    """Return whether the request is a cell of the table of decisions.

    A holder asks for its purpose about a field of any class, item and of the three sensitivities that declares the
    very use, reached in one of four ways. One that is read or derived from may have a scene: this purpose or a
    different one. Disclosure is told apart for fields without a scene, of red lists and of no item that rules name.
    A duty of supervision and a measure may name the item or not.
    """
    public = request.disclosure == request.names.number(STRING, Disclosure.PUBLIC.name)
    published = some((request.item == 0, *(request.takes(each) for each in PUBLISHED)))
    return every(
        (
            installed(policy, request),
            request.field == 0,
            some(request.reached == request.names.number(STRING, each) for each in REACHED),
            some(request.disclosure == request.names.number(STRING, each.name) for each in Disclosure),
            ~public | (published & ~request.has_scene),
            ~request.named | request.under(*NARROWED),
            *(request.declares(use) == request.makes(use) for use in USES),
            ~request.has_scene | (request.makes(*STAGED) & _staged(request)),
        )
    )


def _staged(request: Request) -> Term:
    other = known_place(request.names, OPEN_PURPOSE)
    elsewhere = (request.scene.node == other.node) & (request.scene.exact == other.exact)
    return request.serves_its_scene() | (elsewhere & ~request.under("open"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

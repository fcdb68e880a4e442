"""The rules of a policy as formulas, and the installation that they decide for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from catalogue.classification import Sensitivity
from gateway.authorization.cedar_rules import Rule, ids_named
from gateway.authorization.engine import Question
from gateway.authorization.policy import Policy
from gateway.errors import StartRefused
from gateway.proofs.solver import Term, every, some
from gateway.proofs.symbolic_request import Request, request
from gateway.proofs.theorems import MENTIONED
from gateway.proofs.translation import Meaning, Untranslated, meaning
from gateway.proofs.vocabulary import USES, vocabulary


@dataclass(frozen=True, slots=True)
class Model:
    """A request of which nothing is known, and what each rule means for it."""

    request: Request
    rules: Mapping[str, Rule]
    meanings: Mapping[str, Meaning]

    def applying(self, effect: str) -> Iterator[Term]:
        """Yield for each rule of an effect whether it applies."""
        return (self.meanings[name].applies for name, rule in self.rules.items() if rule.effect == effect)

    def erring(self) -> Term:
        """Return whether any rule errs, which denies."""
        return some(each.errs for each in self.meanings.values())

    def open(self) -> Term:
        """Return whether no ceiling stops the request, so that some permit could allow it.

        A ceiling that errs counts as one that does not apply, as Cedar has it.
        """
        return ~some(self.applying("forbid"))

    def allowed(self) -> Term:
        """Return whether the rules as they are allow the request."""
        return some(self.applying("permit")) & self.open() & ~self.erring()


def model(policy: Policy) -> Model:
    """Translate every rule, or raise StartRefused with file, line and what is not translated."""
    rules = policy.rules
    names = vocabulary((each.node for each in rules.values()), _groups(policy), MENTIONED)
    unknown = request(names)
    found: dict[str, Meaning] = {}
    problems: list[str] = []
    for name, rule in rules.items():
        try:
            found[name] = meaning(rule.node, unknown)
        except Untranslated as untranslated:
            problems.append(f"{rule.statement.place}: {name}: the proofs do not know {untranslated}")
    if problems:
        raise StartRefused("; ".join(problems))
    return Model(unknown, rules, found)


def _groups(policy: Policy) -> dict[str, frozenset[str]]:
    """Return the uses of each group of actions that a rule names, as Cedar itself sees them."""
    named = ids_named(policy.rules.values(), "Action") - set(USES)
    text = "\n".join(
        f'@id("{name}") permit(principal, action in Action::"{name}", resource);' for name in named
    )
    engine = policy.engine.with_rules(text)
    kind, purpose, field = (
        next(iter(each)) for each in (policy.kinds, policy.purposes.leaves, policy.fields)
    )
    uses = {use: engine.ask(Question(kind, purpose, use, field)).rules for use in USES}
    return {name: frozenset(use for use, groups in uses.items() if name in groups) for name in named}


def installed(policy: Policy, unknown: Request) -> Term:
    """Return whether kind, purpose and class are of this installation, and the kind holds the purpose."""
    described = (unknown.data_class >= 1) & unknown.at_most(max(Sensitivity))
    return some(_held_places(policy, unknown)) & described & unknown.leaf & unknown.held


def _held_places(policy: Policy, unknown: Request) -> Iterator[Term]:
    """Yield for each leaf that a rule could tell from the others whether the request is for it."""
    names = unknown.names
    kinds = names.numbers.get("CallerKind", {})
    alike = {
        (names.position(leaf.name), frozenset(names.number("CallerKind", kind) for kind in leaf.holders))
        for leaf in policy.purposes.leaves.values()
    }
    for (node, exact), holders in alike:
        asks = some(unknown.kind == number for number in holders)
        held = (unknown.held_by(name) == (number in holders) for name, number in kinds.items())
        yield every((unknown.purpose.node == node, unknown.purpose.exact == exact, asks, *held))

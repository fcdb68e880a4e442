"""The rule of an incentive for a kind of subject: what always holds, and the alternatives of its condition."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Final

from catalogue.catalogue_item import SubjectKind
from catalogue.declarations import Bureau, adverse_datasets
from catalogue.incentives.city_files import City
from catalogue.incentives.incentive_catalogue import Alternative, Incentive
from catalogue.incentives.requirement_kinds import REQUIREMENT_KINDS, Beneficiary
from resolvers.eligibility.facts import Facts, Needs, Requirement
from resolvers.eligibility.requirements import (
    AdverseSets,
    active,
    alive,
    clean,
    consented,
    enrolled,
    founded_within,
    holding,
    individual_business,
    local,
    of_age,
    owner_consented,
    red_listed,
    scored,
)


@dataclass(frozen=True, slots=True)
class EligibilityRule:
    """Every requirement of `always`, and all of one of `alternatives`."""

    always: tuple[Requirement, ...]
    alternatives: tuple[tuple[Requirement, ...], ...]

    @property
    def needs(self) -> Needs:
        """The columns that are looked at of each data set."""
        return _needed((*self.always, *chain(*self.alternatives)))


@dataclass(frozen=True, slots=True)
class Unmet:
    """What keeps a rule from holding: requirements of which each must be met, alternatives of which one must be met in
    full, and data sets whose records of the subject break their contract.
    """

    always: tuple[Requirement, ...]
    alternatives: tuple[tuple[Requirement, ...], ...]
    broken: frozenset[str]


class RuleGroup:
    """Several rules by name that are evaluated together: a requirement that they share is evaluated once."""

    __slots__ = ("_requirements", "_rules", "needs", "requirements")

    def __init__(self, rules: Mapping[str, EligibilityRule]) -> None:
        """Number the requirements, and write each rule by these numbers."""
        several = [(*rule.always, *chain(*rule.alternatives)) for rule in rules.values()]
        requirements = {each: number for number, each in enumerate(dict.fromkeys(chain(*several)))}
        self.requirements = tuple(requirements)
        self._requirements = [each.holds for each in requirements]
        self.needs: Needs = _needed(requirements)
        self._rules = [
            (
                name,
                tuple(requirements[each] for each in rule.always),
                tuple(tuple(requirements[each] for each in way) for way in rule.alternatives),
                frozenset(rule.needs),
            )
            for name, rule in rules.items()
        ]

    def evaluate(self, facts: Facts) -> dict[str, bool]:
        """Return for each rule whether the subject may enjoy the incentive; every requirement is looked at.

        It may not where anything that is looked at is broken: no records would pass for a clean record.
        """
        met: list[bool] = []
        for requirement in self._requirements:
            met.append(requirement(facts))  # noqa: PERF401 in Python 3.11 a comprehension is a call
        found: dict[str, bool] = {}
        for name, always, alternatives, datasets in self._rules:
            holds = not facts.broken or facts.broken.isdisjoint(datasets)
            for number in always:
                holds &= met[number]
            by_any = False
            for way in alternatives:
                by_way = True
                for number in way:
                    by_way &= met[number]
                by_any |= by_way
            found[name] = holds & by_any
        return found

    def met(self, facts: Facts) -> dict[Requirement, bool]:
        """Return for each requirement of the rules whether it holds: each is looked at once."""
        return {each: each.holds(facts) for each in self.requirements}

    def unmet(self, facts: Facts) -> dict[str, Unmet]:
        """Return for each rule that does not hold why: `evaluate` gives True for every other one, of the same facts."""
        met = [each.holds(facts) for each in self.requirements]
        found: dict[str, Unmet] = {}
        for name, always, alternatives, datasets in self._rules:
            missing = self._missing(always, met)
            ways = [self._missing(way, met) for way in alternatives]
            by_any, broken = any(not way for way in ways), facts.broken & datasets
            if broken or missing or not by_any:
                found[name] = Unmet(missing, () if by_any else tuple(ways), frozenset(broken))
        return found

    def _missing(self, numbers: Iterable[int], met: Sequence[bool]) -> tuple[Requirement, ...]:
        return tuple(self.requirements[number] for number in numbers if not met[number])


def _needed(requirements: Iterable[Requirement]) -> Needs:
    found: dict[str, frozenset[str]] = {}
    for requirement in requirements:
        for dataset, columns in requirement.needs.items():
            found[dataset] = found.get(dataset, frozenset()) | columns
    return found


def rules_of(incentive: Incentive, bureaus: Iterable[Bureau]) -> Mapping[Beneficiary, EligibilityRule]:
    """Return the rule of an answerable incentive for each kind of subject that it is for.

    `bureaus` declare which of their data sets are of adverse records.
    """
    known = tuple(bureaus)
    return {kind: _rule(incentive, kind, known) for kind in sorted(incentive.beneficiaries)}


def adverse_sets(bureaus: Iterable[Bureau], subject: SubjectKind | None = None) -> AdverseSets:
    """Return the data sets of adverse records about one kind of subject or about all."""
    found = adverse_datasets(bureaus, subject)
    return tuple((name, each.adverse.within) for name, each in found.items() if each.adverse)


def _rule(incentive: Incentive, kind: Beneficiary, bureaus: Iterable[Bureau]) -> EligibilityRule:
    adverse = adverse_sets(bureaus, SubjectKind(kind))
    return EligibilityRule(
        tuple(_always(incentive, kind)),
        tuple(tuple(_requirements(each, incentive.city, adverse)) for each in incentive.alternatives(kind)),
    )


def _always(incentive: Incentive, kind: Beneficiary) -> Iterator[Requirement]:
    """Yield what every answer about a kind of subject asks.

    An organ that acts by duty asks for no will of theirs, and nobody for a programme who asks for no score.
    """
    if kind == "person":
        yield from (of_age(), alive())
        if incentive.asks_for_score(kind):
            yield enrolled(incentive.city.programme)
        if incentive.needs_consent(kind):
            yield consented(incentive.scene)
        return
    yield active()
    if incentive.needs_consent(kind):
        yield owner_consented(incentive.scene)


def _requirements(alternative: Alternative, city: City, adverse: AdverseSets) -> Iterator[Requirement]:
    for name, value in sorted(alternative.items(), key=itemgetter(0)):
        kind = REQUIREMENT_KINDS[name]
        if isinstance(value, frozenset):
            yield holding(kind, value)
        else:
            yield _CHECKED[name](value, city, adverse)


_CHECKED: Final[Mapping[str, Callable[[int, City, AdverseSets], Requirement]]] = {
    "clean_years": lambda years, _, adverse: clean(years, adverse),
    "founded_within": lambda years, _city, _adverse: founded_within(years),
    "individual_business": lambda is_one, _city, _adverse: individual_business(bool(is_one)),
    "least_score": lambda least, city, _: scored(least, city.programme),
    "local": lambda _holds, city, _: local(city),
    "red_list": lambda _stands, _city, _adverse: red_listed(),
}
"""How a kind of requirement is checked that has no codes."""

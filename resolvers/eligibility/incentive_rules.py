"""The rule of an incentive for a kind of subject: what always holds, and the alternatives of its condition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from catalogue.incentives.incentive_catalogue import Alternative, Beneficiary, Incentive
from resolvers.eligibility.adverse_records import clean
from resolvers.eligibility.facts import Facts, Needs, Requirement
from resolvers.eligibility.requirements import (
    active,
    alive,
    consented,
    enrolled,
    holding,
    of_age,
    red_listed,
    scored,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Every requirement of `always`, and all of one of `alternatives`."""

    always: tuple[Requirement, ...]
    alternatives: tuple[tuple[Requirement, ...], ...]

    @property
    def needs(self) -> Needs:
        """The columns that are looked at of each data set."""
        found: dict[str, frozenset[str]] = {}
        for requirement in (*self.always, *(each for several in self.alternatives for each in several)):
            for dataset, columns in requirement.needs.items():
                found[dataset] = found.get(dataset, frozenset()) | columns
        return found

    def holds(self, facts: Facts) -> bool:
        """Whether the subject may enjoy the incentive; every requirement is looked at.

        It may not where anything that is looked at is broken: no records would pass for a clean record.
        """
        always = [each.holds(facts) for each in self.always]
        alternatives = [[each.holds(facts) for each in several] for several in self.alternatives]
        met = [all(several) for several in alternatives]
        return all(always) and any(met) and self._sound(facts)

    def _sound(self, facts: Facts) -> bool:
        return not facts.broken or facts.broken.isdisjoint(self.needs)


def rules_of(incentive: Incentive) -> Mapping[Beneficiary, Rule]:
    """Return the rule of an answerable incentive for each kind of subject that it is for."""
    return {kind: _rule(incentive, kind) for kind in sorted(incentive.beneficiaries)}


def _rule(incentive: Incentive, kind: Beneficiary) -> Rule:
    programme = incentive.city.programme
    always = (of_age(), alive(), enrolled(programme), consented(incentive.scene))
    return Rule(
        always if kind == "person" else (active(),),
        tuple(tuple(_requirements(each, programme)) for each in incentive.alternatives(kind)),
    )


def _requirements(alternative: Alternative, programme: str | None) -> Iterator[Requirement]:
    for name in sorted(alternative.stated):
        stated = getattr(alternative, name)
        yield scored(stated, programme) if name == "least_score" else _STATED[name](stated)


_STATED: Final[Mapping[str, Callable[[Any], Requirement]]] = {
    "clean_years": clean,
    "red_list": lambda _: red_listed(),
    "honour_levels": lambda levels: holding("credit_office.honour", "level", levels),
    "tax_grades": lambda grades: holding("tax.latest_taxpayer_grade", "grade", grades),
    "transport_grades": lambda grades: holding("transport.transport_grade", "grade", grades),
    "payment_grades": lambda grades: holding("social_security.payment_grade", "grade", grades),
}

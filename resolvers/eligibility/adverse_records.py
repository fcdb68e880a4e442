"""Whether adverse records count against a reward, by the rules of the data sets that hold them."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

from catalogue.declarations import AdverseRule, Period
from catalogue.incentives.incentive_catalogue import KEPT_YEARS
from resolvers.eligibility.facts import Facts, Requirement, years_before

AdverseRules: TypeAlias = tuple[tuple[str, AdverseRule], ...]
"""Data sets by their full names, and how the records of each count."""


@cache
def clean(years: int, rules: AdverseRules) -> Requirement:
    """Require that no adverse record counts today or fell into the last `years` full years.

    `rules` are those of every data set of adverse records about such a subject.
    """

    def holds(facts: Facts) -> bool:
        day = facts.asked.day
        period = Period(day, years_before(day, years), years_before(day, KEPT_YEARS))
        counted = False
        for dataset, rule in rules:
            for record in facts.records[dataset]:
                counted |= rule.counts(record, period)
        return not counted

    return Requirement(f"clean for {years} years", {name: rule.columns for name, rule in rules}, holds)

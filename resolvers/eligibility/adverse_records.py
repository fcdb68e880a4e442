"""Which adverse records count against a reward: those that were not put right, by the date of the decision.

A record that was put right no longer counts (驻政办〔2017〕102号; 信用修复管理办法), and none counts for longer than
it may be kept: five years, and beyond them only while a list holds it (河南省社会信用条例 art. 19). Of what has not
ended, the five years run from the day that is known: since when it is owed, or when enforcement was closed. The article
names no day, and the earliest is the one that protects the subject. Published is not adverse: only what stands counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import msgspec

from catalogue.incentives.incentive_catalogue import KEPT_YEARS
from resolvers.eligibility.facts import Facts, Record, Requirement, years_before


class Period(msgspec.Struct, frozen=True):
    """A day, and the first days after which it must be clean: for a rule, and for as long as records are kept."""

    day: date
    since: date
    kept_since: date


@dataclass(frozen=True, slots=True)
class Counting:
    """Whether a record of a data set counts: `counts(record, period)`."""

    columns: frozenset[str]
    counts: Callable[[Record, Period], bool]


def _owed(record: Record, period: Period) -> bool:
    open_, kept = _open(record["cleared_on"], period), record["since"] > period.kept_since
    return open_ and kept


def _open(until: date | None, period: Period) -> bool:
    return until is None or until > period.day


def _default_counts(record: Record, period: Period) -> bool:
    listed, recent = record["expires_on"] >= period.day, record["listed_on"] > period.since
    return record["performance"] != "FULL" and (listed or recent)


def _closed_counts(record: Record, period: Period) -> bool:
    unperformed, kept = record["unperformed_fen"] > 0, record["closed_on"] > period.kept_since
    return unperformed and kept


_OWED: Final = Counting(frozenset({"since", "cleared_on"}), _owed)
RECORDS: Final[Mapping[str, Counting]] = {
    "tax.tax_arrears": _OWED,
    "tax.serious_violation": Counting(
        frozenset({"delisted_on"}), lambda record, period: _open(record["delisted_on"], period)
    ),
    "social_security.insurance_arrears": _OWED,
    "courts.judgment_defaulter": Counting(
        frozenset({"performance", "listed_on", "expires_on"}), _default_counts
    ),
    "courts.closed_enforcement": Counting(frozenset({"unperformed_fen", "closed_on"}), _closed_counts),
    "transport.transport_violation": Counting(
        frozenset({"decided_on"}), lambda record, period: record["decided_on"] > period.since
    ),
}
"""Every data set of adverse records."""


@cache
def clean(years: int) -> Requirement:
    """Require that no adverse record counts today or fell into the last `years` full years."""

    def holds(facts: Facts) -> bool:
        day = facts.asked.day
        period = Period(day, years_before(day, years), years_before(day, KEPT_YEARS))
        counted = False
        for dataset, counting in RECORDS.items():
            for record in facts.records[dataset]:
                counted |= counting.counts(record, period)
        return not counted

    needs = {dataset: counting.columns for dataset, counting in RECORDS.items()}
    return Requirement(f"clean for {years} years", needs, holds)

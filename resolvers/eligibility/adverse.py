"""Which adverse records count against a reward: those that were not put right, by the date of the decision.

A record that was put right no longer counts (驻政办〔2017〕102号; 信用修复管理办法), and none counts for longer than
it may be kept (河南省社会信用条例 art. 19). Published is not adverse: only what stands counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from resolvers.eligibility.facts import Facts, Record, Requirement, years_before


@dataclass(frozen=True, slots=True)
class Counting:
    """Whether a record of a data set counts on a day: `counts(record, day, since)`.

    `since` is the first day of the time that must be clean.
    """

    columns: frozenset[str]
    counts: Callable[[Record, date, date], bool]


def _open_until(column: str) -> Counting:
    """Counts until the day that stands in the column; for good where none does."""
    return Counting(
        frozenset({column}), lambda record, day, _since: record[column] is None or record[column] > day
    )


def _default_counts(record: Record, day: date, since: date) -> bool:
    listed, recent = record["expires_on"] >= day, record["listed_on"] > since
    return record["performance"] != "FULL" and (listed or recent)


RECORDS: Final[Mapping[str, Counting]] = {
    "tax.tax_arrears": _open_until("cleared_on"),
    "tax.serious_violation": _open_until("delisted_on"),
    "social_security.insurance_arrears": _open_until("cleared_on"),
    "courts.judgment_defaulter": Counting(
        frozenset({"performance", "listed_on", "expires_on"}), _default_counts
    ),
    "courts.closed_enforcement": Counting(
        frozenset({"unperformed_fen"}), lambda record, _day, _since: record["unperformed_fen"] > 0
    ),
    "transport.transport_violation": Counting(
        frozenset({"decided_on"}), lambda record, _day, since: record["decided_on"] > since
    ),
}
"""Every data set of adverse records."""


def clean(years: int) -> Requirement:
    """Require that no adverse record counts today or fell into the last `years` full years."""

    def holds(facts: Facts) -> bool:
        since = years_before(facts.day, years)
        counted = [
            counting.counts(record, facts.day, since)
            for dataset, counting in RECORDS.items()
            for record in facts.records[dataset]
        ]
        return not any(counted)

    needs = {dataset: counting.columns for dataset, counting in RECORDS.items()}
    return Requirement(f"clean for {years} years", needs, holds)

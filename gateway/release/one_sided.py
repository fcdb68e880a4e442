"""One-sided answers from rows: the facts about one subject, and what each rule says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from adapters.source import Key
from catalogue.incentives.incentive_catalogue import Beneficiary
from resolvers.eligibility.facts import Circumstances, Facts
from resolvers.fetch.reading import Table
from resolvers.plan.masked_plan import STANDING, Executable
from resolvers.plan.plan import OneSided, StandingRoot

TRUE: Final = "TRUE"
_BROKEN: Final = object()
"""Stands in place of a subject's records where these break their contract."""


def standing_slots(executable: Executable) -> tuple[int, ...]:
    """Return the slots from which one-sided answers are derived, and nothing else."""
    return tuple(slot for (level, _), slot in executable.slots.items() if level == STANDING)


def silenced(slots: Sequence[int], read: Sequence[Table]) -> Sequence[Table]:
    """Return what was read, in `slots` with a mark in place of records that break their contract.

    An error beside a one-sided answer would tell that there are records of the subject, and where. Whoever
    runs the gateway is told of them with the round trip (`observability.events.RoundTrip`), which names no key.
    """
    if all(not read[slot].broken for slot in slots):
        return read
    tables = list(read)
    for slot in slots:
        table = read[slot]
        tables[slot] = Table({**table.rows, **dict.fromkeys(table.broken, _BROKEN)}, {}, table.failure)
    return tables


@dataclass(frozen=True, slots=True)
class Consulted:
    """One data set that answers about a kind of subject are derived from, and how its rows are laid out."""

    dataset: str
    slot: int
    columns: Mapping[str, int]
    many: bool


@dataclass(frozen=True, slots=True)
class StandingReader:
    """Makes the facts about a subject of one standing from the rows of an executable's slots."""

    consulted: Mapping[Beneficiary, tuple[Consulted, ...]]

    @classmethod
    def of(cls, executable: Executable, root: StandingRoot) -> StandingReader:
        """Return the reader of a standing."""
        queries = {fetch.slot: fetch.query for level in executable.reading.levels for fetch in level.fetches}
        found: dict[Beneficiary, tuple[Consulted, ...]] = {}
        for kind in root.positions:
            slots = {dataset: executable.slots[(STANDING, dataset)] for dataset in root.needs(kind)}
            found[kind] = tuple(
                Consulted(dataset, slot, executable.columns[slot], queries[slot].dataset.many)
                for dataset, slot in slots.items()
            )
        return cls(found)

    def facts(
        self, tables: Sequence[Mapping[Key, Any]], kind: Beneficiary, key: Key, asked: Circumstances
    ) -> Facts:
        """Return what the rows by slot hold of a subject; a data set without rows of it has no records."""
        found = {each.dataset: (each, tables[each.slot].get(key)) for each in self.consulted[kind]}
        return Facts(
            {dataset: _records(*rows) for dataset, rows in found.items()},
            asked,
            frozenset([dataset for dataset, (_, rows) in found.items() if rows is _BROKEN]),
        )


def _records(consulted: Consulted, rows: Any) -> Sequence[Mapping[str, Any]]:
    found = () if rows is None or rows is _BROKEN else rows if consulted.many else (rows,)
    return [{name: row[place] for name, place in consulted.columns.items()} for row in found]


def answer(field: OneSided, kind: Beneficiary, facts: Facts) -> Literal["TRUE"] | None:
    """Return TRUE where the rule for the kind of subject holds, and nothing in every other case."""
    rule = field.rules.get(kind)
    return TRUE if rule is not None and rule.holds(facts) else None

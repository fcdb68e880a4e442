"""One-sided answers from rows: the facts about one subject, and what each rule says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from adapters.contract import Key
from gateway.planning.executable import STANDING, Executable
from resolvers.eligibility.facts import Circumstances, Facts
from resolvers.plan import OneSided, StandingRoot
from schema.incentives import Beneficiary

TRUE: Final = "TRUE"


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
        return Facts(
            {each.dataset: _records(each, tables[each.slot].get(key)) for each in self.consulted[kind]}, asked
        )


def _records(consulted: Consulted, rows: Any) -> Sequence[Mapping[str, Any]]:
    found = () if rows is None else rows if consulted.many else (rows,)
    return [{name: row[place] for name, place in consulted.columns.items()} for row in found]


def answer(field: OneSided, kind: Beneficiary, facts: Facts) -> Literal["TRUE"] | None:
    """Return TRUE where the rule for the kind of subject holds, and nothing in every other case."""
    rule = field.rules.get(kind)
    return TRUE if rule is not None and rule.holds(facts) else None

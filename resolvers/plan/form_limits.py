"""What a plan reads to tell which organisations are individual businesses: their registered kind, beside their grades."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from adapters.grade_entry import GradeEntry
from resolvers.fetch.reading import FormLimit

if TYPE_CHECKING:
    from resolvers.plan.masked_plan import Fetches, Places, ReadCollector, Slot


@dataclass(frozen=True, slots=True)
class FormLimits:
    """For each slot of grades of organisations the slot of the registry, and its column of the kind."""

    registered: dict[Slot, tuple[Slot, str]] = field(default_factory=dict["Slot", tuple["Slot", str]])

    @classmethod
    def of(cls, reads: ReadCollector) -> FormLimits:
        """Read the kind of each organisation whose grades are read, and the columns by which these enter."""
        limits = cls()
        for slot in list(reads.columns):
            grading = reads.graph.sources[slot[1]].dataset.grading
            if grading is not None and grading.tells_owners_apart:
                for position in list(reads.positions[slot]):
                    limits._gather_kind(reads, slot, position)
                if slot in limits.registered:
                    reads.columns[slot].update(grading.read)
        return limits

    def _gather_kind(self, reads: ReadCollector, slot: Slot, position: int) -> None:
        entity = reads.graph.entities[reads.types[position]].dataset
        if kind := reads.graph.sources[entity].dataset.kind:
            registry = reads.slot(entity, slot[0], position)
            reads.columns[registry].add(kind)
            self.registered[slot] = registry, kind

    def form_limits(self, fetches: Fetches, places: Sequence[Places]) -> Iterator[FormLimit]:
        """Yield the limit of each slot of grades; `places` has those of the columns of each slot."""
        for slot, (registry, kind) in self.registered.items():
            fetch, number = fetches[slot], fetches[registry].slot
            entry = GradeEntry(fetch.query, fetch.query.columns)
            yield FormLimit(number, places[number][kind], fetch.slot, entry)

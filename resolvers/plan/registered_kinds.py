"""What a plan reads to tell which organisations are individual businesses: the registered kind, beside grades and offices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from adapters.form_entry import FormEntry
from adapters.grade_entry import GradeEntry
from catalogue.declarations import Dataset
from resolvers.fetch.reading import FormLimit

if TYPE_CHECKING:
    from resolvers.plan.masked_plan import Fetches, Places, ReadCollector, Slot


@dataclass(frozen=True, slots=True)
class FormLimits:
    """For each slot of grades or offices of organisations the slot of the registry, and its column of the kind."""

    registered: dict[Slot, tuple[Slot, str]] = field(default_factory=dict["Slot", tuple["Slot", str]])

    @classmethod
    def of(cls, reads: ReadCollector) -> FormLimits:
        """Read the kind of each organisation whose grades or offices are read, and the columns by which these enter."""
        limits = cls()
        for slot in list(reads.columns):
            decides = _deciding(reads.graph.sources[slot[1]].dataset)
            if decides is not None:
                for position in list(reads.positions[slot]):
                    limits._gather_kind(reads, slot, position)
                if slot in limits.registered:
                    reads.columns[slot].update(decides)
        return limits

    def _gather_kind(self, reads: ReadCollector, slot: Slot, position: int) -> None:
        entity = reads.graph.entities[reads.types[position]].dataset
        if kind := reads.graph.sources[entity].dataset.kind:
            registry = reads.slot(entity, slot[0], position)
            reads.columns[registry].add(kind)
            self.registered[slot] = registry, kind

    def form_limits(self, fetches: Fetches, places: Sequence[Places]) -> Iterator[FormLimit]:
        """Yield the limit of each slot of grades or offices; `places` has those of the columns of each slot."""
        for slot, (registry, kind) in self.registered.items():
            fetch, number = fetches[slot], fetches[registry].slot
            enters = GradeEntry if fetch.query.dataset.grading else FormEntry
            entry = enters(fetch.query, fetch.query.columns)
            yield FormLimit(number, places[number][kind], fetch.slot, entry)


def _deciding(dataset: Dataset) -> tuple[str, ...] | None:
    """Return the columns of a data set that decide by the form of another's row which records enter; None where none does."""
    if dataset.kind:
        return None
    if dataset.grading is not None:
        return dataset.grading.read if dataset.grading.tells_owners_apart else None
    if dataset.forms_by is not None:
        return dataset.forms_by.column, dataset.forms_by.code
    return () if dataset.forms else None

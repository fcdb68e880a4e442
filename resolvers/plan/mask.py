"""A grant masks a plan: denied fields are taken out, and the fields that are left say what to read.

A denied column is in no query, and a dataset that is asked for nothing but denied fields is not read at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from adapters.source import Query
from catalogue.declarations import Counting
from resolvers.fetch.reading import Fetch, Gather, Level, Reading, View
from resolvers.graph.graph import Graph
from resolvers.plan.arguments import Evaluation
from resolvers.plan.field_use import FieldPlace, PlannedPath
from resolvers.plan.list_choice import Choice
from resolvers.plan.masked_plan import (
    CURSOR_PLACE,
    STANDING,
    CountedSubjects,
    ListedView,
    MaskedPlan,
    Places,
    PutKeys,
    Slot,
    StatisticRead,
)
from resolvers.plan.nodes.denied_field import DeniedField
from resolvers.plan.plan import Plan
from resolvers.plan.plan_node import PlanNode
from schema.record_types import SUPPRESSED

Slots: TypeAlias = Mapping[Slot, int]
Labels: TypeAlias = tuple[str, ...]
Weigh: TypeAlias = Callable[[Sequence[Any]], int]


def mask(graph: Graph, plan: Plan, denied: Collection[FieldPlace], purpose: str) -> MaskedPlan:
    """Take the fields at the places `denied` out of a plan and say what is left to read."""
    taken = Mask(frozenset(denied))
    roots = tuple(each.masked(taken, "asked") for each in plan.roots)
    reads = ReadCollector(graph)
    for root in roots:
        root.read(reads, NO_ROW)
    return reads.masked_plan(plan, roots, purpose, denies=taken.denies)


@dataclass(slots=True)
class Mask:
    """The places that a grant denies; `denies` tells whether a field of the plan stands at one of them."""

    denied: frozenset[FieldPlace]
    denies: bool = False

    def deny(self, node: PlanNode, path: PlannedPath, coordinate: str | None = None) -> PlanNode:
        """Return what stands in place of a field for which the grant denies `coordinate`, its own by default."""
        self.denies = True
        return DeniedField(node.key, coordinate or node.coordinate, node.location, path)


@dataclass(frozen=True, slots=True)
class RowReads:
    """The row that a field stands in: its slot, and the position of the entity whose row it is.

    Of a row of a list, `many`, `first` and `choice` are those of the list.
    """

    slot: Slot
    position: int
    many: bool = False
    first: int | None = None
    choice: Choice | None = None


NO_ROW: Final = RowReads((STANDING, ""), -1)
"""Where a root stands: in no row."""


@dataclass(frozen=True, slots=True)
class _List:
    row: RowReads
    choice: Choice
    coordinate: str
    type_name: str
    shows_cursor: bool


@dataclass(slots=True)
class ReadCollector:
    """Gathers what a masked plan reads, from its nodes."""

    graph: Graph
    columns: dict[Slot, set[str]] = field(default_factory=dict[Slot, set[str]])
    positions: dict[Slot, list[int]] = field(default_factory=dict[Slot, list[int]])
    lists: list[_List] = field(default_factory=list[_List])
    references: list[tuple[RowReads, str, int, int]] = field(
        default_factory=list[tuple[RowReads, str, int, int]]
    )
    """Row and column that hold an identity, and level and position of its entity."""
    statistics: list[tuple[Slot, Counting, Labels, Labels]] = field(
        default_factory=list[tuple[Slot, Counting, Labels, Labels]]
    )
    schema_fields: list[PlanNode] = field(default_factory=list[PlanNode])
    key_arguments: list[tuple[int, PutKeys]] = field(default_factory=list[tuple[int, PutKeys]])
    subjects: list[tuple[int, bool, Weigh]] = field(default_factory=list[tuple[int, bool, Weigh]])
    types: dict[int, str] = field(default_factory=dict[int, str])
    """The type of the subjects that stand at a position."""
    bounds: set[int] = field(default_factory=set[int])
    """The numbers of the arguments that bound lists."""

    def slot(self, source: str, level: int, position: int) -> Slot:
        """Read a dataset at a level by the keys of a position, and return its slot."""
        slot = (level, source)
        self.columns.setdefault(slot, set())
        feeding = self.positions.setdefault(slot, [])
        if position not in feeding:
            feeding.append(position)
        return slot

    def bound(self, first: int | None) -> None:
        """Note the argument that bounds a list."""
        if first is not None:
            self.bounds.add(first)

    def choose(self, row: RowReads, coordinate: str, type_name: str, *, shows_cursor: bool) -> None:
        """Let the arguments of a list choose among its rows, by fields of the records' type."""
        choice = row.choice
        if choice is not None:
            names = (*choice.filters, *choice.sorts)
            self.columns[row.slot].update(self.graph.column(type_name, name) for name in names)
            self.lists.append(_List(row, choice, coordinate, type_name, shows_cursor))

    def masked_plan(
        self, plan: Plan, roots: tuple[PlanNode, ...], purpose: str, *, denies: bool
    ) -> MaskedPlan:
        """Return what was gathered, as a masked plan."""
        ordered = self._ordered()
        slots = {slot: number for number, slot in enumerate(ordered)}
        queries = [self._query(slot, purpose) for slot in ordered]
        places = tuple(map(_places, queries))
        listed = self._listed(slots, places)
        evaluation = Evaluation(plan.arguments)
        constants = evaluation.constants
        return MaskedPlan(
            roots=roots,
            arguments=plan.arguments,
            evaluation=evaluation,
            reading=Reading(
                tuple(self._levels(slots, queries, places, listed)),
                len(ordered),
                plan.positions,
                tuple(each.view for each in listed.values()),
                tuple(map(self.types.get, range(plan.positions))),
                tuple(sorted(self.types.keys() - {position for *_, position in self.references})),
            ),
            slots=slots,
            columns=(*places, *(_with_cursor(places[each.view.of]) for each in listed.values())),
            listed=listed,
            statistics=tuple(self._statistics(slots, places)),
            standing_slots=tuple(number for slot, number in slots.items() if slot[0] == STANDING),
            schema_fields=tuple(self.schema_fields),
            denies=denies,
            key_arguments=tuple(self.key_arguments),
            counted=tuple(self._counted(plan, constants)),
            fixed_weight=sum(root.weight(constants) for root in roots),
        )

    def _ordered(self) -> list[Slot]:
        """Return the slots by level; within one, those first whose rows hold keys of the next."""
        feeding = {row.slot for row, *_ in self.references}
        return sorted(self.columns, key=lambda slot: (slot[0], slot not in feeding, slot[1]))

    def _query(self, slot: Slot, purpose: str) -> Query:
        source = self.graph.sources[slot[1]]
        names = [each.name for each in source.dataset.columns if each.name in self.columns[slot]]
        asked = tuple(name for name in names if name != source.dataset.key)
        return Query(source.bureau, source.dataset, asked, purpose)

    def _levels(
        self,
        slots: Slots,
        queries: Sequence[Query],
        places: Sequence[Places],
        listed: Mapping[int, ListedView],
    ) -> Iterator[Level]:
        for level in sorted({slot[0] for slot in slots}):
            gathers: list[Gather] = []
            for row, column, reached, position in self.references:
                if reached == level:
                    of = slots[row.slot]
                    held = listed[row.choice.number].view.slot if row.choice else of
                    first = row.first if row.many else None
                    gathers.append(Gather(position, row.position, held, places[of][column], row.many, first))
            fetches = [
                Fetch(number, queries[number], tuple(self.positions[slot]))
                for slot, number in slots.items()
                if slot[0] == level
            ]
            yield Level(tuple(gathers), tuple(fetches))

    def _listed(self, slots: Slots, places: Sequence[Places]) -> dict[int, ListedView]:
        found: dict[int, ListedView] = {}
        for number, each in enumerate(self.lists, start=len(slots)):
            slot, choice = slots[each.row.slot], each.choice
            names = dict.fromkeys((*choice.filters, *choice.sorts))
            placed = {name: places[slot][self.graph.column(each.type_name, name)] for name in names}
            offered = self.graph.composed.choices[each.type_name].orders
            orders = {value: placed[name] for value, name in offered.items() if name in choice.sorts}
            found[choice.number] = ListedView(
                View(number, slot, each.row.position),
                each.coordinate,
                choice,
                each.row.first,
                placed,
                orders,
                each.shows_cursor,
                named=each.row.slot[0] == 0,
            )
        return found

    def _statistics(self, slots: Slots, places: Sequence[Places]) -> Iterator[StatisticRead]:
        for slot, counting, rows, columns in self.statistics:
            yield StatisticRead(slots[slot], slot[1], counting, rows, columns, places[slots[slot]])

    def _counted(self, plan: Plan, constants: Sequence[Any]) -> Iterator[CountedSubjects]:
        varies = any(plan.arguments[number].varies for number in self.bounds)
        for argument, many, weigh in self.subjects:
            yield CountedSubjects(argument, many, weigh, None if varies else weigh(constants))


def _places(query: Query) -> Places:
    places = {name: number for number, name in enumerate(query.columns, start=1)}
    places[query.dataset.key] = 0
    if query.dataset.counting is not None:
        places[SUPPRESSED] = len(query.columns) + 1
    return places


def _with_cursor(places: Places) -> Places:
    return {**places, CURSOR_PLACE: len(places)}

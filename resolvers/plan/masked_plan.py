"""A plan under a grant: denied fields are taken out, and what is left says what to read.

The grant is a mask over the one plan of a document. A denied column is in no query, and a dataset that is
asked for nothing but denied fields is not read at all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from adapters.source import Query
from resolvers.fetch.reading import Fetch, Gather, Level, Reading, View
from resolvers.graph.checks.statistics import SUPPRESSED
from resolvers.graph.graph import Graph
from resolvers.plan.access_path import Way
from resolvers.plan.field_use import Place
from resolvers.plan.plan import (
    Argument,
    Choice,
    Cursor,
    Denied,
    EntityNode,
    Field,
    Gathered,
    Leaf,
    Meta,
    Plan,
    Records,
    Refer,
    Root,
    StandingRoot,
    Tabulated,
    TypeName,
    children,
)
from resolvers.plan.uses import reached_by

Slot = tuple[int, str]
"""A level and the full name of a dataset."""
STANDING: Final = -1
"""The level of what one-sided answers are derived from: no other subject is asked about with its columns."""


CURSOR_PLACE: Final = "·cursor"
"""Stands among the columns of a view for the place of the cursor in its rows."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that its arguments choose. `filters` has the place in a row of each field that may filter it,
    `orders` that of each enum value that may order it.
    """

    view: View
    records: Records
    choice: Choice
    filters: Mapping[str, int]
    orders: Mapping[str, int]
    shows_cursor: bool
    named: bool
    """Whether the request names the subject of the list; else it was reached through another one."""


@dataclass(frozen=True, slots=True)
class Executable:
    """What is read and how rows become an answer, for one plan, one grant and one purpose."""

    roots: tuple[Field, ...]
    arguments: tuple[Argument, ...]
    reading: Reading
    slots: Mapping[Slot, int]
    columns: tuple[Mapping[str, int], ...]
    """For each slot, the place of each column in a row; those of the views follow.
    Of a table it is the place in a released cell.
    """
    listed: Mapping[int, Listed] = field(default_factory=dict[int, Listed])
    """The list of each of the reading's views, in their order, by the number of its choice."""

    def slot_of(self, records: Records, owner: EntityNode) -> int:
        """Return the slot that holds the rows of records."""
        if records.choice is None:
            return self.slots[(owner.level, records.source)]
        return self.listed[records.choice.number].view.slot

    @property
    def denies(self) -> bool:
        """Whether any field is taken out."""
        return any(map(_denies, self.roots))


def mask(graph: Graph, plan: Plan, denied: Collection[Place], purpose: str) -> Executable:
    """Take the fields at the places `denied` out of a plan and say what is left to read."""
    taken = frozenset(denied)
    roots = tuple(_masked(each, taken, "asked") for each in plan.roots)
    reads = _Reads(graph)
    for root in roots:
        if isinstance(root, Root):
            for entity in root.entities:
                reads.entity(entity)
        elif isinstance(root, StandingRoot):
            reads.standing(root)
        elif isinstance(root, Tabulated):
            reads.table(root)
    return reads.executable(roots, plan, purpose)


def _masked(field_: Field, denied: frozenset[Place], reached: Way) -> Field:
    if isinstance(field_, TypeName | Denied):
        return field_
    if (field_.coordinate, reached) in denied:
        return Denied(field_.key, field_.coordinate, field_.location, reached)
    if isinstance(field_, Meta):
        return _masked_meta(field_, denied)
    if isinstance(field_, Records | Tabulated):
        return _masked_records(field_, denied, reached)
    if isinstance(field_, Gathered):
        members = tuple(_masked_records(each, denied, reached) for each in field_.members)
        return replace(field_, members=members)
    if isinstance(field_, Refer):
        return replace(field_, entity=_masked_entity(field_.entity, denied, reached_by(field_)))
    if isinstance(field_, Root | StandingRoot):
        return _masked_root(field_, denied, reached)
    return field_


def _masked_root(root: Root | StandingRoot, denied: frozenset[Place], reached: Way) -> Field:
    if isinstance(root, StandingRoot):
        return replace(root, fields=tuple(_masked(each, denied, reached) for each in root.fields))
    return replace(root, entities=tuple(_masked_entity(each, denied, reached) for each in root.entities))


def _masked_meta(meta: Meta, denied: frozenset[Place]) -> Field:
    """Take out what is answered from the schema as a whole where any field of it is denied."""
    below = sorted(each for each in meta.coordinates if (each, "asked") in denied)
    return Denied(meta.key, below[0], meta.location) if below else meta


_Rows = TypeVar("_Rows", bound=Records | Tabulated)


def _masked_records(records: _Rows, denied: frozenset[Place], reached: Way) -> _Rows:
    fields = tuple(_masked(each, denied, reached) for each in records.node.fields)
    return replace(records, node=replace(records.node, fields=fields))


def _masked_entity(entity: EntityNode, denied: frozenset[Place], reached: Way) -> EntityNode:
    return replace(entity, fields=tuple(_masked(each, denied, reached) for each in entity.fields))


def _denies(field_: Field) -> bool:
    return isinstance(field_, Denied) or any(map(_denies, children(field_)))


@dataclass(slots=True)
class _Reads:
    """Gathers what a masked plan reads."""

    graph: Graph
    columns: dict[Slot, set[str]] = field(default_factory=dict[Slot, set[str]])
    positions: dict[Slot, list[int]] = field(default_factory=dict[Slot, list[int]])
    lists: list[tuple[Slot, int, Records, Choice]] = field(
        default_factory=list[tuple[Slot, int, Records, Choice]]
    )
    references: list[tuple[int, EntityNode, Records, Refer]] = field(
        default_factory=list[tuple[int, EntityNode, Records, Refer]]
    )

    def entity(self, node: EntityNode) -> None:
        slot = self._slot(node.level, node.source, node.position)
        for each in node.fields:
            if isinstance(each, Leaf):
                self.columns[slot].add(each.column)
            elif isinstance(each, Records):
                self._records(node, each)
            elif isinstance(each, Gathered):
                for member in each.members:
                    self._records(node, member)

    def standing(self, root: StandingRoot) -> None:
        """Read everything that any of the answers is derived from, whatever is found in it."""
        for kind, position in root.positions.items():
            for dataset, columns in root.needs(kind).items():
                self.columns[self._slot(STANDING, dataset, position)].update(columns)

    def table(self, table: Tabulated) -> None:
        """Read every column whatever is selected: what is withheld follows from the whole table."""
        columns = self.graph.sources[table.source].dataset.by_name
        self.columns[self._slot(0, table.source, table.position)].update(columns)

    def _records(self, owner: EntityNode, records: Records) -> None:
        slot = self._slot(owner.level, records.source, owner.position)
        if records.choice is not None:
            names = (*records.choice.filters, *records.choice.sorts)
            self.columns[slot].update(self.graph.column(records.node.type_name, name) for name in names)
            self.lists.append((slot, owner.position, records, records.choice))
        for each in records.node.fields:
            if isinstance(each, Leaf | Refer):
                self.columns[slot].add(each.column)
            if isinstance(each, Refer):
                self.references.append((each.entity.level, owner, records, each))
                self.entity(each.entity)

    def _slot(self, level: int, source: str, position: int) -> Slot:
        slot = (level, source)
        self.columns.setdefault(slot, set())
        feeding = self.positions.setdefault(slot, [])
        if position not in feeding:
            feeding.append(position)
        return slot

    def executable(self, roots: tuple[Field, ...], plan: Plan, purpose: str) -> Executable:
        ordered = self._ordered()
        slots = {slot: number for number, slot in enumerate(ordered)}
        queries = [self._query(slot, purpose) for slot in ordered]
        places = tuple(_places(query) for query in queries)
        listed = self._listed(slots, places)
        levels = tuple(
            Level(
                tuple(
                    self._gather(*each, slots, places, listed) for each in self.references if each[0] == level
                ),
                tuple(
                    Fetch(slots[slot], queries[slots[slot]], tuple(self.positions[slot]))
                    for slot in ordered
                    if slot[0] == level
                ),
            )
            for level in sorted({slot[0] for slot in ordered})
        )
        views = tuple(each.view for each in listed.values())
        places += tuple(_with_cursor(places[view.of]) for view in views)
        reading = Reading(levels, len(ordered), plan.positions, views)
        return Executable(roots, plan.arguments, reading, slots, places, listed)

    def _listed(self, slots: Mapping[Slot, int], places: Sequence[Mapping[str, int]]) -> dict[int, Listed]:
        found: dict[int, Listed] = {}
        for number, (slot, position, records, choice) in enumerate(self.lists, start=len(slots)):
            view, type_name = View(number, slots[slot], position), records.node.type_name
            names = dict.fromkeys((*choice.filters, *choice.sorts))
            placed = {name: places[view.of][self.graph.column(type_name, name)] for name in names}
            offered = self.graph.composed.choices[type_name].orders
            orders = {value: placed[name] for value, name in offered.items() if name in choice.sorts}
            shows = any(isinstance(each, Cursor) for each in records.node.fields)
            found[choice.number] = Listed(view, records, choice, placed, orders, shows, slot[0] == 0)
        return found

    def _ordered(self) -> list[Slot]:
        """Return the slots by level; within one, those first whose rows hold keys of the next."""
        feeding = {(owner.level, records.source) for _, owner, records, _ in self.references}
        return sorted(self.columns, key=lambda slot: (slot[0], slot not in feeding, slot[1]))

    def _query(self, slot: Slot, purpose: str) -> Query:
        source = self.graph.sources[slot[1]]
        names = [each.name for each in source.dataset.columns if each.name in self.columns[slot]]
        asked = tuple(name for name in names if name != source.dataset.key)
        return Query(source.bureau, source.dataset, asked, purpose)

    def _gather(
        self,
        _level: int,
        owner: EntityNode,
        records: Records,
        refer: Refer,
        slots: Mapping[Slot, int],
        places: Sequence[Mapping[str, int]],
        listed: Mapping[int, Listed],
    ) -> Gather:
        slot = slots[(owner.level, records.source)]
        index = places[slot][refer.column]
        first = records.first if records.many else None
        if records.choice is not None:
            slot = listed[records.choice.number].view.slot
        return Gather(refer.entity.position, owner.position, slot, index, records.many, first)


def _places(query: Query) -> dict[str, int]:
    places = {name: number for number, name in enumerate(query.columns, start=1)}
    places[query.dataset.key] = 0
    if query.dataset.counting is not None:
        places[SUPPRESSED] = len(query.columns) + 1
    return places


def _with_cursor(places: Mapping[str, int]) -> dict[str, int]:
    return {**places, CURSOR_PLACE: len(places)}

"""The records of a dataset under an entity's identity: one, or the first of many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalogue.classification import Use
from catalogue.record_forms import STATE
from resolvers.fetch.reading import Table
from resolvers.graph.bindings import Edge
from resolvers.graph.graph import Graph
from resolvers.plan.compile import SelectedField
from resolvers.plan.field_use import AccessPath, FieldPlace, FieldUse, PlannedPath
from resolvers.plan.list_choice import Choice, choice_of
from resolvers.plan.mask import Mask
from resolvers.plan.masked_plan import MaskedPlan, ReadCollector, RowReads, is_named
from resolvers.plan.nodes.cursor_field import CursorField
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow


@dataclass(frozen=True, slots=True)
class RecordsField(PlanNode):
    """Records of the type `type_name` with the fields that are asked of each; these all stand in its row."""

    binding = Edge

    source: str
    many: bool
    first: int | None
    """The number of the argument that bounds the list."""
    type_name: str
    choice: Choice | None = None
    history: bool = False
    """Whether records that do not stand are shown."""

    @classmethod
    def compile(cls, field: SelectedField, binding: Edge) -> RecordsField:
        first = field.bound()
        records = records_of(field, binding.dataset, field.type_name)
        choice = choice_of(field, records.type_name, shows_cursor=records.shows_cursor)
        return replace(records, first=first, choice=choice)

    def other_uses(self, graph: Graph, path: AccessPath) -> Iterator[FieldUse]:
        """Filter and sort by the fields that the arguments of the list use; show history where records have a life.

        A cursor changes with the value by which its list is ordered, so an order that is continued reads the field too.
        """
        if graph.sources[self.source].dataset.life:
            yield FieldUse(self._state, Use.HISTORY.value, path, self.coordinate)
        choice = self.choice
        if choice is not None:
            read = choice.sorts if choice.continued else ()
            for use, names in ((Use.FILTER, choice.filters), (Use.SORT, choice.sorts), (Use.READ, read)):
                for name in names:
                    yield FieldUse(f"{self.type_name}.{name}", use.value, path, self.coordinate)

    def unasked_states(self, graph: Graph, path: PlannedPath) -> Iterator[tuple[str, FieldPlace]]:
        """Yield the list itself where its records have a state and none of their fields is it; then those below."""
        told = any(each.coordinate == self._state for each in self.fields)
        if graph.sources[self.source].dataset.life and not told:
            yield self.coordinate, (self._state, path)
        yield from PlanNode.unasked_states(self, graph, path)

    @property
    def answered_from(self) -> tuple[str, ...]:
        return (self.source,)

    @property
    def _state(self) -> str:
        """The coordinate of the state of the records."""
        return f"{self.type_name}.{STATE}"

    def masked(self, mask: Mask, path: PlannedPath) -> PlanNode:
        left = PlanNode.masked(self, mask, path)
        shown = (self._state, path) in mask.history
        return replace(left, history=True) if shown and isinstance(left, RecordsField) else left

    def read(self, reads: ReadCollector, row: RowReads) -> None:
        """Read the records by the identity of the entity whose row is at hand.

        Where another field of the same level shows only what stands of them, this one does too.
        """
        slot = reads.slot(self.source, row.slot[0], row.position)
        reads.history[slot] = self.history and reads.history.get(slot, True)
        record = RowReads(slot, row.position, self)
        if self.choice is not None:
            used = [reads.graph.column(self.type_name, name) for name in self.choice.fields]
            reads.columns[slot].update(used)
            if self.choice.continued:
                dataset = reads.graph.sources[self.source].dataset
                reads.columns[slot].update(dataset.cursor_columns(named=is_named(slot)))
            reads.lists.append((record, self, self.choice))
        for each in self.fields:
            each.read(reads, record)

    @property
    def shows_cursor(self) -> bool:
        """Whether the cursor of a record is asked for."""
        return any(isinstance(each, CursorField) for each in self.fields)

    def weight(self, arguments: Sequence[Any]) -> int:
        return 1 + bound_of(self.first, arguments) * self.record_weight(arguments)

    def record_weight(self, arguments: Sequence[Any]) -> int:
        """Return the most values of one record, itself included."""
        return 1 + sum(each.weight(arguments) for each in self.fields)

    def describe(self, printer: PlanPrinter) -> str:
        many = "many" if self.many else "one"
        return f"{many} {self.source}{self._choice_text(printer)}{printer.first(self.first)}"

    def _choice_text(self, printer: PlanPrinter) -> str:
        choice = self.choice
        if choice is None:
            return ""
        given = [f" {name} {printer.argument_text(number)}" for name, number in choice.arguments.items()]
        return f"{''.join(given)} from slot {printer.plan.listed[choice.number].view.slot}"

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        name, slot = writer.name(), self.slot(writer.plan, row.level)
        body = writer.object(self.fields, RowSource(name, slot, row.level))
        if self.many:
            return f"[{body} for {name} in g{slot}(k, ()){slice_of(self.first)}]"
        return f"(None if ({name} := g{slot}(k)) is None else {body})"

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Return the records; an argument without a value or rows that cannot be read fail the field."""
        table = self.table(walk, row)
        chosen = self.choice.arguments.values() if self.choice else ()
        failure = walk.invalid(*chosen, self.first) or table.failure_of(row.key)
        if failure:
            return walk.missing(self, path, failure)
        found = table.rows.get(row.key)
        if not self.many:
            return None if found is None else self.record(walk, row, found, path)
        most = None if self.first is None else walk.arguments.values[self.first]
        return [
            self.record(walk, row, each, (*path, number)) for number, each in enumerate((found or ())[:most])
        ]

    def table(self, walk: AnswerWalk, row: WalkedRow) -> Table:
        """Return the table in which the records of the entity at hand stand."""
        return walk.tables[self.slot(walk.plan, row.level)]

    def record(self, walk: AnswerWalk, row: WalkedRow, values: Any, path: Path) -> dict[str, Any]:
        """Return one record of the entity at hand."""
        slot = self.slot(walk.plan, row.level)
        return walk.object(self.fields, WalkedRow(row.key, values, slot, row.level), path)

    def slot(self, plan: MaskedPlan, level: int) -> int:
        """Return the slot that holds the records at a level: a view's where arguments choose among them."""
        if self.choice is not None:
            return plan.listed[self.choice.number].view.slot
        return plan.fetches[level, self.source].slot


def records_of(field: SelectedField, source: str, type_name: str) -> RecordsField:
    """Return the records of a dataset as they stand, with what a field selects of their type."""
    many, below = field.graph.sources[source].dataset.many, field.below(type_name, field.level)
    return RecordsField(*field.identity, source, many, None, type_name, fields=below)


def bound_of(first: int | None, arguments: Sequence[Any]) -> int:
    """Return how many records a list can hold at the most; a field without a list holds one."""
    return 1 if first is None else arguments[first] or 0


def slice_of(first: int | None) -> str:
    """Return the expression that bounds a list."""
    return "" if first is None else f"[:A[{first}]]"

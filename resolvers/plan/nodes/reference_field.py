"""The entity whose identity stands in a column of the row at hand: another subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue.classification import Use
from resolvers.graph.bindings import Reference
from resolvers.graph.fields import identifier_of
from resolvers.graph.graph import Graph
from resolvers.plan.compile import SelectedField
from resolvers.plan.field_use import AccessPath, FieldUse, PlannedPath, path_through, path_to_ward
from resolvers.plan.masked_plan import ReadCollector, RowReads
from resolvers.plan.nodes.entity import EntityNode
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow


@dataclass(frozen=True, slots=True)
class ReferenceField(PlanNode):
    """An entity that is reached through the subject at hand; it is read one level later."""

    binding = Reference

    column: str
    term: tuple[str, str] | None
    """The columns of the first and the last day of the guardianship, where it leads to a ward."""
    fields: tuple[EntityNode, ...] = field(default=(), kw_only=True)
    """The one entity."""

    @classmethod
    def compile(cls, field: SelectedField, binding: Reference) -> ReferenceField:
        entity = EntityNode.of(field, field.type_name, field.level + 1)
        return cls(*field.identity, binding.column, binding.term, fields=(entity,))

    @property
    def entity(self) -> EntityNode:
        """The entity that the column leads to."""
        return self.fields[0]

    def path_below(self, path: AccessPath) -> PlannedPath:
        """Return the path to the entity: a ward, a person or an enterprise."""
        return path_to_ward(path) if self.term else path_through(self.entity.type_name)

    def other_uses(self, graph: Graph, path: AccessPath) -> Iterator[FieldUse]:
        """Join by the entity's identifier."""
        yield FieldUse(identifier_of(graph, self.entity.type_name), Use.JOIN_KEY.value, path, self.coordinate)

    def read(self, reads: ReadCollector, row: RowReads) -> None:
        """Read the column, and the entity by what stands in it."""
        reads.columns[row.slot].add(self.column)
        if self.term and self.entity.ages == "wards":
            reads.columns[row.slot].update(self.term)
            reads.limits.terms[row.slot] = (self.column, *self.term)
        reads.references.append((row, self.column, self.entity))
        self.entity.read(reads, row)

    def weight(self, arguments: Sequence[Any]) -> int:
        return self.entity.weight(arguments)

    def describe(self, printer: PlanPrinter) -> str:
        return f"{self.entity.describe(printer)} by {self.column}"

    def printed_below(self) -> tuple[PlanNode, ...]:
        return self.entity.fields

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        return f"{self.entity.project(writer, row)}({writer.column(row, self.column)})"

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Return the entity."""
        key = row.values[walk.plan.columns[row.slot][self.column]]
        return None if key is None else self.entity.walk(walk, WalkedRow(key), path)

"""A value that stands in a column of the row at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import is_leaf_type

from resolvers.plan.compile import SelectedField
from resolvers.plan.masked_plan import ReadCollector, RowReads
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow
from schema.graphql_types import named_type_of
from schema.list_arguments import is_cursor


@dataclass(frozen=True, slots=True)
class ColumnField(PlanNode):
    """A leaf of the schema that a column answers."""

    column: str

    @classmethod
    def fits(cls, field: SelectedField) -> bool:
        if field.is_root or field.name == "__typename":
            return False
        type_ = named_type_of(field.definition)
        return is_leaf_type(type_) and not is_cursor(type_)

    @classmethod
    def compile(cls, field: SelectedField, binding: Any) -> ColumnField:
        return cls(*field.identity, field.graph.column(field.parent.name, field.name))

    def read(self, reads: ReadCollector, row: RowReads) -> None:
        """Read the column."""
        reads.columns[row.slot].add(self.column)

    def describe(self, printer: PlanPrinter) -> str:
        return self.column

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        return writer.column(row, self.column)

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Take the column out of the row."""
        return row.values[walk.plan.columns[row.slot][self.column]]

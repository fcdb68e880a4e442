"""The place of a record in its list, where the list can be continued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from resolvers.plan.compile import SelectedField
from resolvers.plan.masked_plan import CURSOR_PLACE
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow
from schema.graphql_types import named_type_of
from schema.list_arguments import is_cursor


@dataclass(frozen=True, slots=True)
class CursorField(PlanNode):
    """The cursor behind a record: the view of its list appends it to the row. Elsewhere it is null."""

    @classmethod
    def fits(cls, field: SelectedField) -> bool:
        return not field.is_root and field.name != "__typename" and is_cursor(named_type_of(field.definition))

    @classmethod
    def compile(cls, field: SelectedField, binding: Any) -> CursorField:
        return cls(*field.identity)

    def describe(self, printer: PlanPrinter) -> str:
        return "cursor"

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        return writer.column(row, CURSOR_PLACE) if CURSOR_PLACE in writer.plan.columns[row.slot] else "None"

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Take the cursor out of the row of a view."""
        place = walk.plan.columns[row.slot].get(CURSOR_PLACE)
        return None if place is None else row.values[place]

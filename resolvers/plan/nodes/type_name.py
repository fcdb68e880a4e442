"""`__typename`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from resolvers.plan.compile import SelectedField
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow


@dataclass(frozen=True, slots=True)
class TypeName(PlanNode):
    """The name of the type of the object at hand. It is no field of the schema, so nothing of it is decided."""

    decided = False

    type_name: str

    @classmethod
    def fits(cls, field: SelectedField) -> bool:
        return field.name == "__typename"

    @classmethod
    def compile(cls, field: SelectedField, binding: Any) -> TypeName:
        return cls(*field.identity, field.parent.name)

    def describe(self, printer: PlanPrinter) -> str:
        return f'"{self.type_name}"'

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        return repr(self.type_name)

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> str:
        return self.type_name

"""A field that the grant takes away: null with an error, and nothing is read for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from resolvers.plan.field_use import PlannedPath
from resolvers.plan.plan_node import UndecidedNode

if TYPE_CHECKING:
    from resolvers.plan.compile import SelectedField
    from resolvers.plan.print_plan import PlanPrinter
    from resolvers.plan.project_compiled import ProjectionWriter, RowSource
    from resolvers.plan.project_with_errors import AnswerWalk, Path, WalkedRow


@dataclass(frozen=True, slots=True)
class DeniedField(UndecidedNode):
    """Stands in place of a field of any kind in a masked plan. `reached` is the path to the field's subject."""

    reached: PlannedPath = "asked"

    @classmethod
    def compile(cls, field: SelectedField, binding: Any) -> NoReturn:
        raise NotImplementedError(f"{field.identity[1]} is not denied before it is compiled: {binding}")

    def describe(self, printer: PlanPrinter) -> str:
        return f"denied {self.coordinate}"

    def project(self, writer: ProjectionWriter, row: RowSource) -> NoReturn:
        raise NotImplementedError(f"{self.coordinate} is denied")

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> None:
        walk.missing(self, path, None, self.reached)

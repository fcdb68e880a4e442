"""A field that the grant takes away: null with an error, and nothing is read for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from resolvers.plan.field_use import PlannedPath
from resolvers.plan.plan_node import PlanNode

if TYPE_CHECKING:
    from resolvers.plan.print_plan import PlanPrinter
    from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow


@dataclass(frozen=True, slots=True)
class DeniedField(PlanNode):
    """Stands in place of a field of any kind in a masked plan. `reached` is the path to the field's subject."""

    decided = False

    reached: PlannedPath = "asked"

    def describe(self, printer: PlanPrinter) -> str:
        return f"denied {self.coordinate}"

    def project(self, writer: ProjectionWriter, row: RowSource) -> NoReturn:
        raise NotImplementedError(f"{self.coordinate} is denied")

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> None:
        walk.missing(self, path, None, self.reached)

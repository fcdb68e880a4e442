"""A field that the grant takes away: null with an error, and nothing is read for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from resolvers.graph.graph import Graph
from resolvers.plan.access_path import AccessPath, FieldPlace, PlannedPath
from resolvers.plan.field_use import FieldUse
from resolvers.plan.plan_node import PlanNode

if TYPE_CHECKING:
    from resolvers.plan.compile import SelectedField
    from resolvers.plan.mask import Mask
    from resolvers.plan.print_plan import PlanPrinter
    from resolvers.plan.project_compiled import ProjectionWriter, RowSource
    from resolvers.plan.project_with_errors import AnswerWalk, Path, WalkedRow


@dataclass(frozen=True, slots=True)
class DeniedField(PlanNode):
    """Stands in place of a field of any kind in a masked plan. `reached` is the path to the field's subject."""

    reached: PlannedPath = "asked"

    @classmethod
    def compile(cls, field: SelectedField, binding: Any) -> NoReturn:
        """Refuse: a mask makes denied fields, and no document."""
        raise NotImplementedError(f"{field.identity[1]} is not denied before it is compiled: {binding}")

    def children(self) -> tuple[PlanNode, ...]:
        """Nothing is left below it."""
        return ()

    def uses(self, graph: Graph, path: AccessPath) -> Iterator[FieldUse]:
        """Use no field."""
        del graph, path
        return iter(())

    def places(
        self, path: PlannedPath, above: tuple[FieldPlace, ...]
    ) -> Iterator[tuple[FieldPlace, tuple[FieldPlace, ...]]]:
        """Stand at no place that could be denied once more."""
        del path, above
        return iter(())

    def masked(self, mask: Mask, path: PlannedPath) -> PlanNode:
        """Stay denied."""
        del path
        mask.denies = True
        return self

    def describe(self, printer: PlanPrinter) -> str:
        """Print the field that is denied."""
        del printer
        return f"denied {self.coordinate}"

    def project(self, writer: ProjectionWriter, row: RowSource) -> NoReturn:
        """Refuse: a plan with a denied field has no projection."""
        del writer, row
        raise NotImplementedError(f"{self.coordinate} is denied")

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> None:
        """Leave a null and an error."""
        del row
        walk.missing(self, path, None, self.reached)

    def subject_argument(self) -> None:
        """Name no subject."""

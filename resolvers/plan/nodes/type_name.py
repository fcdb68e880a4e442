"""`__typename`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
class TypeName(PlanNode):
    """The name of the type of the object at hand. It is no field of the schema, so nothing of it is decided."""

    type_name: str

    @classmethod
    def fits(cls, field: SelectedField) -> bool:
        """`__typename` of any type."""
        return field.name == "__typename"

    @classmethod
    def compile(cls, field: SelectedField, binding: Any) -> TypeName:
        """Compile the name of the type that the field is selected of."""
        del binding
        return cls(*field.identity, field.parent.name)

    def children(self) -> tuple[PlanNode, ...]:
        """A leaf has nothing below it."""
        return ()

    def uses(self, graph: Graph, path: AccessPath) -> Iterator[FieldUse]:
        """Use no field."""
        del graph, path
        return iter(())

    def places(
        self, path: PlannedPath, above: tuple[FieldPlace, ...]
    ) -> Iterator[tuple[FieldPlace, tuple[FieldPlace, ...]]]:
        """Stand at no place that could be denied."""
        del path, above
        return iter(())

    def masked(self, mask: Mask, path: PlannedPath) -> PlanNode:
        """Stay, whatever is denied."""
        del mask, path
        return self

    def describe(self, printer: PlanPrinter) -> str:
        """Print the type's name."""
        del printer
        return f'"{self.type_name}"'

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        """Write the type's name."""
        del writer, row
        return repr(self.type_name)

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> str:
        """Return the type's name."""
        del walk, row, path
        return self.type_name

    def subject_argument(self) -> None:
        """Name no subject."""

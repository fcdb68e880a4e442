"""An element of a record's catalogue item, the same for every record: from whom it is, or on which legal basis."""

from __future__ import annotations

from dataclasses import dataclass

from resolvers.graph.bindings import ItemElement
from resolvers.plan.compile import SelectedField
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow


@dataclass(frozen=True, slots=True)
class ItemField(PlanNode):
    """A text of the declaration: nothing is read for it beside the record that it stands in."""

    binding = ItemElement

    text: str

    @classmethod
    def compile(cls, field: SelectedField, binding: ItemElement) -> ItemField:
        return cls(*field.identity, binding.text)

    def describe(self, printer: PlanPrinter) -> str:
        return f'"{self.text}"'

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        return repr(self.text)

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> str:
        return self.text

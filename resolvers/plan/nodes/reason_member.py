"""A member of a reason, or of what hangs on one: a value, or a list of such things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resolvers.graph.bindings import ReasonMember
from resolvers.plan.compile import SelectedField
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow
from schema.record_types import snake_case


@dataclass(frozen=True, slots=True)
class ReasonMemberField(PlanNode):
    """A member that the reason at hand holds under `name`; nothing is read for it."""

    binding = ReasonMember

    name: str
    most: int | None
    """How many a list holds at the most; None where it is no list."""

    @classmethod
    def compile(cls, field: SelectedField, binding: ReasonMember) -> ReasonMemberField:
        below = () if binding.most is None else field.below(field.type_name, field.level)
        return cls(*field.identity, snake_case(field.name), binding.most, fields=below)

    def weight(self, arguments: Sequence[Any]) -> int:
        return 1 if self.most is None else 1 + self.most * PlanNode.weight(self, arguments)

    def describe(self, printer: PlanPrinter) -> str:
        return self.name

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        member = f"{row.name}.{self.name}"
        if self.most is None:
            return member
        name = writer.name()
        return f"[{writer.object(self.fields, RowSource(name))} for {name} in {member}]"

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Return the value, or the list with the members of each."""
        found = getattr(row.values, self.name)
        if self.most is None:
            return found
        return [
            walk.object(self.fields, WalkedRow(row.key, each), (*path, number))
            for number, each in enumerate(found)
        ]

"""A member of what the subject alone is told, or of what hangs on one: a value, an object, or a list of objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLObjectType

from adapters.bureau_errors import BureauError
from resolvers.graph.bindings import ReasonMember
from resolvers.plan.compile import SelectedField
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow
from schema.graphql_types import named_type_of
from schema.record_types import snake_case


@dataclass(frozen=True, slots=True)
class ReasonMemberField(PlanNode):
    """A member that what is told holds under `name`; nothing is read for it."""

    binding = ReasonMember

    name: str
    most: int | None
    """How many objects a list holds at the most; None where it is no such list."""
    is_object: bool
    """Whether it has members of its own."""

    @classmethod
    def compile(cls, field: SelectedField, binding: ReasonMember) -> ReasonMemberField:
        is_object = isinstance(named_type_of(field.definition), GraphQLObjectType)
        below = field.below(field.type_name, field.level) if is_object else ()
        return cls(*field.identity, snake_case(field.name), binding.most, is_object, fields=below)

    def weight(self, arguments: Sequence[Any]) -> int:
        one = PlanNode.weight(self, arguments)
        return one if self.most is None else 1 + self.most * one

    def describe(self, printer: PlanPrinter) -> str:
        return self.name

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        member = f"{row.name}.{self.name}"
        if not self.is_object:
            return member
        if self.most is None:
            return writer.object(self.fields, RowSource(member))
        name = writer.name()
        return f"[{writer.object(self.fields, RowSource(name))} for {name} in {member}]"

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Return the value or the members, or fail where a bureau failed on which it rests."""
        found = getattr(row.values, self.name)
        if isinstance(found, BureauError):
            return walk.missing(self, path, found, derived=True)
        if not self.is_object:
            return found
        if self.most is None:
            return walk.object(self.fields, WalkedRow(row.key, found), path)
        return [
            walk.object(self.fields, WalkedRow(row.key, each), (*path, number))
            for number, each in enumerate(found)
        ]

"""A root that is answered from the schema and the rules themselves: the catalogue, the open index or introspection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graphql import GraphQLObjectType

from catalogue.classification import Use
from resolvers.graph.graph import Graph
from resolvers.plan.compile import SelectedField
from resolvers.plan.field_use import AccessPath, FieldPlace, FieldUse, PlannedPath
from resolvers.plan.mask import Mask
from resolvers.plan.masked_plan import ReadCollector, RowReads
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow
from schema.graphql_types import named_type_of

INTROSPECTION_NODES: Final = 20_000
"""What one field of introspection counts for in the budget: more than a whole schema's names."""
INDEX: Final = "Query.openIndex"
INDEX_NODES: Final = 20_000
"""What the open index counts for: more than the values of any city's."""


@dataclass(frozen=True, slots=True)
class SchemaField(PlanNode):
    """A field of the query without a binding; `nodes` is how many values it can hold."""

    coordinates: tuple[str, ...]
    """The fields below that are asked for."""
    nodes: int

    @classmethod
    def fits(cls, field: SelectedField) -> bool:
        return field.is_root and field.name != "__typename"

    @classmethod
    def compile(cls, field: SelectedField, binding: Any) -> SchemaField:
        if field.name.startswith("__"):
            return cls(*field.identity, (), INTROSPECTION_NODES)
        below = tuple(dict.fromkeys(_coordinates(field)))
        if field.identity[1] == INDEX:
            return cls(*field.identity, below, INDEX_NODES)
        return cls(*field.identity, below, len(field.graph.composed.classifications) * (1 + len(below)))

    def uses(self, graph: Graph, path: AccessPath) -> Iterator[FieldUse]:
        """Read each field; introspection is of the schema and uses none."""
        if ".__" not in self.coordinate:
            for each in (self.coordinate, *self.coordinates):
                yield FieldUse(each, Use.READ.value, path)

    def places(
        self, path: PlannedPath, above: tuple[FieldPlace, ...]
    ) -> Iterator[tuple[FieldPlace, tuple[FieldPlace, ...]]]:
        """Yield each field with all of them above it: what the schema answers is taken out as a whole."""
        whole: tuple[FieldPlace, ...] = tuple((each, path) for each in (self.coordinate, *self.coordinates))
        for place in whole:
            yield place, whole

    def masked(self, mask: Mask, path: PlannedPath) -> PlanNode:
        """Take out the whole where the grant denies any field of it."""
        for each in (self.coordinate, *sorted(self.coordinates)):
            if (each, path) in mask.denied:
                return mask.deny(self, path, each)
        return self

    def read(self, reads: ReadCollector, row: RowReads) -> None:
        """Ask the schema."""
        reads.schema_fields.append(self)

    def weight(self, arguments: Sequence[Any]) -> int:
        return 1 + self.nodes

    def describe(self, printer: PlanPrinter) -> str:
        return "schema"

    def printed_below(self) -> tuple[str, ...]:
        return self.coordinates

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        return f"M[{self.key!r}]"

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Take the value among those of the schema."""
        return walk.schema_values[self.key]

    def subject_argument(self) -> None:
        """Name no subject."""


def _coordinates(field: SelectedField) -> Iterator[str]:
    """Yield the fields that are selected below, down to the leaves."""
    type_ = named_type_of(field.definition)
    if not isinstance(type_, GraphQLObjectType):
        return
    for each in field.selected(type_.name, field.level):
        if each.name != "__typename":
            yield f"{type_.name}.{each.name}"
            yield from _coordinates(each)

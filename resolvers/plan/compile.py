"""From a validated document to a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    OperationDefinitionNode,
    ValueNode,
)

from resolvers.graph.graph import Graph
from resolvers.plan.arguments import FIRST, Argument
from resolvers.plan.nodes import node_kinds
from resolvers.plan.plan_node import Location, Plan, PlanNode
from resolvers.plan.selection import Selector
from schema.graphql_types import named_type_of


def compile_plan(
    graph: Graph,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    conditions: Mapping[str, bool],
) -> Plan:
    """Compile a validated operation under one assignment of its conditions."""
    compiler = Compiler(graph, Selector(graph.schema, document, operation, conditions))
    query = graph.schema.query_type
    assert query is not None  # noqa: S101 composition saw to it
    collected = compiler.selector.collect_root(query)
    roots = [SelectedField(compiler, query, key, nodes, 0).compile() for key, nodes in collected.items()]
    return Plan(tuple(roots), tuple(compiler.arguments), compiler.positions)


@dataclass(slots=True)
class Compiler:
    """What one compilation knows, and the numbers that it gives to arguments, positions and chosen lists."""

    graph: Graph
    selector: Selector
    arguments: list[Argument] = field(default_factory=list[Argument])
    positions: int = 0
    choices: Iterator[int] = field(default_factory=lambda: count(1))

    def position(self) -> int:
        """Return a new position."""
        self.positions += 1
        return self.positions - 1


@dataclass(frozen=True, slots=True)
class SelectedField:
    """A field of `parent` as a document selects it: all of `nodes` share one response key."""

    compiler: Compiler
    parent: GraphQLObjectType
    key: str
    nodes: list[FieldNode]
    level: int

    @property
    def graph(self) -> Graph:
        """The graph that is asked."""
        return self.compiler.graph

    @property
    def name(self) -> str:
        """The field's name in the schema."""
        return self.nodes[0].name.value

    @property
    def identity(self) -> tuple[str, str, Location]:
        """The response key, the coordinate, and where the field is first selected."""
        loc = self.nodes[0].loc
        location = (loc.start_token.line, loc.start_token.column) if loc else (0, 0)
        return self.key, f"{self.parent.name}.{self.name}", location

    @property
    def is_root(self) -> bool:
        """Whether it is a field of the query."""
        return self.parent is self.graph.schema.query_type

    @property
    def definition(self) -> GraphQLField:
        """The field in the schema; `__typename` and introspection have none."""
        return self.parent.fields[self.name]

    @property
    def literals(self) -> Mapping[str, ValueNode]:
        """What the document gives its arguments, by their names."""
        return {each.name.value: each.value for each in self.nodes[0].arguments or ()}

    @property
    def type_name(self) -> str:
        """The name of the field's type, without lists and non-nulls."""
        return named_type_of(self.definition).name

    def compile(self) -> PlanNode:
        """Return the node of the kind that the field's binding, or the lack of one, calls for."""
        binding = self.graph.fields.get(self.identity[1])
        if binding is not None:
            return node_kinds().by_binding[type(binding)].compile(self, binding)
        (kind,) = (each for each in node_kinds().unbound if each.fits(self))
        return kind.compile(self, None)

    def below(self, type_name: str, level: int) -> tuple[PlanNode, ...]:
        """Return what is selected of a type below this field."""
        return tuple(each.compile() for each in self.selected(type_name, level))

    def selected(self, type_name: str, level: int) -> Iterator[SelectedField]:
        """Yield the fields that are selected of a type below this field."""
        type_ = self.graph.object_type(type_name)
        for key, nodes in self.compiler.selector.collect(type_, self.nodes).items():
            yield SelectedField(self.compiler, type_, key, nodes, level)

    def argument(self, name: str) -> int:
        """Return the number of an argument of this field."""
        argument = Argument(name, self.definition.args[name], self.literals.get(name))
        self.compiler.arguments.append(argument)
        return len(self.compiler.arguments) - 1

    def bound(self) -> int | None:
        """Return the number of the argument that bounds a list, where the field has one."""
        return self.argument(FIRST) if FIRST in self.definition.args else None

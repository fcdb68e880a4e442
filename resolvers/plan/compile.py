"""From a validated document to a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    OperationDefinitionNode,
    VariableNode,
    is_leaf_type,
    print_ast,
)
from graphql.execution.values import get_argument_values
from graphql.language import Visitor, visit

from resolvers.graph.bindings import Edge, Eligibility, Gathering, Lookup, Reference, StandingOf, Tabulation
from resolvers.graph.checks.statistics import counting_of, labels_of
from resolvers.graph.graph import Graph
from resolvers.plan.list_argument_uses import choice_of
from resolvers.plan.plan import (
    Argument,
    Choice,
    Cursor,
    EntityNode,
    Field,
    Gathered,
    Leaf,
    Location,
    Meta,
    OneSided,
    Plan,
    RecordNode,
    Records,
    Refer,
    Root,
    StandingRoot,
    Tabulated,
    TypeName,
)
from resolvers.plan.selection import Collected, Selector, fragments_of
from schema.graphql_types import named_type_of
from schema.list_arguments import CHOOSING, CURSOR

INTROSPECTION_NODES: Final = 20_000
"""What one field of introspection counts for in the budget: more than a whole schema's names."""


def compile_plan(
    graph: Graph,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    conditions: Mapping[str, bool] | None,
) -> Plan:
    """Compile a validated operation under one assignment of its conditions, or with all of it included."""
    compiler = _Compiler(graph, Selector(graph.schema, fragments_of(document), conditions))
    query = graph.schema.query_type
    assert query is not None  # noqa: S101 composition saw to it
    collected = compiler.selector.collect_root(query, operation.selection_set.selections)
    roots = tuple(compiler.root(query, key, nodes) for key, nodes in collected.items())
    return Plan(roots, tuple(compiler.arguments), compiler.positions)


@dataclass(slots=True)
class _Compiler:
    graph: Graph
    selector: Selector
    arguments: list[Argument] = field(default_factory=list[Argument])
    positions: int = 0
    choices: int = 0

    def root(self, query: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> Field:
        name = nodes[0].name.value
        if name == "__typename":
            return TypeName(key, query.name)
        coordinate = f"Query.{name}"
        binding = self.graph.fields.get(coordinate)
        if isinstance(binding, StandingOf):
            return self._standing(query.fields[name], key, nodes, binding)
        if isinstance(binding, Tabulation):
            return self._table(query.fields[name], key, nodes, binding)
        if not isinstance(binding, Lookup):
            below = self._below(query, nodes)
            return Meta(key, coordinate, location_of(nodes[0]), below, self._weight(name, below))
        return self._lookup(query.fields[name], key, nodes, binding)

    def _lookup(self, definition: GraphQLField, key: str, nodes: list[FieldNode], binding: Lookup) -> Root:
        argument = self._argument(definition, nodes[0], binding.argument)
        named = named_type_of(definition)
        types = tuple(dict.fromkeys(binding.members.values())) or (named.name,)
        return Root(
            key=key,
            coordinate=f"Query.{binding.field}",
            location=location_of(nodes[0]),
            form=binding.form,
            argument=argument,
            entities=tuple(self.entity(name, nodes, 0) for name in types),
            members={member: types.index(name) for member, name in binding.members.items()},
        )

    def _standing(
        self, definition: GraphQLField, key: str, nodes: list[FieldNode], binding: StandingOf
    ) -> StandingRoot:
        argument = self._argument(definition, nodes[0], binding.argument)
        type_ = self._object(named_type_of(definition).name)
        collected = self.selector.collect(type_, nodes)
        return StandingRoot(
            key=key,
            coordinate=f"Query.{binding.field}",
            location=location_of(nodes[0]),
            argument=argument,
            type_name=type_.name,
            positions={kind: self._position() for kind in binding.members},
            subjects=binding.members,
            fields=tuple(self._one_sided(type_, each, found) for each, found in collected.items()),
        )

    def _one_sided(self, type_: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> Field:
        name = nodes[0].name.value
        if name == "__typename":
            return TypeName(key, type_.name)
        binding = self.graph.fields[f"{type_.name}.{name}"]
        assert isinstance(binding, Eligibility)  # noqa: S101 binding saw to it
        return OneSided(key, f"{type_.name}.{name}", location_of(nodes[0]), binding.rules)

    def _table(
        self, definition: GraphQLField, key: str, nodes: list[FieldNode], binding: Tabulation
    ) -> Tabulated:
        type_ = self._object(named_type_of(definition).name)
        fields = self._fields(type_, self.selector.collect(type_, nodes), 0)
        counting = counting_of(self.graph, binding.dataset)
        return Tabulated(
            key=key,
            coordinate=f"Query.{binding.field}",
            location=location_of(nodes[0]),
            source=binding.dataset,
            position=self._position(),
            argument=self._argument(definition, nodes[0], binding.argument),
            counting=counting,
            rows=labels_of(self.graph, binding.dataset, type_.name, counting.row),
            columns=labels_of(self.graph, binding.dataset, type_.name, counting.column),
            node=RecordNode(type_.name, fields),
        )

    def entity(self, type_name: str, nodes: list[FieldNode], level: int) -> EntityNode:
        type_ = self._object(type_name)
        position = self._position()
        collected = self.selector.collect(type_, nodes)
        source = self.graph.entities[type_name].dataset
        return EntityNode(type_name, source, position, level, self._fields(type_, collected, level))

    def _fields(self, type_: GraphQLObjectType, collected: Collected, level: int) -> tuple[Field, ...]:
        return tuple(self._field(type_, key, nodes, level) for key, nodes in collected.items())

    def _field(self, type_: GraphQLObjectType, key: str, nodes: list[FieldNode], level: int) -> Field:
        name = nodes[0].name.value
        if name == "__typename":
            return TypeName(key, type_.name)
        coordinate, location = f"{type_.name}.{name}", location_of(nodes[0])
        definition = type_.fields[name]
        binding = self.graph.fields.get(coordinate)
        if isinstance(binding, Edge):
            target = named_type_of(definition).name
            return self._records(definition, key, coordinate, nodes, (binding.dataset, target, level))
        if isinstance(binding, Gathering):
            members = self._members(key, coordinate, nodes, binding, level)
            return Gathered(key, coordinate, location, self._first(definition, nodes[0]), members)
        if isinstance(binding, Reference):
            target = named_type_of(definition).name
            entity = self.entity(target, nodes, level + 1)
            return Refer(key, coordinate, location, binding.column, entity)
        if named_type_of(definition) is CURSOR:
            return Cursor(key, coordinate, location)
        return Leaf(key, coordinate, location, self.graph.column(type_.name, name))

    def _members(
        self, key: str, coordinate: str, nodes: list[FieldNode], binding: Gathering, level: int
    ) -> tuple[Records, ...]:
        return tuple(
            self._records(None, key, coordinate, nodes, (dataset, member, level))
            for member, dataset in binding.datasets.items()
        )

    def _records(
        self,
        definition: GraphQLField | None,
        key: str,
        coordinate: str,
        nodes: list[FieldNode],
        target: tuple[str, str, int],
    ) -> Records:
        source, type_name, level = target
        type_ = self._object(type_name)
        first = self._first(definition, nodes[0]) if definition else None
        fields = self._fields(type_, self.selector.collect(type_, nodes), level)
        many = self.graph.sources[source].dataset.many
        choice = self._choice(definition, nodes[0], type_name, fields) if definition else None
        node = RecordNode(type_name, fields)
        return Records(key, coordinate, location_of(nodes[0]), source, many, first, node, choice)

    def _choice(
        self, definition: GraphQLField, node: FieldNode, type_name: str, fields: tuple[Field, ...]
    ) -> Choice | None:
        """Return what chooses among the rows of a list, or None where it is read as it stands."""
        given = {each.name.value: each for each in node.arguments or () if each.name.value in CHOOSING}
        shows = "after" in definition.args and any(isinstance(each, Cursor) for each in fields)
        if not given and not shows:
            return None
        numbers = {name: self._argument(definition, node, name) for name in given}
        self.choices += 1
        return choice_of(self.graph.composed.choices[type_name], given, numbers, self.choices)

    def _first(self, definition: GraphQLField, node: FieldNode) -> int | None:
        return self._argument(definition, node, "first") if "first" in definition.args else None

    def _argument(self, definition: GraphQLField, node: FieldNode, name: str) -> int:
        self.arguments.append(argument_of(definition, node, name))
        return len(self.arguments) - 1

    def _position(self) -> int:
        self.positions += 1
        return self.positions - 1

    def _object(self, name: str) -> GraphQLObjectType:
        type_ = self.graph.schema.type_map[name]
        assert isinstance(type_, GraphQLObjectType)  # noqa: S101 binding saw to it
        return type_

    def _weight(self, name: str, below: tuple[str, ...]) -> int:
        if name.startswith("__"):
            return INTROSPECTION_NODES
        return len(self.graph.composed.classifications) * (1 + len(below))

    def _below(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> tuple[str, ...]:
        definition = parent.fields.get(nodes[0].name.value)
        if definition is None:
            return ()
        named = named_type_of(definition)
        if is_leaf_type(named) or not isinstance(named, GraphQLObjectType):
            return ()
        collected = self.selector.collect(named, nodes)
        names = (each[0].name.value for each in collected.values())
        return tuple(f"{named.name}.{name}" for name in names if name != "__typename")


def argument_of(definition: GraphQLField, node: FieldNode, name: str) -> Argument:
    """Return how the argument `name` of a field gets its value."""
    given = next((each for each in node.arguments or () if each.name.value == name), None)
    if given is None:
        return Argument(name, "default", constant=definition.args[name].default_value)
    if not _has_variable(node):
        return Argument(name, print_ast(given.value), constant=get_argument_values(definition, node)[name])
    if isinstance(given.value, VariableNode):
        return Argument(name, f"${given.value.name.value}", None, given.value.name.value, node, definition)
    return Argument(name, print_ast(given.value), node=node, definition=definition)


def location_of(node: FieldNode) -> Location:
    """Return line and column of a field in its document."""
    if node.loc is None:
        return (0, 0)
    token = node.loc.start_token
    return (token.line, token.column)


def _has_variable(node: FieldNode) -> bool:
    found: list[VariableNode] = []

    class Finder(Visitor):
        def enter_variable(self, variable: VariableNode, *_: object) -> None:
            found.append(variable)

    for argument in node.arguments or ():
        visit(argument, Finder())
    return bool(found)

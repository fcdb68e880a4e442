"""Which types' fields an operation can come to through another subject."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLObjectType, GraphQLUnionType

from resolvers.graph.bindings import Reference
from resolvers.graph.graph import Graph
from resolvers.plan.field_use import AccessPath
from schema.graphql_types import named_type_of


def reachable(graph: Graph) -> dict[AccessPath, frozenset[str]]:
    """Return for each way through another subject the types whose fields can stand there."""
    found: dict[AccessPath, set[str]] = {"person": set(), "enterprise": set()}
    for coordinate, binding in graph.fields.items():
        if isinstance(binding, Reference):
            owner, name = coordinate.split(".")
            target = named_type_of(graph.object_type(owner).fields[name]).name
            found["person" if target == "Person" else "enterprise"] |= {target, *_records(graph, target)}
    return {reached: frozenset(types) for reached, types in found.items()}


def _records(graph: Graph, owner: str) -> Iterator[str]:
    """Yield the types of the records of an entity; a reference in one of them leads to another subject."""
    for name, field in graph.object_type(owner).fields.items():
        type_ = named_type_of(field)
        if isinstance(type_, GraphQLUnionType):
            yield from (each.name for each in type_.types)
        elif isinstance(type_, GraphQLObjectType) and not isinstance(
            graph.fields.get(f"{owner}.{name}"), Reference
        ):
            yield type_.name

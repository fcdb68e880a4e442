"""Every use that an operation makes of every field, from its plan: what authorization is asked about."""

from __future__ import annotations

from collections.abc import Iterator

from resolvers.graph.fields import identifier_of
from resolvers.graph.graph import Graph
from resolvers.plan.access_path import Reached, Way
from resolvers.plan.field_use import FieldUse
from resolvers.plan.plan import (
    EntityNode,
    Field,
    Gathered,
    Meta,
    Plan,
    Records,
    Refer,
    Root,
    StandingRoot,
    Tabulated,
    TypeName,
)
from schema.classification import Use


def uses_of(graph: Graph, plan: Plan, *, own: bool = False) -> frozenset[FieldUse]:
    """Return the uses of a plan; introspection is of the schema and makes none.

    `own` says that whomever the plan names is the subject who asks.
    """
    named: Reached = "own" if own else "asked"
    return frozenset(use for root in plan.roots for use in _root(graph, root, named))


def reached_by(reference: Refer) -> Way:
    """Return how an operation came to the subject that a reference leads to."""
    return "person" if reference.entity.type_name == "Person" else "enterprise"


def _root(graph: Graph, root: Field, named: Reached) -> Iterator[FieldUse]:
    if isinstance(root, TypeName) or ".__" in root.coordinate:
        return
    yield FieldUse(root.coordinate, Use.READ.value, named)
    if isinstance(root, Meta):
        yield from (FieldUse(each, Use.READ.value, named) for each in root.coordinates)
    if isinstance(root, Tabulated):
        yield from _table(graph, root, named)
    if isinstance(root, Root):
        for entity in root.entities:
            identifier = identifier_of(graph, entity.type_name)
            for use in (Use.ARGUMENT, Use.EXISTS):
                yield FieldUse(identifier, use.value, named, root.coordinate)
            yield from _entity(graph, entity, named)
    if isinstance(root, StandingRoot):
        yield from _standing(graph, root, named)


def _standing(graph: Graph, root: StandingRoot, named: Reached) -> Iterator[FieldUse]:
    """Find the subject by its identifier and read the answers; none of them tells whether it exists."""
    for type_name in root.subjects.values():
        yield FieldUse(identifier_of(graph, type_name), Use.ARGUMENT.value, named, root.coordinate)
    for each in root.fields:
        yield from _field(graph, each, named)


def _table(graph: Graph, table: Tabulated, named: Reached) -> Iterator[FieldUse]:
    """Yield a use of every field of a cell, selected or not: the table is granted whole or not at all."""
    for each in graph.composed.classifications:
        if each.startswith(f"{table.node.type_name}."):
            yield FieldUse(each, Use.READ.value, named, table.coordinate)


def _entity(graph: Graph, entity: EntityNode, reached: Reached) -> Iterator[FieldUse]:
    for each in entity.fields:
        yield from _field(graph, each, reached)


def _field(graph: Graph, field: Field, reached: Reached) -> Iterator[FieldUse]:
    if isinstance(field, TypeName):
        return
    yield FieldUse(field.coordinate, Use.READ.value, reached)
    if isinstance(field, Refer):
        identifier = identifier_of(graph, field.entity.type_name)
        yield FieldUse(identifier, Use.JOIN_KEY.value, reached, field.coordinate)
        yield from _entity(graph, field.entity, reached_by(field))
    elif isinstance(field, Records):
        yield from _records(graph, field, reached)
    elif isinstance(field, Gathered):
        for member in field.members:
            yield from _records(graph, member, reached)


def _records(graph: Graph, records: Records, reached: Reached) -> Iterator[FieldUse]:
    if records.choice is not None:
        chosen = ((Use.FILTER, records.choice.filters), (Use.SORT, records.choice.sorts))
        for use, names in chosen:
            for name in names:
                coordinate = f"{records.node.type_name}.{name}"
                yield FieldUse(coordinate, use.value, reached, at=records.coordinate)
    for each in records.node.fields:
        yield from _field(graph, each, reached)

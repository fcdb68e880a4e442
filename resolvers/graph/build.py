"""Binds the composed schema to the bureaus' datasets, or raises a CompositionError that names the gap.

What is checked here cannot fail at a request: every field has a source, every leaf has a column of its own
kind, every enum has exactly the codes of its column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    is_leaf_type,
)

from catalogue.declarations import Bureau, Column, Kind
from resolvers.graph.bindings import (
    Binding,
    Edge,
    Entity,
    FieldBinding,
    Gathering,
    Lookup,
    Reference,
    StandingOf,
    Tabulation,
)
from resolvers.graph.checks.eligibility_inputs import check_eligibility
from resolvers.graph.checks.list_order import check_lists
from resolvers.graph.checks.statistics import check_tabulations
from resolvers.graph.derived_items import OWN_ITEMS
from resolvers.graph.graph import Graph, Source, named_type
from schema.classification import DataClass
from schema.compose import ComposedSchema, CompositionError
from schema.list_arguments import CURSOR

_KINDS: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.TEXT: frozenset({"String", "PersonNumber", "CreditCode"}),
    Kind.INTEGER: frozenset({"Int"}),
    Kind.FEN: frozenset({"Fen"}),
    Kind.DATE: frozenset({"Date"}),
    Kind.BOOLEAN: frozenset({"Boolean"}),
}


def bind(composed: ComposedSchema, bureaus: Iterable[Bureau], bindings: Iterable[Binding]) -> Graph:
    """Bind a schema to bureaus, or raise CompositionError."""
    sources = {
        f"{bureau.name}.{dataset.name}": Source(bureau.name, dataset)
        for bureau in bureaus
        for dataset in bureau.shared
    }
    entities: dict[str, Entity] = {}
    fields: dict[str, FieldBinding] = {}
    for binding in bindings:
        if isinstance(binding, Entity):
            entities[binding.type_name] = binding
        else:
            fields.update(dict.fromkeys(_coordinates(composed.graphql, binding), binding))
    graph = Graph(composed, sources, entities, fields)
    _check(graph)
    return graph


def _coordinates(schema: GraphQLSchema, binding: FieldBinding) -> list[str]:
    owner = "Query" if isinstance(binding, Lookup | StandingOf | Tabulation) else binding.owner
    type_ = schema.type_map.get(owner)
    if isinstance(type_, GraphQLInterfaceType):
        return [f"{each.name}.{binding.field}" for each in schema.get_possible_types(type_)]
    if not isinstance(type_, GraphQLObjectType):
        raise CompositionError(f"a binding names {owner}, which is no type of the schema")
    return [f"{owner}.{binding.field}"]


def _check(graph: Graph) -> None:
    _check_items(graph)
    for entity in graph.entities.values():
        _check_columns(graph, entity.type_name, entity.dataset)
    for coordinate, binding in graph.fields.items():
        type_ = _field_type(graph, coordinate)
        if isinstance(binding, Edge):
            _check_columns(graph, type_.name, binding.dataset)
            _check_item(graph, coordinate, binding.dataset)
            _check_many(graph, coordinate, binding.dataset)
        elif isinstance(binding, Gathering):
            for member, dataset in binding.datasets.items():
                _check_columns(graph, member, dataset)
                _check_many(graph, coordinate, dataset)
    for type_name in ("Query", *graph.entities):
        _check_complete(graph, type_name)
    _check_gatherings(graph)
    check_eligibility(graph)
    check_lists(graph)
    check_tabulations(graph)


def _check_gatherings(graph: Graph) -> None:
    for coordinate, binding in graph.fields.items():
        if isinstance(binding, Gathering):
            _check_inputs(graph, coordinate, binding)


def _check_inputs(graph: Graph, coordinate: str, gathering: Gathering) -> None:
    """Refuse a gathering that is looser than what it gathers: its length tells of every dataset."""
    owner = coordinate.split(".", maxsplit=1)[0]
    inputs = (
        graph.fields.get(each.coordinate(owner)) for each in graph.composed.classifications[coordinate].inputs
    )
    named = {edge.dataset for edge in inputs if isinstance(edge, Edge)}
    for dataset in gathering.datasets.values():
        if dataset not in named:
            raise CompositionError(f"{coordinate} gathers {dataset}, which none of its inputs reads")


def _check_items(graph: Graph) -> None:
    known = {source.dataset.item.code for source in graph.sources.values()} | OWN_ITEMS.keys()
    for coordinate, classification in graph.composed.classifications.items():
        if classification.data_class is not DataClass.OPEN and classification.item not in known:
            raise CompositionError(f"{coordinate} is of {classification.item}, which no bureau shares")


def _field_type(graph: Graph, coordinate: str) -> GraphQLNamedType:
    type_name, field = coordinate.split(".")
    type_ = graph.schema.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)  # noqa: S101 `_coordinates` saw to it
    if field not in type_.fields:
        raise CompositionError(f"a binding names {coordinate}, which the schema does not have")
    return named_type(type_.fields[field].type)


def _check_complete(graph: Graph, type_name: str) -> None:
    type_ = graph.schema.type_map.get(type_name)
    if not isinstance(type_, GraphQLObjectType):
        raise CompositionError(f"{type_name} is bound and is no object type")
    for name, field in type_.fields.items():
        named = named_type(field.type)
        binding = graph.fields.get(f"{type_name}.{name}")
        if isinstance(binding, Reference):
            raise CompositionError(f"{type_name}.{name} is a reference, and only a record can hold one")
        if binding is not None or is_leaf_type(named) or named.name == "CatalogueEntry":
            continue
        raise CompositionError(f"{type_name}.{name} has no binding in resolvers/edges")


def _check_columns(graph: Graph, type_name: str, source: str) -> None:
    if source not in graph.sources:
        raise CompositionError(f"{type_name} is read from {source}, which no bureau shares")
    type_ = graph.schema.type_map.get(type_name)
    if not isinstance(type_, GraphQLObjectType):
        raise CompositionError(f"{source} answers {type_name}, which is no object type")
    columns = graph.sources[source].dataset.by_name
    for name, field in type_.fields.items():
        coordinate = f"{type_name}.{name}"
        named = named_type(field.type)
        binding = graph.fields.get(coordinate)
        if isinstance(binding, Reference):
            _check_column(columns, binding.column, coordinate, source)
        elif is_leaf_type(named) and named is not CURSOR:
            column = _check_column(columns, graph.column(type_name, name), coordinate, source)
            _check_kind(column, named, coordinate, source)
            _check_item(graph, coordinate, source)
        if type_name not in graph.entities:
            _check_record_field(coordinate, binding, named)


def _check_item(graph: Graph, coordinate: str, source: str) -> None:
    """Refuse a field that says to be of another item than its column: class and legal basis go by the item."""
    said, shared = graph.composed.classifications[coordinate].item, graph.sources[source].dataset.item.code
    if said != shared:
        raise CompositionError(f"{coordinate} says that it is of {said}, and {source} is of {shared}")


def _check_record_field(coordinate: str, binding: FieldBinding | None, type_: GraphQLNamedType) -> None:
    """A record has columns and references: there is no identity by which more could be read."""
    if not isinstance(binding, Reference) and (binding is not None or not is_leaf_type(type_)):
        raise CompositionError(f"{coordinate} is a field of a record and no reference of resolvers/edges")


def _check_many(graph: Graph, coordinate: str, source: str) -> None:
    owner, field = coordinate.split(".")
    type_ = graph.schema.type_map[owner]
    assert isinstance(type_, GraphQLObjectType)  # noqa: S101 `_coordinates` saw to it
    if str(type_.fields[field].type).startswith("[") is not graph.sources[source].dataset.many:
        raise CompositionError(f"{coordinate} and {source} differ in whether there are many")


def _check_column(columns: Mapping[str, Column], name: str, coordinate: str, source: str) -> Column:
    if name not in columns:
        raise CompositionError(f"{coordinate} needs the column {name}, which {source} does not have")
    return columns[name]


def _check_kind(column: Column, type_: GraphQLNamedType, coordinate: str, source: str) -> None:
    if isinstance(type_, GraphQLEnumType):
        if column.codes != frozenset(type_.values):
            raise CompositionError(f"{coordinate} and {source}.{column.name} have other codes")
    elif column.codes is not None or type_.name not in _KINDS[column.kind]:
        raise CompositionError(f"{coordinate} is {type_.name}, but {source}.{column.name} is not")

"""Every field with all that is known of it: its classification, its catalogue item and what it is derived from.

A list of records is in the order that its dataset states, so its order tells of the columns that decide it:
they are inputs of the list, and whoever may not read one of them may not read the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import GraphQLObjectType, is_leaf_type

from catalogue.declarations import CatalogueItem
from resolvers.graph.bindings import Edge
from resolvers.graph.derived_items import OWN_ITEMS
from schema.classification import Classification, Input, Use
from schema.graphql_types import named_type_of
from schema.list_arguments import CURSOR

if TYPE_CHECKING:
    from resolvers.graph.graph import Graph


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object type. `inputs` are (coordinate, use), declared or by the order of a list."""

    coordinate: str
    description: str
    classification: Classification
    item: CatalogueItem
    inputs: tuple[Input, ...]


def fields_of(graph: Graph) -> dict[str, Field]:
    """Return every field of every object type by its coordinate, in the order of the schema."""
    items = items_of(graph)
    found: dict[str, Field] = {}
    for type_ in graph.schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            found.update({each.coordinate: each for each in _fields(graph, type_, items)})
    return found


def items_of(graph: Graph) -> dict[str, CatalogueItem]:
    """Return every catalogue item of the bureaus and of the graph itself by its code."""
    return {source.dataset.item.code: source.dataset.item for source in graph.sources.values()} | OWN_ITEMS


def _fields(graph: Graph, type_: GraphQLObjectType, items: Mapping[str, CatalogueItem]) -> Iterator[Field]:
    for name, field in type_.fields.items():
        coordinate = f"{type_.name}.{name}"
        classification = graph.composed.classifications[coordinate]
        declared = [Input(each.coordinate(type_.name), each.use) for each in classification.inputs]
        ordered = [
            each for each in _order(graph, coordinate, named_type_of(field).name) if each not in declared
        ]
        inputs = tuple(dict.fromkeys((*declared, *ordered)))
        yield Field(coordinate, field.description or "", classification, items[classification.item], inputs)


def _order(graph: Graph, coordinate: str, record: str) -> Iterator[Input]:
    binding = graph.fields.get(coordinate)
    if not isinstance(binding, Edge):
        return
    columns = fields_by_column(graph, record)
    for name in graph.sources[binding.dataset].dataset.order:
        field = columns.get(name.removeprefix("-"))
        if field is not None:
            yield Input(f"{record}.{field}", Use.READ)


def used(needed: Input) -> str:
    """Return an input as the directive and the catalogue write it: "read Person.taxArrears"."""
    return f"{needed.use.value} {needed.field}"


def fields_by_column(graph: Graph, type_name: str) -> dict[str, str]:
    """Return the field of a type that shows each column; a reference leads on and shows none."""
    type_ = graph.schema.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)  # noqa: S101 binding saw to it
    found: dict[str, str] = {}
    for name, field in type_.fields.items():
        named = named_type_of(field)
        if is_leaf_type(named) and named is not CURSOR:
            found[graph.column(type_name, name)] = name
    return found


def identifier_of(graph: Graph, type_name: str) -> str:
    """Return the coordinate of the field that shows an entity's identity."""
    key = graph.sources[graph.entities[type_name].dataset].dataset.key
    return f"{type_name}.{fields_by_column(graph, type_name)[key]}"

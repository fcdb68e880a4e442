"""Every field with all that is known of it: its classification, its catalogue item and what it is derived from.

The order of a list reveals its sort columns. They are therefore inputs of the list: a caller who may not read a sort
column may not read the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from graphql import GraphQLObjectType

from catalogue.catalogue_item import CatalogueItem, Disclosure
from catalogue.classification import Classification, Input, Use
from catalogue.declarations import Dataset
from catalogue.declared_codes import bilingual
from catalogue.derived_items import OWN_ITEMS
from resolvers.graph.bindings import Edge

if TYPE_CHECKING:
    from resolvers.graph.graph import Graph


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object type. `inputs` are (coordinate, use), declared or by the order of a list.

    `item` is disclosed as this field is: the item of an unpublished field is shared by organs.
    """

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


def catalogue_entries(graph: Graph) -> list[dict[str, Any]]:
    """Return the catalogue's entries: one for each field of each object type, in the order of the schema."""
    return [_entry(field) for field in fields_of(graph).values()]


def items_of(graph: Graph) -> dict[str, CatalogueItem]:
    """Return every catalogue item of the bureaus and of the graph itself by its code."""
    return {source.dataset.item.code: source.dataset.item for source in graph.sources.values()} | OWN_ITEMS


def item_of(classification: Classification, items: Mapping[str, CatalogueItem]) -> CatalogueItem:
    """Return the item of a field as the field is disclosed: the item of an unpublished field is shared by organs."""
    item = items[classification.item]
    return replace(item, disclosure=Disclosure.GOV_SHARED) if classification.unpublished else item


def _fields(graph: Graph, type_: GraphQLObjectType, items: Mapping[str, CatalogueItem]) -> Iterator[Field]:
    for name, field in type_.fields.items():
        coordinate = f"{type_.name}.{name}"
        classification = graph.composed.classifications[coordinate]
        declared = [Input(each.coordinate(type_.name), each.use) for each in classification.inputs]
        inputs = tuple(dict.fromkeys((*declared, *_order(graph, coordinate))))
        item = item_of(classification, items)
        yield Field(coordinate, field.description or "", classification, item, inputs)


def _order(graph: Graph, coordinate: str) -> Iterator[Input]:
    binding = graph.fields.get(coordinate)
    if isinstance(binding, Edge):
        dataset = graph.sources[binding.dataset].dataset
        shown = _fields_by_column(dataset)
        for name in (each.removeprefix("-") for each in dataset.order):
            if name in shown:
                yield Input(f"{dataset.type_name}.{shown[name]}", Use.READ)


def input_text(needed: Input) -> str:
    """Return an input as the directive and the catalogue write it: "read Person.taxArrears"."""
    return f"{needed.use.value} {needed.field}"


def _fields_by_column(dataset: Dataset) -> dict[str, str]:
    """Return the field that shows each column; a column that leads to a subject is not shown."""
    return {each.name: each.field_name for each in dataset.columns if each.zh}


def identifier_of(graph: Graph, type_name: str) -> str:
    """Return the coordinate of the field that shows an entity's identity."""
    dataset = graph.sources[graph.entities[type_name].dataset].dataset
    return f"{type_name}.{_fields_by_column(dataset)[dataset.key]}"


def _entry(field: Field) -> dict[str, Any]:
    described, item = field.classification, field.item
    return {
        "field": field.coordinate,
        "description": field.description,
        "item": item.code,
        "itemName": bilingual(*item.name),
        "provider": item.provider,
        "dataClass": described.data_class.name,
        "sensitivity": described.sensitivity.name,
        "uses": sorted(use.value for use in described.uses),
        "inputs": [input_text(each) for each in field.inputs],
        "nature": item.nature.name,
        "disclosure": item.disclosure.name,
        "subjects": sorted(kind.name for kind in item.subjects),
        "coverage": item.coverage,
        "updateCycle": item.update_cycle,
        "dataFormat": item.data_format,
        "legalBasis": item.legal_basis,
    }

"""The catalogue's entries: each field of the graph with the legal elements of the item that it comes from."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLObjectType

from adapters.contract import CatalogueItem
from resolvers.graph import Graph
from resolvers.items import OWN_ITEMS
from schema.classification import Classification


def catalogue_entries(graph: Graph) -> list[dict[str, Any]]:
    """Return one entry for each field of each object type, in the order of the schema."""
    items = {source.dataset.item.code: source.dataset.item for source in graph.sources.values()}
    items.update(OWN_ITEMS)
    return [
        _entry(f"{type_.name}.{name}", field.description or "", classification, items[classification.item])
        for type_ in graph.schema.type_map.values()
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
        for name, field in type_.fields.items()
        for classification in (graph.composed.classifications[f"{type_.name}.{name}"],)
    ]


def _entry(
    coordinate: str, description: str, classification: Classification, item: CatalogueItem
) -> dict[str, Any]:
    return {
        "field": coordinate,
        "description": description,
        "item": item.code,
        "itemName": f"{item.name_zh} · {item.name_en}",
        "provider": item.provider,
        "dataClass": classification.data_class.name,
        "sensitivity": classification.sensitivity.name,
        "nature": item.nature.name,
        "disclosure": item.disclosure.name,
        "subjects": sorted(kind.name for kind in item.subjects),
        "coverage": item.coverage,
        "updateCycle": item.update_cycle,
        "dataFormat": item.data_format,
        "legalBasis": item.legal_basis,
    }

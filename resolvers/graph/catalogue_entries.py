"""The catalogue's entries: each field of the graph with the legal elements of the item that it comes from."""

from __future__ import annotations

from typing import Any

from resolvers.graph.fields import Field, fields_of, used
from resolvers.graph.graph import Graph


def catalogue_entries(graph: Graph) -> list[dict[str, Any]]:
    """Return one entry for each field of each object type, in the order of the schema."""
    return [_entry(field) for field in fields_of(graph).values()]


def _entry(field: Field) -> dict[str, Any]:
    described, item = field.classification, field.item
    return {
        "field": field.coordinate,
        "description": field.description,
        "item": item.code,
        "itemName": f"{item.name_zh} · {item.name_en}",
        "provider": item.provider,
        "dataClass": described.data_class.name,
        "sensitivity": described.sensitivity.name,
        "uses": sorted(use.value for use in described.uses),
        "inputs": [used(each) for each in field.inputs],
        "nature": item.nature.name,
        "disclosure": item.disclosure.name,
        "subjects": sorted(kind.name for kind in item.subjects),
        "coverage": item.coverage,
        "updateCycle": item.update_cycle,
        "dataFormat": item.data_format,
        "legalBasis": item.legal_basis,
    }

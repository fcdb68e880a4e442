"""What the lists of the graph tell by their order and their filters, checked when they are bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from graphql import GraphQLObjectType

from catalogue.declarations import Dataset
from resolvers.graph.bindings import Edge, Gathering
from resolvers.graph.fields import fields_by_column
from schema.compose import CompositionError
from schema.graphql_types import named_type_of

if TYPE_CHECKING:
    from resolvers.graph.graph import Graph


def check_lists(graph: Graph) -> None:
    """Refuse a data set whose order tells of what no field shows, and a filter that its column contradicts."""
    for record, source in _listed(graph):
        dataset = graph.sources[source].dataset
        _check_order(graph, record, source, dataset)
        _check_absence(graph, record, source, dataset)


def _listed(graph: Graph) -> Iterator[tuple[str, str]]:
    """Yield each record type with the full name of a data set that it is listed from."""
    for coordinate, binding in graph.fields.items():
        owner, name = coordinate.split(".")
        if isinstance(binding, Edge):
            type_ = graph.schema.type_map[owner]
            assert isinstance(type_, GraphQLObjectType)  # noqa: S101 binding saw to it
            yield named_type_of(type_.fields[name]).name, binding.dataset
        elif isinstance(binding, Gathering):
            yield from binding.datasets.items()


def _check_order(graph: Graph, record: str, source: str, dataset: Dataset) -> None:
    """The order of records is seen by whoever sees two of them, whichever of their fields are read."""
    shown = fields_by_column(graph, record)
    for name in (each.removeprefix("-") for each in dataset.order):
        column = dataset.by_name.get(name)
        if name not in shown and not (column is not None and column.neutral):
            raise CompositionError(
                f"{source} is ordered by {name}, which no field of {record} shows and which is not neutral"
            )


def _check_absence(graph: Graph, record: str, source: str, dataset: Dataset) -> None:
    choices = graph.composed.choices.get(record)
    for name, absent in choices.filters.items() if choices else ():
        column = dataset.by_name[graph.column(record, name)]
        if column.nullable is not absent:
            raise CompositionError(
                f"{record}.{name} and {source}.{column.name} differ in whether it may be absent"
            )

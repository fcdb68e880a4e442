"""Registered tables of counts: their labels, and a refusal of whatever would let counting slip past them.

A table is read whole by its one argument. There is nothing by which a caller could choose a part of it, so two
questions about one period cannot differ by a few subjects.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Final

from graphql import GraphQLEnumType, GraphQLNamedType, GraphQLObjectType

from catalogue.declarations import COUNT, Column, Counting, Dataset, Kind
from resolvers.graph.bindings import Edge, Gathering, Tabulation
from schema.classification import DataClass, Use
from schema.compose import CompositionError
from schema.graphql_types import named_type_of

if TYPE_CHECKING:
    from resolvers.graph.graph import Graph

SUPPRESSED: Final = "suppressed"
"""The field of a cell that says whether its count is withheld; no bureau has a column for it."""
LEAST_MINIMUM: Final = 3
"""With a minimum of two, each of two counted subjects could tell the other from the count."""


def counting_of(graph: Graph, source: str) -> Counting:
    """Return how a registered table is laid out."""
    counting = graph.sources[source].dataset.counting
    assert counting is not None  # noqa: S101 binding saw to it
    return counting


def labels_of(graph: Graph, source: str, type_name: str, column: str) -> tuple[str, ...]:
    """Return the labels of one dimension: an enum's in the order of the schema, others in their own order."""
    for name, type_ in _leaves(graph, type_name):
        if graph.column(type_name, name) == column and isinstance(type_, GraphQLEnumType):
            return tuple(type_.values)
    return tuple(sorted(graph.sources[source].dataset.by_name[column].codes or ()))


def check_tabulations(graph: Graph) -> None:
    """Raise CompositionError where a table is not laid out as one, or where a statistic is no such table."""
    for problem in chain(_of_tables(graph), _of_records(graph), _of_statistics(graph)):
        raise CompositionError(problem)


def _tabulations(graph: Graph) -> Iterator[tuple[str, Tabulation, str]]:
    """Yield the coordinate, the binding and the type of the cells of each table."""
    query = graph.schema.query_type
    assert query is not None  # noqa: S101 composition saw to it
    for coordinate, binding in graph.fields.items():
        if isinstance(binding, Tabulation):
            yield coordinate, binding, named_type_of(query.fields[binding.field]).name


def _leaves(graph: Graph, type_name: str) -> Iterator[tuple[str, GraphQLNamedType]]:
    """Yield the name and the type of each field of a cell; its column has the same name in snake case."""
    type_ = graph.schema.type_map[type_name]
    if isinstance(type_, GraphQLObjectType):
        for name, field in type_.fields.items():
            yield name, named_type_of(field)


def _of_tables(graph: Graph) -> Iterator[str]:
    for coordinate, binding, type_name in _tabulations(graph):
        source = graph.sources.get(binding.dataset)
        if source is None or source.dataset.counting is None:
            yield f"{coordinate} is bound to {binding.dataset}, which is no registered table"
            continue
        yield from _of_layout(binding.dataset, source.dataset, source.dataset.counting)
        yield from _of_field(graph, coordinate, binding)
        yield from _of_cells(graph, type_name, source.dataset, source.dataset.counting)


def _of_layout(name: str, dataset: Dataset, counting: Counting) -> Iterator[str]:
    for each in (counting.row, counting.column):
        column = dataset.by_name.get(each)
        if column is None or column.codes is None or column.nullable:
            yield f"{name} labels its cells by {each}, which is no column of a closed set of codes"
    if dataset.by_name.get(COUNT) != Column(COUNT, Kind.INTEGER) or not dataset.many:
        yield f"{name} has no column {COUNT} with a whole number for each of many cells"
    if counting.minimum < LEAST_MINIMUM:
        yield f"{name} releases counts of {counting.minimum}; the least minimum is {LEAST_MINIMUM}"


def _of_field(graph: Graph, coordinate: str, binding: Tabulation) -> Iterator[str]:
    query = graph.schema.query_type
    assert query is not None  # noqa: S101 composition saw to it
    arguments = {name: str(each.type) for name, each in query.fields[binding.field].args.items()}
    if arguments != {binding.argument: "Int!"}:
        yield f"{coordinate} is asked for by anything but {binding.argument}: Int!, so it could be read in parts"
    classification = graph.composed.classifications[coordinate]
    if not classification.inputs or any(each.use is not Use.AGGREGATE for each in classification.inputs):
        yield f"{coordinate} does not say by which fields it counts, each with the use {Use.AGGREGATE.value}"


def _of_cells(graph: Graph, type_name: str, dataset: Dataset, counting: Counting) -> Iterator[str]:
    found = {graph.column(type_name, name): type_ for name, type_ in _leaves(graph, type_name)}
    if found.keys() != {counting.row, counting.column, COUNT, SUPPRESSED}:
        yield f"{type_name} has other fields than {counting.row}, {counting.column}, {COUNT} and {SUPPRESSED}"
        return
    if (found[COUNT].name, found[SUPPRESSED].name) != ("Int", "Boolean"):
        yield f"{type_name} has a count that is no Int or a mark that is no Boolean"
    for column in (counting.row, counting.column):
        type_ = found[column]
        codes = frozenset(type_.values) if isinstance(type_, GraphQLEnumType) else None
        if codes != dataset.by_name[column].codes and type_.name != "String":
            yield f"{type_name} and {dataset.name} have other codes for {column}"


def _of_records(graph: Graph) -> Iterator[str]:
    """Yield one line for each binding that would give out the cells of a table as if they were records."""
    counted = {name for name, source in graph.sources.items() if source.dataset.counting is not None}
    for entity in graph.entities.values():
        if entity.dataset in counted:
            yield f"{entity.type_name} is read from {entity.dataset}, which is a table of counts"
    for coordinate, binding in graph.fields.items():
        read = {binding.dataset} if isinstance(binding, Edge) else set[str]()
        read |= set(binding.datasets.values()) if isinstance(binding, Gathering) else set[str]()
        for dataset in sorted(read & counted):
            yield f"{coordinate} is read from {dataset}, which is a table of counts"


def _of_statistics(graph: Graph) -> Iterator[str]:
    """Yield one line for each field of the class STATISTIC that no table answers, and the other way round."""
    fields: set[str] = set()
    for coordinate, _, type_name in _tabulations(graph):
        fields.add(coordinate)
        fields |= {f"{type_name}.{name}" for name, _ in _leaves(graph, type_name)}
    for coordinate, classification in graph.composed.classifications.items():
        if (classification.data_class is DataClass.STATISTIC) is not (coordinate in fields):
            yield f"{coordinate} is a statistic and no part of a registered table, or the other way round"

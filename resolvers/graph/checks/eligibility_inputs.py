"""Holds what an eligibility looks at against what its field declares: neither may know more than the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from graphql import GraphQLObjectType

from resolvers.graph.bindings import Edge, Eligibility, StandingOf
from schema.classification import Use
from schema.compose import CompositionError
from schema.graphql_types import named_type_of

if TYPE_CHECKING:
    from resolvers.graph.graph import Graph


def check_eligibility(graph: Graph) -> None:
    """Raise CompositionError for an answer that has no rule, or whose rule and inputs differ."""
    for binding in graph.fields.values():
        if isinstance(binding, StandingOf):
            _check_answers(graph, binding)
    for coordinate, binding in graph.fields.items():
        if isinstance(binding, Eligibility):
            _check_rules(graph, coordinate, binding)


def _check_answers(graph: Graph, binding: StandingOf) -> None:
    query = graph.schema.query_type
    assert query is not None  # noqa: S101 composition saw to it
    answers = named_type_of(query.fields[binding.field])
    assert isinstance(answers, GraphQLObjectType)  # noqa: S101 likewise
    for name in answers.fields:
        if not isinstance(graph.fields.get(f"{answers.name}.{name}"), Eligibility):
            raise CompositionError(f"{answers.name}.{name} has no rule in resolvers/edges")


def _check_rules(graph: Graph, coordinate: str, binding: Eligibility) -> None:
    known = _datasets_by_type(graph)
    needed = {
        (dataset, column)
        for rule in binding.rules.values()
        for dataset, columns in rule.needs.items()
        for column in columns
    }
    declared: set[tuple[str, str]] = set()
    for each in graph.composed.classifications[coordinate].inputs:
        type_name, field = each.coordinate(coordinate.split(".", maxsplit=1)[0]).split(".")
        column = graph.column(type_name, field)
        found = {(dataset, column) for dataset in known.get(type_name, ())} & needed
        if each.use is not Use.DERIVE or not found:
            raise CompositionError(f"{coordinate} names the input {each.field}, which its rule does not read")
        declared |= found
    for dataset, column in sorted(needed - declared):
        raise CompositionError(
            f"{coordinate} is derived from {dataset}.{column}, which is none of its inputs"
        )


def _datasets_by_type(graph: Graph) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for type_name, dataset in _answered(graph):
        found.setdefault(type_name, set()).add(dataset)
    return found


def _answered(graph: Graph) -> Iterator[tuple[str, str]]:
    for entity in graph.entities.values():
        yield entity.type_name, entity.dataset
    for coordinate, binding in graph.fields.items():
        if isinstance(binding, Edge):
            owner, field = coordinate.split(".")
            type_ = graph.schema.type_map[owner]
            assert isinstance(type_, GraphQLObjectType)  # noqa: S101 binding saw to it
            yield named_type_of(type_.fields[field]).name, binding.dataset

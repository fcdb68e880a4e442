"""Holds what an eligibility looks at against what its field declares: neither may know more than the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalogue.classification import Use
from resolvers.graph.bindings import Eligibility
from schema.compose import CompositionError

if TYPE_CHECKING:
    from resolvers.graph.graph import Graph


def check_eligibility(graph: Graph) -> None:
    """Raise CompositionError for an answer whose rule and inputs differ."""
    for coordinate, binding in graph.fields.items():
        if isinstance(binding, Eligibility):
            _check_rules(graph, coordinate, binding)


def _check_rules(graph: Graph, coordinate: str, binding: Eligibility) -> None:
    known: dict[str, set[str]] = {}
    for name, source in graph.sources.items():
        known.setdefault(source.dataset.type_name, set()).add(name)
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

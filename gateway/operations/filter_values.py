"""What a filter or an order may hold: nothing that a caller could take out of it, and no list without a bound.

GraphQL leaves out a member of an input whose nullable variable is not sent (section 3.10 of the specification). In
a filter that would lift a condition that the document states, so every variable there is of a non-null type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    GraphQLError,
    ListValueNode,
    NonNullTypeNode,
    NullValueNode,
    VariableDefinitionNode,
    VariableNode,
)

from gateway.operations.limits.shape import nodes
from schema.filter_inputs import MOST_VALUES
from schema.list_arguments import CERTAIN


def optional_filter_values(document: DocumentNode) -> Iterator[GraphQLError]:
    """Yield an error for each value in a filter or an order of a valid document that may not stand there."""
    every = list(nodes(document))
    nullable = {
        each.variable.name.value
        for each in every
        if isinstance(each, VariableDefinitionNode) and not isinstance(each.type, NonNullTypeNode)
    }
    for each in every:
        if isinstance(each, ArgumentNode) and each.name.value in CERTAIN:
            for value in nodes(each):
                problem = _problem(value, nullable)
                if problem:
                    yield GraphQLError(f"In {each.name.value} {problem}", each)


def _problem(value: Any, nullable: set[str]) -> str | None:
    if isinstance(value, VariableNode) and value.name.value in nullable:
        return "every variable is of a non-null type: whoever left it out would lift a condition."
    if isinstance(value, NullValueNode):
        return "a null is no condition: ask by isNull, or leave the condition out."
    if isinstance(value, ListValueNode) and len(value.values) > MOST_VALUES:
        return f"a list holds at most {MOST_VALUES} values."
    return None

"""The values of a plan's arguments for one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from graphql import GraphQLNonNull, Undefined
from graphql.execution.values import VariableValues, get_argument_values

from resolvers.plan.plan import Argument
from schema.filter_inputs import MOST_VALUES
from schema.graphql_types import argument_type
from schema.list_arguments import CERTAIN


@dataclass(frozen=True, slots=True)
class InvalidArgument:
    """Stands for an argument whose value could not be had: its field fails, the others do not."""

    name: str


def evaluate(arguments: Sequence[Argument], variables: Mapping[str, Any]) -> list[Any]:
    """Return the value of each argument, with an InvalidArgument where it has none.

    Section 6.4.1 of the GraphQL specification: an absent variable leaves the argument's default, a null
    for a non-null argument is an error of the field.
    """
    return [_value(argument, variables) for argument in arguments]


def _value(argument: Argument, variables: Mapping[str, Any]) -> Any:
    value = _given(argument, variables)
    if argument.name in CERTAIN and not _is_certain(value):
        return InvalidArgument(argument.name)
    return value


def _is_certain(value: Any) -> bool:
    """Whether a value holds no null and no long list: a null where a condition is meant would lift it."""
    if isinstance(value, dict):
        return all(map(_is_certain, cast("dict[str, Any]", value).values()))
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return len(items) <= MOST_VALUES and all(map(_is_certain, items))
    return value is not None


def _given(argument: Argument, variables: Mapping[str, Any]) -> Any:
    if argument.node is None:
        return argument.constant
    if argument.variable is None:
        return _composed(argument, variables)
    value = variables.get(argument.variable, Undefined)
    return value if value is not None and value is not Undefined else _absent(argument, value)


def _absent(argument: Argument, value: Any) -> Any:
    assert argument.definition is not None  # noqa: S101 the compiler gives it with the node
    declared = argument.definition.args[argument.name]
    if value is Undefined and declared.default_value is not Undefined:
        return declared.default_value
    return InvalidArgument(argument.name) if isinstance(argument_type(declared), GraphQLNonNull) else None


def _composed(argument: Argument, variables: Mapping[str, Any]) -> Any:
    assert argument.definition is not None  # noqa: S101 the compiler gives it with the node
    assert argument.node is not None  # noqa: S101
    try:
        values = VariableValues({}, dict(variables))
        return get_argument_values(argument.definition, argument.node, values)[argument.name]
    except Exception:
        return InvalidArgument(argument.name)

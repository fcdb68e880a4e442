"""graphql-core's functions over types, under the types that they have.

The generics of graphql-core's wrapping types are bare in its own annotations, so strict checking sees them as
partially unknown. This module is the one place that says what they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, cast

import graphql
from graphql import (
    ExecutionResult,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    TypeNode,
    Undefined,
)

InputType: TypeAlias = (
    "GraphQLNonNull[Any] | GraphQLList[Any] | GraphQLScalarType | GraphQLEnumType | GraphQLInputObjectType"
)
OnInvalid: TypeAlias = Callable[[GraphQLError, list[str | int]], None]

_core = cast("Any", graphql)

type_from_ast: Callable[[GraphQLSchema, TypeNode], InputType | None] = _core.type_from_ast
coerce_input_literal: Callable[..., Any] = _core.utilities.coerce_input_literal
coerce_input_value: Callable[[Any, InputType], Any] = _core.utilities.coerce_input_value
validate_input_value: Callable[[Any, InputType, OnInvalid], None] = _core.validate_input_value
execute_sync: Callable[..., ExecutionResult] = _core.execute_sync


def argument_type(argument: GraphQLArgument) -> InputType:
    """Return the type that an argument is declared with."""
    return cast("Any", argument).type


def default_of(argument: GraphQLArgument) -> Any:
    """Return the value of an argument that a document leaves out; Undefined where it has none."""
    default = argument.default
    if default is None or default.literal is None:
        return Undefined
    return coerce_input_literal(default.literal, argument_type(argument))


def named_type_of(field: GraphQLField | GraphQLInputField | GraphQLArgument) -> GraphQLNamedType:
    """Return the type of a field, a member or an argument without its lists and non-nulls."""
    return _core.get_named_type(cast("Any", field).type)

"""The arguments of a plan, and their values for one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import msgspec
from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLNonNull,
    Undefined,
    VariableNode,
    print_ast,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.language import Visitor, visit

from schema.graphql_types import argument_type, default_of
from schema.list_arguments import CERTAIN, MOST_VALUES

FIRST: Final = "first"
"""The argument that bounds a list."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: a constant, a variable, or a literal with variables inside (`node`)."""

    name: str
    text: str
    """As the document writes it; for print only."""
    constant: Any = None
    variable: str | None = None
    node: FieldNode | None = field(default=None, repr=False)
    definition: GraphQLField | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class InvalidArgument:
    """Stands for an argument that has no valid value: its field fails, the others do not."""

    name: str


class Arguments(msgspec.Struct):
    """The value of each argument for one request.

    An invalid argument stands in `invalid` by its number. In its place `values` holds 0 where it bounds a list, so
    that nothing of the list is read, and else the InvalidArgument, which no reader mistakes for a value.
    """

    values: list[Any]
    invalid: dict[int, InvalidArgument]


class Evaluation:
    """Evaluates the arguments of one plan: constants once, variables for each request."""

    __slots__ = ("_composed", "_constants", "_invalid", "_variables")

    def __init__(self, arguments: Sequence[Argument]) -> None:
        """Evaluate the constants."""
        self._variables: list[tuple[int, str, Argument]] = []
        self._composed: list[tuple[int, Argument]] = []
        found = Arguments([None] * len(arguments), {})
        for number, argument in enumerate(arguments):
            if argument.node is None:
                _put(found, number, argument, argument.constant)
            elif argument.variable is not None and argument.name not in CERTAIN:
                self._variables.append((number, argument.variable, argument))
            else:
                self._composed.append((number, argument))
        self._constants, self._invalid = found.values, found.invalid

    def of(self, variables: Mapping[str, Any]) -> Arguments:
        """Return the value of each argument.

        Section 6.4.1 of the GraphQL specification: an absent variable leaves the argument's default, a null
        for a non-null argument is an error of the field.
        """
        found = Arguments(self._constants.copy(), self._invalid.copy())
        for number, name, argument in self._variables:
            value = variables.get(name)
            if value is None:
                _put(found, number, argument, _absent(argument, variables))
            else:
                found.values[number] = value
        for number, argument in self._composed:
            _put(found, number, argument, _given(argument, variables))
        return found


def evaluate(arguments: Sequence[Argument], variables: Mapping[str, Any]) -> Arguments:
    """Return the value of each argument, for one request alone."""
    return Evaluation(arguments).of(variables)


def _put(found: Arguments, number: int, argument: Argument, value: Any) -> None:
    if argument.name in CERTAIN and not _is_certain(value):
        value = InvalidArgument(argument.name)
    if isinstance(value, InvalidArgument):
        found.invalid[number] = value
        value = 0 if argument.name == FIRST else value
    found.values[number] = value


def _is_certain(value: Any) -> bool:
    """Whether a value holds no null and no long list: a null where a condition is meant would lift it."""
    if isinstance(value, dict):
        return all(map(_is_certain, cast("dict[str, Any]", value).values()))
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return len(items) <= MOST_VALUES and all(map(_is_certain, items))
    return value is not None


def _given(argument: Argument, variables: Mapping[str, Any]) -> Any:
    if argument.variable is None:
        return _composed(argument, variables)
    value = variables.get(argument.variable)
    return _absent(argument, variables) if value is None else value


def _absent(argument: Argument, variables: Mapping[str, Any]) -> Any:
    assert argument.definition is not None  # noqa: S101 the compiler gives it with the node
    declared = argument.definition.args[argument.name]
    absent = variables.get(argument.variable or "", Undefined) is Undefined
    default = default_of(declared)
    if absent and default is not Undefined:
        return default
    return InvalidArgument(argument.name) if isinstance(argument_type(declared), GraphQLNonNull) else None


def _composed(argument: Argument, variables: Mapping[str, Any]) -> Any:
    assert argument.definition is not None  # noqa: S101 the compiler gives it with the node
    assert argument.node is not None  # noqa: S101
    try:
        values = VariableValues({}, dict(variables))
        return get_argument_values(argument.definition, argument.node, values)[argument.name]
    except Exception:
        return InvalidArgument(argument.name)


def argument_of(definition: GraphQLField, node: FieldNode, name: str) -> Argument:
    """Return how the argument `name` of a field gets its value."""
    given = next((each for each in node.arguments or () if each.name.value == name), None)
    if given is None:
        return Argument(name, "default", constant=default_of(definition.args[name]))
    if not _has_variable(node):
        return Argument(name, print_ast(given.value), constant=get_argument_values(definition, node)[name])
    if isinstance(given.value, VariableNode):
        return Argument(name, f"${given.value.name.value}", None, given.value.name.value, node, definition)
    return Argument(name, print_ast(given.value), node=node, definition=definition)


def _has_variable(node: FieldNode) -> bool:
    found: list[VariableNode] = []

    class Finder(Visitor):
        def enter_variable(self, variable: VariableNode, *_: object) -> None:
            found.append(variable)

    for argument in node.arguments or ():
        visit(argument, Finder())
    return bool(found)

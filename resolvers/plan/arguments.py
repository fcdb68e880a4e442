"""The arguments of a plan, and their values for one request."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import msgspec
from graphql import (
    GraphQLArgument,
    GraphQLNonNull,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    print_ast,
)
from graphql.execution.values import VariableValues

from adapters.bureau_errors import BureauError
from schema.graphql_types import argument_type, coerce_input_literal, default_of
from schema.list_arguments import CERTAIN, MOST_VALUES

FIRST: Final = "first"
"""The argument that bounds a list."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a field. `literal` is what the document writes; None where it leaves the argument out."""

    name: str
    definition: GraphQLArgument = field(repr=False)
    literal: ValueNode | None = field(repr=False)

    @property
    def text(self) -> str:
        """The literal in print."""
        return print_ast(self.literal) if self.literal else "default"

    @property
    def varies(self) -> bool:
        """Whether a variable stands in the literal."""
        return any(isinstance(each, VariableNode) for each in self.leaves())

    def leaves(self) -> Iterator[ValueNode]:
        """Yield the single values and the variables that the literal is made of."""
        if self.literal is not None:
            yield from _leaves(self.literal)

    def members(self) -> Iterator[str]:
        """Yield the members of the objects that the literal writes; none where a variable may hold an object."""
        values = self.literal.values if isinstance(self.literal, ListValueNode) else (self.literal,)
        if not any(isinstance(each, VariableNode) for each in values):
            for each in values:
                if isinstance(each, ObjectValueNode):
                    yield from (member.name.value for member in each.fields)

    def value(self, variables: Mapping[str, Any]) -> Any:
        """Return the value for one request, or an InvalidArgument.

        Section 6.4.1 of the GraphQL specification: an absent variable leaves the argument's default, a null
        for a non-null argument is an error of the field.
        """
        literal, type_ = self.literal, argument_type(self.definition)
        if literal is None or (isinstance(literal, VariableNode) and literal.name.value not in variables):
            value = default_of(self.definition)
            if value is Undefined and not isinstance(type_, GraphQLNonNull):
                value = None
        else:
            value = coerce_input_literal(literal, type_, VariableValues({}, dict(variables)))
        if value is Undefined or (self.name in CERTAIN and not _is_certain(value)):
            return InvalidArgument(self.name)
        return value


@dataclass(frozen=True, slots=True)
class InvalidArgument:
    """Stands for an argument that has no valid value: its field fails, the others do not."""

    name: str


class Arguments(msgspec.Struct):
    """The value of each argument for one request.

    An invalid argument stands in `invalid` by its number, and so does the error of a bureau that was to tell whom it names. In its place `values` holds 0 where it bounds a list, so
    that nothing of the list is read, and else the InvalidArgument, which no reader mistakes for a value.
    """

    values: list[Any]
    invalid: dict[int, InvalidArgument | BureauError]


class Evaluation:
    """Evaluates the arguments of one plan: constants once, variables for each request."""

    __slots__ = ("_invalid", "_varying", "constants")

    def __init__(self, arguments: Sequence[Argument]) -> None:
        """Evaluate the constants; the other places in `constants` hold None."""
        self._varying: list[tuple[int, str, Argument]] = []
        found = Arguments([None] * len(arguments), {})
        for number, argument in enumerate(arguments):
            literal = argument.literal
            if not argument.varies:
                _set_value(found, number, argument, {})
            elif isinstance(literal, VariableNode) and argument.name not in CERTAIN:
                self._varying.append((number, literal.name.value, argument))
            else:
                self._varying.append((number, "", argument))
        self.constants, self._invalid = found.values, found.invalid

    def of(self, variables: Mapping[str, Any]) -> Arguments:
        """Return the value of each argument. One that is a variable alone takes its value as it is, unless null."""
        found = Arguments(self.constants.copy(), self._invalid.copy())
        for number, name, argument in self._varying:
            value = variables.get(name)
            if value is None:
                _set_value(found, number, argument, variables)
            else:
                found.values[number] = value
        return found


def _set_value(found: Arguments, number: int, argument: Argument, variables: Mapping[str, Any]) -> None:
    value = argument.value(variables)
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


def _leaves(value: ValueNode) -> Iterator[ValueNode]:
    if isinstance(value, ListValueNode | ObjectValueNode):
        inner = value.values if isinstance(value, ListValueNode) else [each.value for each in value.fields]
        for each in inner:
            yield from _leaves(each)
    else:
        yield value

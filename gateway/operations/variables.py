"""Variables of a request, coerced to their types; an error names the variable and never its value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
)

from catalogue.identifiers import IdentifierError
from gateway.errors import VARIABLE_INVALID, RequestError, code_of_identifier
from schema.graphql_types import (
    InputType,
    coerce_input_literal,
    coerce_input_value,
    type_from_ast,
    validate_input_value,
)
from schema.scalars import ScalarError

Coerce: TypeAlias = Callable[[Any], Any]


class _Wrong(Exception):
    def __init__(self, where: str, why: Exception | str) -> None:
        self.where = where
        self.why = why


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: its type as written, its coercion, and its default where it has one."""

    name: str
    type_text: str
    required: bool
    default: Any
    coerce: Coerce


def variables_of(schema: GraphQLSchema, operation: OperationDefinitionNode) -> tuple[Variable, ...]:
    """Return the variables that a validated operation declares."""
    found: list[Variable] = []
    for definition in operation.variable_definitions or ():
        type_ = type_from_ast(schema, definition.type)
        assert type_ is not None  # noqa: S101 validation saw to it
        default = (
            coerce_input_literal(definition.default_value, type_) if definition.default_value else Undefined
        )
        required = isinstance(type_, GraphQLNonNull) and default is Undefined
        name = definition.variable.name.value
        found.append(Variable(name, str(type_), required, default, _coercion(type_)))
    return tuple(found)


def coerce_variables(variables: tuple[Variable, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of all variables that have one, or raise VARIABLE_INVALID, IDENTIFIER_INVALID or IDENTIFIER_FORMER."""
    values: dict[str, Any] = {}
    for variable in variables:
        if variable.name in given:
            try:
                values[variable.name] = variable.coerce(given[variable.name])
            except _Wrong as wrong:
                raise _refused(variable, wrong) from None
        elif variable.required:
            raise RequestError(VARIABLE_INVALID, f"${variable.name} of type {variable.type_text} is missing.")
        elif variable.default is not Undefined:
            values[variable.name] = variable.default
    return values


def _refused(variable: Variable, wrong: _Wrong) -> RequestError:
    place = f"${variable.name}{wrong.where}"
    if isinstance(wrong.why, IdentifierError):
        return RequestError(code_of_identifier(wrong.why), f"{place}: {wrong.why}")
    if isinstance(wrong.why, ScalarError):
        return RequestError(VARIABLE_INVALID, f"{place}: {wrong.why}")
    return RequestError(VARIABLE_INVALID, f"{place} is not of type {variable.type_text}.")


def _coercion(type_: InputType) -> Coerce:
    if isinstance(type_, GraphQLNonNull):
        return _non_null(_coercion(type_.of_type))
    if isinstance(type_, GraphQLList):
        return _list(_coercion(type_.of_type))
    if isinstance(type_, GraphQLScalarType):
        return _scalar(type_)
    if isinstance(type_, GraphQLInputObjectType) and type_.is_one_of:
        return _one_of(type_)
    return _coerce_by_library(type_)


def _non_null(inner: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        if value is None:
            raise _Wrong("", "null")
        return inner(value)

    return coerce


def _list(inner: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, list):
            return [inner(value)]
        items = cast("list[Any]", value)
        try:
            return [inner(item) for item in items]
        except _Wrong:
            return _searched(items, inner)

    return coerce


def _searched(items: list[Any], inner: Coerce) -> list[Any]:
    """Coerce again, item by item, to say which one is wrong."""
    found: list[Any] = []
    for number, item in enumerate(items):
        try:
            found.append(inner(item))
        except _Wrong as wrong:
            raise _Wrong(f"[{number}]{wrong.where}", wrong.why) from None
    return found


def _scalar(type_: GraphQLScalarType) -> Coerce:
    parse = type_.parse_value

    def coerce(value: Any) -> Any:
        if value is None:
            return None
        try:
            return parse(value)
        except Exception as error:
            raise _Wrong("", error) from None

    return coerce


def _one_of(type_: GraphQLInputObjectType) -> Coerce:
    """Coerce an object with one scalar member. A long list has many, and the library is slow; it still judges all others."""
    by_library = _coerce_by_library(type_)
    parsers = {
        name: (each.out_name or name, each.type.parse_value)
        for name, each in type_.fields.items()
        if isinstance(each.type, GraphQLScalarType)
    }

    def coerce(value: Any) -> Any:
        if isinstance(value, dict) and len(cast("dict[Any, Any]", value)) == 1:
            ((name, member),) = cast("dict[Any, Any]", value).items()
            if member is not None and name in parsers:
                called, parse = parsers[name]
                try:
                    return {called: parse(member)}
                except Exception:
                    return by_library(value)
        return by_library(value)

    return coerce


def _coerce_by_library(type_: InputType) -> Coerce:
    def refuse(error: GraphQLError, path: list[str | int]) -> None:
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
        raise _Wrong(where, error.original_error or "")

    def coerce(value: Any) -> Any:
        found = coerce_input_value(value, type_)
        if found is Undefined:
            validate_input_value(value, type_, refuse)
            raise _Wrong("", "")
        return found

    return coerce

"""Whatever can be missing is nullable: a denial or a bureau that fails must not take its neighbours along.

A null in a non-null place nulls the nearest nullable parent (GraphQL specification, section 6.4.4), and with
it values that were granted and read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)

from schema.classification import DataClass
from schema.compose import ComposedSchema


def violations(composed: ComposedSchema) -> list[str]:
    """Return one line for each field that can be missing and is not nullable.

    Fields of the open catalogue are answered from the schema itself and never fail. Items of a list may be
    non-null, since a list is denied or fails as a whole, unless they are subjects: each is read by itself.
    """
    return list(_violations(composed))


def _violations(composed: ComposedSchema) -> Iterator[str]:
    for coordinate, classification in composed.classifications.items():
        type_ = _field_type(composed.graphql, coordinate)
        if classification.data_class is not DataClass.OPEN and is_non_null_type(type_):
            yield f"{coordinate} is {type_}: a field that can be denied must be nullable"
        if _has_non_null_subjects(composed.graphql, type_):
            yield f"{coordinate} is {type_}: a subject that cannot be read must be null in its list"


def _field_type(schema: GraphQLSchema, coordinate: str) -> Any:
    owner, field = coordinate.split(".")
    type_ = schema.type_map[owner]
    assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)  # noqa: S101 composition saw to it
    return type_.fields[field].type


def _has_non_null_subjects(schema: GraphQLSchema, type_: Any) -> bool:
    bare = get_nullable_type(type_)
    if not is_list_type(bare) or not is_non_null_type(bare.of_type):
        return False
    named, interface = get_named_type(type_), schema.type_map["CreditSubject"]
    return named is interface or interface in getattr(named, "interfaces", ())

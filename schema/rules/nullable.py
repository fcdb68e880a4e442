"""Whatever can be missing is nullable: a denial or a bureau that fails must not take its neighbours along.

A null in a non-null place nulls the nearest nullable parent (GraphQL specification, section 6.4.4), and with
it values that were granted and read.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from catalogue.classification import DataClass
from schema.compose import ComposedSchema


def violations(composed: ComposedSchema) -> list[str]:
    """Return one line for each field that can be missing and is not nullable.

    Fields of the open catalogue are answered from the schema itself and never fail. Items of a list may be
    non-null, since a list is denied or fails as a whole, unless they are subjects: each is read by itself.
    """
    return list(_violations(composed))


def _violations(composed: ComposedSchema) -> Iterator[str]:
    for coordinate, classification in composed.classifications.items():
        written = _written_type(composed.graphql, coordinate)
        if classification.data_class is not DataClass.OPEN and written.endswith("!"):
            yield f"{coordinate} is {written}: a field that can be denied must be nullable"
        if _has_non_null_subjects(composed.graphql, written):
            yield f"{coordinate} is {written}: a subject that cannot be read must be null in its list"


def _written_type(schema: GraphQLSchema, coordinate: str) -> str:
    """Return a field's type as the SDL writes it."""
    owner, field = coordinate.split(".")
    type_ = schema.type_map[owner]
    assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)  # noqa: S101 composition saw to it
    return str(type_.fields[field].type)


def _has_non_null_subjects(schema: GraphQLSchema, written: str) -> bool:
    if not written.removesuffix("!").endswith("!]"):
        return False
    named, interface = schema.type_map[written.strip("[]!")], schema.type_map["CreditSubject"]
    return named is interface or interface in getattr(named, "interfaces", ())

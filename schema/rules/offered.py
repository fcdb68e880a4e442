"""A list of records takes `first`, and `where`, `orderBy` and `after` where its fields declare the use; nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
)

from catalogue.classification import NEVER_CHOSEN, Use
from schema.compose import ComposedSchema
from schema.graphql_types import named_type_of
from schema.list_arguments import CHOOSING, records_of
from schema.name_case import constant_case


def violations(composed: ComposedSchema) -> list[str]:
    """Return one line for each argument of a list, or member of one, that no declared use stands for."""
    return [line for coordinate, each in _fields(composed) for line in _of_list(composed, coordinate, each)]


def _fields(composed: ComposedSchema) -> Iterator[tuple[str, GraphQLField]]:
    for type_ in composed.graphql.type_map.values():
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and not type_.name.startswith("__"):
            for name, each in type_.fields.items():
                yield f"{type_.name}.{name}", each


def _of_list(composed: ComposedSchema, coordinate: str, listed: GraphQLField) -> Iterator[str]:
    record = records_of(listed)
    if record is None:
        return
    for name in listed.args.keys() - {"first", *CHOOSING}:
        yield f"{coordinate} takes {name}, and a list of records is chosen by {', '.join(CHOOSING)} alone"
    for name, use in (("where", Use.FILTER), ("orderBy", Use.SORT)):
        for offered in _offered(listed, name):
            yield from _undeclared(composed, record, offered, use)
    if "after" in listed.args and _never(composed, record):
        yield f"{coordinate} takes after, and every field of {record.name} is only ever read"


def _offered(listed: GraphQLField, name: str) -> list[str]:
    """Return what an argument names: the members of a filter, or the values of an order."""
    if name not in listed.args:
        return []
    input_ = named_type_of(listed.args[name])
    if not isinstance(input_, GraphQLInputObjectType):
        return [name]
    if name == "where":
        return list(input_.fields)
    ordered = named_type_of(input_.fields["field"])
    return list(ordered.values) if isinstance(ordered, GraphQLEnumType) else [name]


def _undeclared(composed: ComposedSchema, record: GraphQLObjectType, offered: str, use: Use) -> Iterator[str]:
    fields = [name for name in record.fields if offered in (name, constant_case(name))]
    for name in fields or [offered]:
        classification = composed.classifications.get(f"{record.name}.{name}")
        if (
            classification is None
            or use not in classification.uses
            or classification.data_class in NEVER_CHOSEN
        ):
            yield f"{record.name}.{name} is offered for the use {use.value} and does not declare it"


def _never(composed: ComposedSchema, record: GraphQLObjectType) -> bool:
    return all(
        composed.classifications[f"{record.name}.{name}"].data_class in NEVER_CHOSEN for name in record.fields
    )

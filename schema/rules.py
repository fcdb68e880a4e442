"""What the SDL as a whole must keep, one function a rule; `python -m resolvers.graph` says where it does not."""

import re
from collections.abc import Iterator
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
)

from catalogue.classification import NEVER_CHOSEN, DataClass, Use
from schema.compose import ComposedSchema
from schema.graphql_types import named_type_of
from schema.list_arguments import CHOOSING, records_of
from schema.record_types import constant_case

_CONTINUES: Final = ("hasnext", "hasprevious", "hasmore", "pageinfo", "endcursor", "startcursor", "edges")
_COUNTS: Final = re.compile(r"^(count|total)|((?<!ac)count|total)$")
"""An account is no count."""


def violations(composed: ComposedSchema) -> list[str]:
    """Return every violation of every rule, one line each."""
    return [*non_null_fields(composed), *undeclared_choices(composed), *counting_fields(composed)]


def non_null_fields(composed: ComposedSchema) -> Iterator[str]:
    """Yield one line for each field that can be missing and is not nullable.

    A null in a non-null place nulls the nearest nullable parent (GraphQL specification, section 6.4.4), and with
    it values that were granted and read. Fields of the open catalogue are answered from the schema itself and never
    fail. Items of a list may be non-null, since a list is denied or fails as a whole, unless they are subjects: each
    is read by itself.
    """
    for coordinate, classification in composed.classifications.items():
        field: Any = _field(composed.graphql, coordinate)
        written = str(field.type)
        if classification.data_class is not DataClass.OPEN and written.endswith("!"):
            yield f"{coordinate} is {written}: a field that can be denied must be nullable"
        if _has_non_null_subjects(composed.graphql, written):
            yield f"{coordinate} is {written}: a subject that cannot be read must be null in its list"


def counting_fields(composed: ComposedSchema) -> Iterator[str]:
    """Yield one line for each field that counts a list or says whether it goes on.

    Either tells of records that a filter met and the caller did not read: asked often enough, of every value.
    Only registered tables of statistics hold counts.
    """
    for coordinate, classification in composed.classifications.items():
        name = coordinate.partition(".")[2].lower()
        if name.startswith(_CONTINUES):
            yield f"{coordinate} says whether a list goes on"
        elif classification.data_class is not DataClass.STATISTIC and _COUNTS.search(name):
            yield f"{coordinate} counts records"


def undeclared_choices(composed: ComposedSchema) -> Iterator[str]:
    """Yield one line for each argument of a list, or member of one, that no declared use stands for.

    A list of records takes `first`, and `where`, `orderBy` and `after` where its fields declare the use; nothing else.
    """
    for coordinate in composed.classifications:
        listed = _field(composed.graphql, coordinate)
        record = records_of(listed)
        if record is None:
            continue
        for name in listed.args.keys() - {"first", *CHOOSING}:
            yield f"{coordinate} takes {name}, and a list of records is chosen by {', '.join(CHOOSING)} alone"
        for name, use in (("where", Use.FILTER), ("orderBy", Use.SORT)):
            for offered in _offered(listed, name):
                yield from _undeclared(composed, record, offered, use)
        if "after" in listed.args and _is_never_chosen(composed, record):
            yield f"{coordinate} takes after, and every field of {record.name} is only ever read"


def _field(schema: GraphQLSchema, coordinate: str) -> GraphQLField:
    owner, field = coordinate.split(".")
    type_ = schema.type_map[owner]
    assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)  # noqa: S101 composition saw to it
    return type_.fields[field]


def _has_non_null_subjects(schema: GraphQLSchema, written: str) -> bool:
    if not written.removesuffix("!").endswith("!]"):
        return False
    named, interface = schema.type_map[written.strip("[]!")], schema.type_map["CreditSubject"]
    return named is interface or interface in getattr(named, "interfaces", ())


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
        found = composed.classifications.get(f"{record.name}.{name}")
        if found is None or use not in found.uses or found.data_class in NEVER_CHOSEN:
            yield f"{record.name}.{name} is offered for the use {use.value} and does not declare it"


def _is_never_chosen(composed: ComposedSchema, record: GraphQLObjectType) -> bool:
    classes = (composed.classifications[f"{record.name}.{name}"].data_class for name in record.fields)
    return NEVER_CHOSEN.issuperset(classes)

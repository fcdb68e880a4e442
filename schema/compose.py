"""Composition: one schema out of all declarations, refused by name where a field does not say what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import strawberry
from graphql import GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema
from strawberry.printer import print_schema
from strawberry.types.field import StrawberryField

from schema import declassifications, derivation
from schema import list_arguments as choices
from schema import protected_fields as foundations
from schema.classification import METADATA_KEY, Classification
from schema.list_arguments import Choices
from schema.query import Query
from schema.scalars import CONFIG
from schema.subjects import Enterprise, Person


class CompositionError(Exception):
    """The declarations do not make a schema; the message names the field and the rule."""


@dataclass(frozen=True, slots=True)
class ComposedSchema:
    """The schema, its SDL, and the classification of every field by its coordinate "Type.field"."""

    graphql: GraphQLSchema
    sdl: str
    classifications: Mapping[str, Classification]
    choices: Mapping[str, Choices] = field(default_factory=dict[str, Choices])
    """By record type: what its lists can be filtered and ordered by."""


def compose(query: type[Any] = Query, types: tuple[type[Any], ...] = (Person, Enterprise)) -> ComposedSchema:
    """Compose the schema of this installation, or raise CompositionError."""
    schema = strawberry.Schema(query=query, types=types, config=CONFIG)
    graphql = cast(GraphQLSchema, getattr(schema, "_schema"))  # noqa: B009 the public name is absent
    _mark_one_of(graphql)
    declared = _classifications(graphql)
    made = choices.add_choices(graphql, declared)
    return ComposedSchema(graphql, print_schema(schema) + "\n", _with_cursors(graphql, declared, made), made)


def _with_cursors(
    schema: GraphQLSchema, declared: dict[str, Classification], made: Mapping[str, Choices]
) -> dict[str, Classification]:
    types = [cast(GraphQLObjectType, schema.type_map[name]) for name in made]
    cursors = {
        f"{each.name}.cursor": each.fields["cursor"].extensions[METADATA_KEY]
        for each in types
        if "cursor" in each.fields
    }
    return declared | cursors


def _mark_one_of(schema: GraphQLSchema) -> None:
    """Tell graphql-core which inputs are @oneOf; Strawberry checks them by itself, as a failure too late.

    Without the mark validation lets `{person: null}` pass, and its coercion raises what is no GraphQLError.
    """
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            type_.is_one_of = type_.extensions["strawberry-definition"].is_one_of


def _classifications(schema: GraphQLSchema) -> dict[str, Classification]:
    found: dict[str, Classification] = {}
    for type_ in schema.type_map.values():
        if type_.name.startswith("__") or not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            continue
        found.update(_classifications_of(type_))
    reviewed = declassifications.declassifications()
    problems = (
        *foundations.violations(found),
        *derivation.violations(found),
        *declassifications.violations(found, reviewed),
        *choices.violations(schema, found),
    )
    for problem in problems:
        raise CompositionError(problem)
    return found


def _classifications_of(type_: GraphQLObjectType | GraphQLInterfaceType) -> dict[str, Classification]:
    found: dict[str, Classification] = {}
    for name, each in type_.fields.items():
        declared = cast(StrawberryField, each.extensions["strawberry-definition"])
        classification = declared.metadata.get(METADATA_KEY)
        if not isinstance(classification, Classification):
            raise CompositionError(f"{type_.name}.{name} has no classification")
        if not classification.uses:
            raise CompositionError(f"{type_.name}.{name} has no use, so nobody could ask for it")
        each.extensions[METADATA_KEY] = found[f"{type_.name}.{name}"] = classification
    return found

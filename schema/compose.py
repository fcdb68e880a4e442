"""Composition: one schema out of the declarations of all bureaus, refused by name where they do not make one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import strawberry
from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLSchema,
    ScalarTypeDefinitionNode,
    extend_schema,
    parse,
)

from catalogue.classification import Classification
from catalogue.declaration_checks import check_declarations
from catalogue.declarations import Bureau, DeclarationError, datasets_by_name
from schema import declassifications
from schema.classification_checks import loose_fields, unprotected_fields
from schema.list_arguments import Choices
from schema.query import add_query
from schema.record_types import add_codes
from schema.scalars import CONFIG, core_scalars
from schema.standing import add_standing, adverse_inputs
from schema.subject_types import add_records, add_subjects
from schema.type_builder import Types

_CLASSIFICATIONS: Final = "classifications"
_STRICTER: Final = "correct the field's class, sensitivity, uses or inputs where its bureau declares them"
_REVIEWED: Final = (
    f"leave the input out, or have its declassification reviewed in {declassifications.FILE.name}"
)


class CompositionError(DeclarationError):
    """The declarations do not make a schema; the message names the field, the rule and what to do."""


@dataclass(frozen=True, slots=True)
class ComposedSchema:
    """The schema, its SDL, and the classification of every field by its coordinate "Type.field"."""

    graphql: GraphQLSchema
    sdl: str
    classifications: Mapping[str, Classification]
    choices: Mapping[str, Choices] = field(default_factory=dict[str, Choices])
    """By record type: what its lists can be filtered and ordered by."""


def compose(bureaus: Iterable[Bureau], city: str) -> ComposedSchema:
    """Compose the schema of these bureaus in a city, or raise DeclarationError or TomlError."""
    known = tuple(bureaus)
    check_declarations(known)
    types = Types()
    add_codes(types, (each for bureau in known for each in bureau.shared))
    choices = add_records(types, known)
    add_subjects(types, known)
    add_standing(types, known, city)
    add_query(types, known)
    _check(types.classifications, known)
    subjects = [types.by_name[each.type_name] for each in datasets_by_name(known).values() if each.identifies]
    schema = strawberry.Schema(query=types.by_name["Query"], types=subjects, config=CONFIG)
    sdl = f"{schema.as_str()}\n"
    return ComposedSchema(_core_schema(sdl, types.classifications), sdl, types.classifications, choices)


def classifications_of(schema: GraphQLSchema) -> Mapping[str, Classification]:
    """Return the classification of every field of a composed schema by its coordinate."""
    return schema.extensions[_CLASSIFICATIONS]


def _core_schema(sdl: str, classifications: Mapping[str, Classification]) -> GraphQLSchema:
    """Return the schema as graphql-core has it, from the definitions that every caller reads.

    Only scalars say more than their definition: how a value is read and written.
    """
    scalars = GraphQLSchema(types=core_scalars())
    document = parse(f"schema {{ query: Query }}\n{sdl}")
    known = (ScalarTypeDefinitionNode, DirectiveDefinitionNode)
    rest = tuple(each for each in document.definitions if not isinstance(each, known))
    whole = extend_schema(scalars, DocumentNode(definitions=rest), assume_valid_sdl=True)
    named = [whole.type_map[name] for name in ("Person", "Enterprise")]
    return GraphQLSchema(
        query=whole.query_type,
        types=named,
        directives=whole.directives,
        extensions={_CLASSIFICATIONS: classifications},
    )


def _check(classifications: Mapping[str, Classification], bureaus: Iterable[Bureau]) -> None:
    reviewed = declassifications.declassifications()
    for remedy, problems in (
        (_STRICTER, unprotected_fields(classifications)),
        (_STRICTER, loose_fields(classifications)),
        (_REVIEWED, declassifications.violations(classifications, reviewed, adverse_inputs(bureaus))),
    ):
        for problem in problems:
            raise CompositionError(f"{problem}; {remedy}")

"""Composition: one schema, refused by name where a field does not say what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
    parse,
    validate,
    validate_schema,
)

from schema.classification import Classification, DataClass, Use, classified, inputs
from schema.compose import CompositionError, compose

COMPOSED = compose()
PUBLIC = Classification("T-1", DataClass.PUBLIC_RECORD)


@strawberry.type
class Plain:
    """A type of which one field says nothing."""

    said: str | None = classified(PUBLIC, "有", "said")
    unsaid: str | None = None


@strawberry.type
class Derived:
    """A type of which one field is derived from a field that is not there."""

    sum: str | None = classified(
        Classification("T-1", DataClass.PUBLIC_RECORD, inputs=inputs("absent")), "和", "sum"
    )


def query_of(type_: type) -> type:
    """Return a query type with one classified field of a type."""

    def one(self) -> type_ | None: ...

    one.__annotations__["return"] = type_ | None
    return strawberry.type(type("Query", (), {"one": classified(PUBLIC, "一", "one")(one)}))


def test_a_field_without_classification_is_refused_by_name():
    """Composition names the type and the field that say nothing."""
    with pytest.raises(CompositionError, match=r"Plain\.unsaid has no classification"):
        compose(query_of(Plain), ())


def test_an_input_that_is_not_there_is_refused_by_name():
    """A derived field names inputs of its own type, and a missing one is named."""
    with pytest.raises(CompositionError, match=r"Derived\.sum names absent"):
        compose(query_of(Derived), ())


@strawberry.type
class Declassified:
    """A type of which one field declassifies another."""

    kept: str | None = classified(replace(PUBLIC, uses=frozenset({Use.READ, Use.DERIVE})), "留", "kept")


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("no-review", "names the declassification no-review, which is not in declassifications.toml"),
        (
            "one-sided-eligibility",
            "derives from kept, which the review of one-sided-eligibility does not cover",
        ),
    ],
)
def test_a_declassification_without_review_is_refused_by_name(name: str, refused: str):
    """What a field releases less of was reviewed under that name, for each of its inputs, or nothing composes."""
    loose = Classification(
        "T-1", DataClass.PUBLIC_RECORD, inputs=inputs("kept", use=Use.DERIVE), declassification=name
    )
    fields = {"told": classified(loose, "说", "told"), "__annotations__": {"told": str | None}}
    type_ = strawberry.type(type("Declassifying", (Declassified,), fields))
    with pytest.raises(CompositionError, match=rf"Declassifying\.told {refused}"):
        compose(query_of(type_), ())


def test_every_field_is_classified():
    """Each field of each object and interface type has a classification, and nothing else has."""
    fields = {
        f"{type_.name}.{name}"
        for type_ in COMPOSED.graphql.type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and not type_.name.startswith("__")
        for name in type_.fields
    }
    assert set(COMPOSED.classifications) == fields


def test_the_sdl_is_a_schema():
    """graphql-core reads the SDL as a valid schema with the same types."""
    built = build_schema(COMPOSED.sdl)
    assert validate_schema(built) == []
    assert {name for name in built.type_map if not name.startswith("__")} <= set(COMPOSED.graphql.type_map)


def test_every_description_is_bilingual():
    """Types, fields, enum values and members of inputs are described in Chinese and in English."""
    for type_ in COMPOSED.graphql.type_map.values():
        if type_.name.startswith("__") or type_.name in ("Int", "String", "Boolean", "Date"):
            continue
        described = [type_.description]
        if isinstance(type_, GraphQLEnumType):
            described += [each.description for each in type_.values.values()]
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            described += [each.description for each in type_.fields.values()]
        for text in described:
            chinese, _, english = (text or "").partition(" · ")
            assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese), type_.name
            assert english, type_.name


def test_an_enum_value_is_its_own_code():
    """What a bureau's column holds is what the graph shows: an enum's value is its name."""
    for type_ in COMPOSED.graphql.type_map.values():
        if isinstance(type_, GraphQLEnumType) and not type_.name.startswith("__"):
            assert all(
                getattr(each.value, "value", each.value) == name for name, each in type_.values.items()
            )


@pytest.mark.parametrize(
    "key",
    [
        "{}",
        "{person: null}",
        '{person: "440524188001010014", enterprise: null}',
        '{person: "440524188001010014", enterprise: "91110000600037341L"}',
    ],
)
def test_a_subject_key_has_exactly_one_member(key: str):
    """Validation refuses a key with no member, two members or a null."""
    assert validate(COMPOSED.graphql, parse(f"{{ subjects(by: [{key}]) {{ name }} }}"))

"""Composition: one schema, refused by name where a field does not say what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
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

from catalogue.classification import Classification, DataClass, Use, inputs
from catalogue.declarations import DeclarationError
from schema import declassifications
from schema.classification_checks import loose_fields
from schema.compose import compose
from schema.standing import adverse_inputs
from tests.support.declared_otherwise import BUREAUS, DATASETS, columns_with, composed_here, with_dataset
from tests.support.tested_city import TESTED_CITY

COMPOSED = composed_here()
PUBLIC = Classification("T-1", DataClass.PUBLIC_RECORD)


def test_an_input_that_is_not_there_is_refused_by_name():
    """A derived field names inputs of its own type, and a missing one is named."""
    derived = replace(PUBLIC, inputs=inputs("absent"))
    (line,) = loose_fields({"Derived.sum": derived})
    assert line.startswith("Derived.sum names absent")


def test_a_column_that_an_answer_rests_on_is_not_renamed():
    """Composition names the answer that is derived from a column that is gone."""
    columns = columns_with("credit_office.honour", "level", name="rank")
    with pytest.raises(DeclarationError, match=r"Standing\.\w+ rests on credit_office\.honour\.level, which"):
        compose(with_dataset("credit_office.honour", columns=columns), TESTED_CITY)


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("no-review", "names the declassification no-review, which is not in declassifications.toml"),
        (
            "one-sided-eligibility",
            "derives from TaxArrears.tax, which the review of one-sided-eligibility does not cover",
        ),
    ],
)
def test_a_declassification_without_review_is_refused_by_name(name: str, refused: str):
    """What a field releases less of was reviewed under that name, for each of its inputs, or it is named."""
    loose = replace(PUBLIC, inputs=inputs("TaxArrears.tax", use=Use.DERIVE), declassification=name)
    (line,) = declassifications.violations(
        {"Declassifying.told": loose}, declassifications.declassifications(), adverse_inputs(BUREAUS.values())
    )
    assert line == f"Declassifying.told {refused}"


def test_the_review_covers_what_adverse_rules_read_and_no_other_adverse_column():
    """A review that names the adverse rules covers their columns, of every bureau that declares one."""
    reviewed = declassifications.declassifications()
    read = adverse_inputs(BUREAUS.values())
    field = replace(PUBLIC, inputs=inputs(*read, use=Use.DERIVE), declassification="one-sided-eligibility")
    table = replace(field, declassification="registered-table")
    assert [*declassifications.violations({"A.b": field}, reviewed, read)] == []
    assert len([*declassifications.violations({"A.b": field}, reviewed)]) == len(read)
    assert len([*declassifications.violations({"A.b": table}, reviewed, read)]) == len(read)


def test_the_columns_of_a_rule_can_be_derived_from():
    """The state of an adverse record, and the day by which it counts, have the use DERIVE without a word."""
    for name, dataset in DATASETS.items():
        for column in dataset.columns if dataset.adverse else ():
            read = column.name in ("state", dataset.adverse.within)
            assert (Use.DERIVE in dataset.classification_of(column).uses) is read, (name, column.name)


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

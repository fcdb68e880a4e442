"""The schema that a caller sees: what it may read for some of its purposes, with what binds it."""

from __future__ import annotations

from functools import cache

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, validate_schema
from hypothesis import given
from hypothesis import strategies as st

from catalogue.open_index import INDEX_TYPES
from gateway.authorization.engine import Question
from gateway.authorization.grant import best_path, judge
from gateway.authorization.purposes import OPEN_PURPOSE
from gateway.pipeline.schema_views import SchemaView, SchemaViews
from tests.support.decisions import reach
from tests.support.effort import examples
from tests.support.folders import FIELDS
from tests.support.gateway_in_memory import graph, permissive, policy

KINDS = tuple(policy().kinds)
LEAVES = tuple(policy().purposes.leaves)


@cache
def views() -> SchemaViews:
    """Return the views under this installation's rules."""
    return SchemaViews(graph(), policy())


def seen(kind: str, *purposes: str) -> SchemaView:
    """Return what a kind of caller sees."""
    found = views().of(kind, purposes)
    assert found is not None
    return found


def coordinates(schema: GraphQLSchema) -> set[str]:
    """Return the fields of the object types of a schema."""
    return {
        f"{type_.name}.{name}"
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
        for name in type_.fields
    }


def may_read(kind: str, purpose: str, coordinate: str) -> bool:
    """Whether the rules let a kind read a field for a purpose, by whatever way it can be come to."""
    owner = coordinate.partition(".")[0]
    ways = [best_path(purpose), *(way for way, types in reach().items() if owner in types)]
    return any(judge(policy(), Question(kind, purpose, "read", coordinate, way)).allowed for way in ways)  # type: ignore[arg-type]


@examples(30)
@given(st.sampled_from(KINDS), st.sets(st.sampled_from(LEAVES), max_size=3))
def test_what_is_seen_may_be_read(kind: str, purposes: set[str]):
    """No field is seen that the caller may read for none of its purposes, and what is seen is a schema."""
    view = seen(kind, *purposes)
    assert validate_schema(view.schema) == []
    for coordinate in coordinates(view.schema):
        assert any(may_read(kind, purpose, coordinate) for purpose in {*purposes, OPEN_PURPOSE})


@pytest.mark.parametrize("purpose", ["reward.approval", "supervision.tax", "subject.report"])
def test_what_may_be_read_is_seen_where_a_way_leads_to_it(purpose: str):
    """Every field that may be read stands in the view, if a field that may be read leads to its type."""
    view = seen("organ", purpose)
    types = {each.partition(".")[0] for each in coordinates(view.schema)}
    wanted = {each for each in FIELDS if each.partition(".")[0] in types and may_read("organ", purpose, each)}
    leading = {each for each in wanted if each in coordinates(view.schema)}
    assert wanted - leading == set()


def test_types_that_are_empty_are_not_seen():
    """A type of which nothing may be read stands nowhere in the schema, nor do the enums in it."""
    view = seen("scene_operator", "reward.reading")
    assert not {"TaxGrade", "TaxpayerGrade", "JudgmentDefault", "AdverseRecord"} & set(view.schema.type_map)
    assert "taxGrades" not in view.sdl
    assert "score:" not in view.sdl


def test_a_caller_without_purposes_sees_the_catalogue():
    """Whoever may ask for nothing sees what is open to all, the catalogue and the open index, and no person."""
    view = seen("scene_operator")
    assert {each.partition(".")[0] for each in coordinates(view.schema)} == {
        "Query",
        "CatalogueEntry",
        *(each.__name__ for each in INDEX_TYPES),
    }


def test_purposes_unite():
    """Of two purposes a caller sees what either lets it read."""
    one, other = (
        coordinates(seen("organ", "reward.approval").schema),
        coordinates(seen("organ", "supervision.tax").schema),
    )
    assert coordinates(seen("organ", "reward.approval", "supervision.tax").schema) == one | other


def test_a_purpose_that_is_not_held_shows_nothing():
    """A purpose in a token that the kind does not hold adds nothing to what is seen."""
    assert seen("scene_operator", "supervision.tax").sdl == seen("scene_operator").sdl


def test_an_unknown_kind_sees_nothing():
    """A kind that is not declared has no view at all."""
    assert views().of("nobody", LEAVES) is None


def test_descriptions_say_what_binds_a_field():
    """Class, sensitivity, disclosure, uses, basis and the caller's purposes stand in a field's description."""
    person = seen("organ", "reward.approval", "supervision.tax").schema.type_map["Person"]
    assert isinstance(person, GraphQLObjectType)
    text = person.fields["taxArrears"].description or ""
    field = FIELDS["Person.taxArrears"]
    for said in (
        "`ADVERSE`",
        "`PERSONAL`",
        "`read`",
        field.item.legal_basis,
        "`supervision.tax`",
        "`read TaxArrears.since`",
    ):
        assert said in text
    assert "reward.approval" not in text


def test_a_view_is_made_once():
    """The same kind and purposes get the same view; another version of the rules has views of its own."""
    assert seen("organ", "supervision.tax") is seen("organ", "supervision.tax")
    other = SchemaViews(graph(), permissive()).of("organ", ["supervision.tax"])
    assert other is not None
    assert coordinates(other.schema) == set(FIELDS)

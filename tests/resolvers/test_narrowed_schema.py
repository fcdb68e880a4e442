"""A narrowed schema is a schema, holds what is kept, and nothing that only leads to what is not."""

from __future__ import annotations

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, build_ast_schema, parse, validate_schema
from hypothesis import given
from hypothesis import strategies as st

from resolvers.graph.schema_filter import prune
from tests.support.gateway_in_memory import graph

SDL = """
type Query { one(at: Where): Node  two: Both  other: Other  choice: Choice }
interface Node { name: String  size: Int }
type Other implements Node { name: String  size: Int  more: Colour }
type Both implements Node { name: String  size: Int  inner: Inner }
type Inner { value: Shade }
union Choice = Other | Inner
enum Colour { RED }
enum Shade { DARK }
input Where { colour: Colour  deeper: Deeper }
input Deeper { text: String }
"""
EVERYTHING = (
    "Query.one", "Query.two", "Query.other", "Query.choice", "Other.name", "Other.size", "Other.more",
    "Both.name", "Both.size", "Both.inner", "Inner.value",
)  # fmt: skip
GRAPH = parse(graph().composed.sdl)
COORDINATES = sorted(
    f"{type_.name}.{name}"
    for type_ in graph().schema.type_map.values()
    if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
    for name in type_.fields
)


def left(*gone: str) -> dict[str, set[str]] | None:
    """Return the fields of each type with fields once some of them are gone, and other types without any."""
    found = prune(parse(SDL), [each for each in EVERYTHING if each not in gone], lambda _: "")
    if found is None:
        return None
    schema = build_ast_schema(found)
    assert validate_schema(schema) == []
    own = [each for each in schema.type_map.values() if not each.name.startswith("__")]
    return {each.name: set(getattr(each, "fields", ())) for each in own}


def test_with_everything_kept_everything_stays():
    """Nothing goes where nothing is taken away."""
    found = left()
    assert found is not None
    assert {"Query", "Node", "Other", "Both", "Inner", "Choice", "Colour", "Shade", "Where", "Deeper"} <= set(
        found
    )


def test_a_type_without_fields_goes_with_what_leads_to_it():
    """A type that is empty goes, and so do fields of it, members of unions, and enums that stood in it alone."""
    found = left("Inner.value")
    assert found is not None
    assert not {"Inner", "Shade"} & set(found)
    assert found["Both"] == {"name", "size"}
    assert found["Choice"] == set()


def test_an_interface_keeps_what_each_of_its_types_keeps():
    """A field that one type lost is no field of the interface any more, and stays in the other type."""
    found = left("Both.size")
    assert found is not None
    assert (found["Node"], found["Other"], found["Both"]) == (
        {"name"},
        {"name", "size", "more"},
        {"name", "inner"},
    )


def test_an_interface_without_fields_is_implemented_by_none():
    """Where nothing is common any more, the interface goes and its types stay."""
    found = left("Both.size", "Other.name")
    assert found is not None
    assert "Node" not in found
    assert found["Query"] == {"two", "other", "choice"}


def test_inputs_go_with_the_field_that_takes_them():
    """What no argument takes any more is not shown either."""
    found = left("Query.one")
    assert found is not None
    assert not {"Where", "Deeper"} & set(found)


def test_without_a_way_in_nothing_is_left():
    """A schema of which no field of the query is kept is none."""
    assert left("Query.one", "Query.two", "Query.other", "Query.choice") is None


def test_a_type_that_nothing_leads_to_goes():
    """What could be read and cannot be come to is not shown."""
    found = left("Both.inner", "Query.choice")
    assert found is not None
    assert "Inner" not in found


@given(st.sets(st.sampled_from(COORDINATES)))
def test_whatever_is_kept_a_schema_is_left(kept: set[str]):
    """For any set of fields what is left is valid, holds no field beyond it, and has no type without fields."""
    found = prune(GRAPH, kept, lambda _: "")
    if found is None:
        return
    schema = build_ast_schema(found)
    assert validate_schema(schema) == []
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            assert type_.fields
            assert {f"{type_.name}.{name}" for name in type_.fields} <= kept
        if isinstance(type_, GraphQLInterfaceType):
            for each in schema.get_possible_types(type_):
                assert set(type_.fields) <= set(each.fields)


@pytest.mark.parametrize("more", ["", "binding"])
def test_descriptions_gain_what_is_said(more: str):
    """What is to be said of a field follows its own description."""
    found = prune(GRAPH, COORDINATES, lambda coordinate: more and f"{more} {coordinate}")
    assert found is not None
    text = build_ast_schema(found).type_map["Person"].fields["name"].description  # type: ignore[attr-defined]
    assert text.startswith("姓名") if not more else text.endswith("binding Person.name")

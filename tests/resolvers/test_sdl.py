"""The printed schema: graphql-core reads it, and each field carries what binds it."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import FieldDefinitionNode, build_schema, parse, validate_schema
from graphql.utilities import find_breaking_changes, value_from_ast_untyped

from catalogue.incentives.city_files import DEMO_CITY
from gateway.settings import ROOT
from resolvers.graph.classified_sdl import classified_sdl
from resolvers.graph.fields import catalogue_entries, fields_of
from tests.support.gateway_in_memory import graph

SNAPSHOT = ROOT / "tests" / "schema" / "schema.graphql"
SDL = classified_sdl(graph())
FIELDS = fields_of(graph())
CATALOGUE = {each["field"]: each for each in catalogue_entries(graph())}


def printed() -> dict[str, FieldDefinitionNode]:
    """Return the definition of each field of each object and interface type, by coordinate."""
    owners = [each for each in parse(SDL).definitions if each.kind.endswith("e_type_definition")]
    owners += [each for each in parse(SDL).definitions if each.kind == "object_type_definition"]
    return {f"{owner.name.value}.{field.name.value}": field for owner in owners for field in owner.fields}


PRINTED = printed()


def said(coordinate: str) -> dict[str, Any]:
    """Return the arguments of the directive on a field."""
    (directive,) = [each for each in PRINTED[coordinate].directives if each.name.value == "classified"]
    return {each.name.value: value_from_ast_untyped(each.value) for each in directive.arguments}


def test_the_sdl_is_the_snapshot():
    """The SDL changes on purpose only: `creditgraph schema print > tests/schema/schema.graphql`."""
    assert SNAPSHOT.read_text("utf-8") == classified_sdl(graph(DEMO_CITY))


def test_the_printed_sdl_is_the_composed_schema():
    """graphql-core reads it as a valid schema, which takes nothing away from the composed one nor adds to it."""
    built, composed = build_schema(SDL), build_schema(graph().composed.sdl)
    assert validate_schema(built) == []
    assert find_breaking_changes(composed, built) == []
    assert [each.description for each in find_breaking_changes(built, composed)] == [
        "Directive @classified was removed."
    ]


def test_every_field_of_every_type_carries_the_directive():
    """Fields of objects and of interfaces are printed under exactly one @classified each."""
    assert set(PRINTED) == set(graph().composed.classifications)
    assert all(said(each) for each in PRINTED)


@pytest.mark.parametrize("coordinate", sorted(FIELDS))
def test_the_directive_says_what_the_rules_see(coordinate: str):
    """Item, class, sensitivity, disclosure, basis, uses and inputs are those that decisions are made by."""
    field = FIELDS[coordinate]
    described = field.classification
    assert said(coordinate) == {
        "item": described.item,
        "class": described.data_class.name,
        "sensitivity": described.sensitivity.name,
        "disclosure": field.item.disclosure.name,
        "basis": field.item.legal_basis,
        "uses": sorted(use.value for use in described.uses),
        **({"inputs": [f"{each.use.value} {each.field}" for each in field.inputs]} if field.inputs else {}),
    }


def test_a_derived_field_of_an_interface_names_the_inputs_of_every_type():
    """What an interface's field is derived from is whatever it is derived from in some type."""
    inputs = said("CreditSubject.adverseRecords")["inputs"]
    assert {"read Person.taxArrears", "read Enterprise.taxArrears"} <= set(inputs)


@pytest.mark.parametrize("coordinate", sorted(FIELDS))
def test_the_catalogue_says_uses_and_inputs_as_the_sdl_does(coordinate: str):
    """Whoever reads the catalogue and whoever reads the SDL learn the same."""
    entry, directive = CATALOGUE[coordinate], said(coordinate)
    assert entry["uses"] == directive["uses"]
    assert entry["inputs"] == directive.get("inputs", [])

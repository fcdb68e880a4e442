"""The lint over the SDL finds what it is there to find."""

from __future__ import annotations

from dataclasses import replace

from graphql import build_schema

from schema.classification import Classification, DataClass
from schema.compose import ComposedSchema, compose
from schema.rules import nullable, violations

CLOSED, OPEN = Classification("T-1", DataClass.GRADE), Classification("T-1", DataClass.OPEN)
SDL = """
interface CreditSubject {{ name: String }}
type Person implements CreditSubject {{ name: String, grade: {grade} }}
type Query {{ persons: {persons}, open: String! }}
"""


def composed(grade: str = "String", persons: str = "[Person]") -> ComposedSchema:
    """Compose a schema of two fields that matter."""
    sdl = SDL.format(grade=grade, persons=persons)
    classes = {"Person.grade": CLOSED, "Query.persons": CLOSED, "Query.open": OPEN}
    return ComposedSchema(build_schema(sdl), sdl, classes)


def test_this_installation_keeps_every_rule():
    """The lint has nothing to say of the composed schema."""
    assert violations(compose()) == []


def test_a_deniable_field_must_be_nullable():
    """A classified field that is non-null is named with its type."""
    (line,) = nullable.violations(composed(grade="String!"))
    assert line.startswith("Person.grade is String!")


def test_the_items_of_a_list_of_records_may_be_non_null():
    """A list of values fails as a whole, so its items need not be nullable; the list itself must be."""
    assert nullable.violations(composed(grade="[String!]")) == []
    assert len(nullable.violations(composed(grade="[String!]!"))) == 1


def test_subjects_in_a_list_must_be_nullable():
    """Each subject is read by itself, and one that cannot be read must not take the others along."""
    (line,) = nullable.violations(composed(persons="[Person!]"))
    assert "Query.persons" in line
    assert len(nullable.violations(composed(persons="[CreditSubject!]"))) == 1


def test_the_open_catalogue_may_be_non_null():
    """What is readable by all and answered from the schema cannot be missing."""
    everything = composed()
    closed = replace(everything, classifications={**everything.classifications, "Query.open": CLOSED})
    assert nullable.violations(everything) == []
    assert len(nullable.violations(closed)) == 1

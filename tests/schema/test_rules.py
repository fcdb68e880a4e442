"""The lint over the SDL finds what it is there to find."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from graphql import build_schema

from catalogue.classification import ORDERED, READ_ONLY, Classification, DataClass
from schema.compose import ComposedSchema
from schema.rules import counting_fields, non_null_fields, undeclared_choices, violations
from tests.support.declared_otherwise import composed_here

CLOSED, OPEN = Classification("T-1", DataClass.GRADE), Classification("T-1", DataClass.OPEN)
ORDERABLE = replace(CLOSED, uses=READ_ONLY | ORDERED)
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
    assert violations(composed_here()) == []


def test_a_deniable_field_must_be_nullable():
    """A classified field that is non-null is named with its type."""
    (line,) = non_null_fields(composed(grade="String!"))
    assert line.startswith("Person.grade is String!")


def test_the_items_of_a_list_of_records_may_be_non_null():
    """A list of values fails as a whole, so its items need not be nullable; the list itself must be."""
    assert [*non_null_fields(composed(grade="[String!]"))] == []
    assert len([*non_null_fields(composed(grade="[String!]!"))]) == 1


def test_subjects_in_a_list_must_be_nullable():
    """Each subject is read by itself, and one that cannot be read must not take the others along."""
    (line,) = non_null_fields(composed(persons="[Person!]"))
    assert "Query.persons" in line
    assert len([*non_null_fields(composed(persons="[CreditSubject!]"))]) == 1


def test_the_open_catalogue_may_be_non_null():
    """What is readable by all and answered from the schema cannot be missing."""
    everything = composed()
    closed = replace(everything, classifications={**everything.classifications, "Query.open": CLOSED})
    assert [*non_null_fields(everything)] == []
    assert len([*non_null_fields(closed)]) == 1


LISTS = """
type Person {{ rows(first: Int, {arguments}): [Row!], {field}: Int }}
type Row {{ day: String, mark: String }}
input Where {{ {members}: Boolean }}
input Order {{ field: OrderField! }}
enum OrderField {{ {values} }}
type Query {{ person: Person }}
"""


def listing(
    arguments: str = "where: Where, orderBy: Order, after: String",
    field: str = "months",
    members: str = "day",
    values: str = "DAY",
    mark: Classification = CLOSED,
) -> ComposedSchema:
    """Compose a schema of a list that can be filtered and ordered by its days."""
    sdl = LISTS.format(arguments=arguments, field=field, members=members, values=values)
    classes = {"Person.rows": CLOSED, f"Person.{field}": CLOSED, "Query.person": CLOSED}
    rows = {"Row.day": ORDERABLE, "Row.mark": mark}
    return ComposedSchema(build_schema(sdl), sdl, classes | rows)


def test_a_list_may_offer_what_its_fields_declare():
    """Filters and orders by fields with the use are what the lint is content with."""
    assert [*undeclared_choices(listing())] == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"members": "mark"}, "Row.mark is offered for the use filter"),
        ({"values": "DAY MARK"}, "Row.mark is offered for the use sort"),
        ({"members": "gone"}, "Row.gone is offered for the use filter"),
        ({"arguments": "search: String"}, "Person.rows takes search"),
        (
            {"members": "mark", "mark": replace(ORDERABLE, data_class=DataClass.INCENTIVE)},
            "Row.mark is offered for the use filter",
        ),
    ],
)
def test_what_no_use_stands_for_is_not_offered(change: dict[str, Any], named: str):
    """A member, a value or an argument by which a list could be chosen otherwise is named."""
    (line,) = undeclared_choices(listing(**change))
    assert line.startswith(named)


def test_incentive_data_is_not_continued():
    """A list of which every field is only ever read takes no cursor."""
    read = Classification("T-1", DataClass.INCENTIVE)
    composed = listing(arguments="after: String")
    classes = {**composed.classifications, "Row.day": read, "Row.mark": read}
    (line,) = undeclared_choices(replace(composed, classifications=classes))
    assert line.startswith("Person.rows takes after")


@pytest.mark.parametrize(
    "name", ["hasNextPage", "hasPreviousPage", "pageInfo", "totalCount", "count", "edges", "rowCount"]
)
def test_nothing_counts_a_list_or_says_that_it_goes_on(name: str):
    """A count, or a sign of more, would tell of records that were not read."""
    (line,) = counting_fields(listing(field=name))
    assert line.startswith(f"Person.{name} ")


def test_an_account_is_no_count():
    """A word that merely ends like a count says nothing of a list."""
    assert [*counting_fields(listing(field="fundAccount"))] == []


def test_a_registered_table_may_count():
    """Counts are what statistics are made of."""
    composed = listing(field="count")
    table = Classification("T-1", DataClass.STATISTIC)
    counted = replace(composed, classifications={**composed.classifications, "Person.count": table})
    assert [*counting_fields(counted)] == []

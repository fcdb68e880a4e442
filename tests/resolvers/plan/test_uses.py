"""Every use that an operation makes of a field is asked about, wherever and however the document makes it."""

from __future__ import annotations

import pytest

from gateway.operations.document import read_document
from resolvers.plan.field_use import FieldUse
from tests.support.gateway_in_memory import WIDE, graph
from tests.support.small_city import ENTERPRISES, PERSONS

FILTERS = {"tax", "amountFen", "since", "clearedOn"}
SORTS = {"amountFen", "since", "clearedOn"}


def chosen_by(text: str) -> set[FieldUse]:
    """Return the filters and orders among the uses of a document."""
    document = read_document(graph(), text, None, WIDE, introspection=False)
    found = document.plan.uses(graph(), "asked")
    return {use for use in found if use.use in ("filter", "sort")}


@pytest.mark.parametrize(
    ("declared", "arguments", "filters", "sorts"),
    [
        ("", "first: 3", set(), set()),
        ("", "where: {}", set(), set()),
        ("", "where: { since: {} }", {"since"}, set()),
        ("", "where: { tax: { eq: LAND_USE }, clearedOn: { isNull: true } }", {"tax", "clearedOn"}, set()),
        ("($v: Date!)", "where: { since: { from: $v } }", {"since"}, set()),
        ("($v: DateCondition!)", "where: { since: $v }", {"since"}, set()),
        ("($v: TaxArrearsWhere!)", "where: $v", FILTERS, set()),
        ("", "orderBy: { field: AMOUNT_FEN }", set(), {"amountFen"}),
        ("($v: OrderDirection!)", "orderBy: { field: SINCE, direction: $v }", set(), {"since"}),
        ("($v: TaxArrearsOrderField!)", "orderBy: { field: $v }", set(), SORTS),
        ("($v: TaxArrearsOrder!)", "orderBy: $v", set(), SORTS),
        ("", "where: { tax: {} }, orderBy: { field: SINCE }", {"tax"}, {"since"}),
    ],
)
def test_a_list_uses_the_fields_that_choose_in_it(
    declared: str, arguments: str, filters: set[str], sorts: set[str]
):
    """A literal uses what it names, whatever the condition; a variable in its place uses all that it could name."""
    text = (
        f'query Q{declared} {{ person(id: "{PERSONS[0]}") {{ taxArrears({arguments}) {{ __typename }} }} }}'
    )
    made = {FieldUse(f"TaxArrears.{name}", "filter", "asked", "Person.taxArrears") for name in filters}
    made |= {FieldUse(f"TaxArrears.{name}", "sort", "asked", "Person.taxArrears") for name in sorts}
    assert chosen_by(text) == made


WAYS = (
    '{ subjects(by: [{ person: "%s" }]) { LIST } }',
    '{ subjects(by: [{ person: "%s" }]) { ... on Person { again: LIST } } }',
    '{ person(id: "%s") { ... on CreditSubject { LIST } } }',
    '{ person(id: "%s") { ...F @include(if: false) } } fragment F on CreditSubject { LIST }',
    '{ person(id: "%s") { taxArrears { tax } ... @skip(if: true) { other: LIST } } }',
)


@pytest.mark.parametrize("way", WAYS)
def test_no_way_to_a_list_hides_its_filter(way: str):
    """Interfaces, fragments, aliases and conditions change nothing about which uses are asked about."""
    text = (way % PERSONS[0]).replace("LIST", 'taxArrears(where: { since: { from: "2020-01-01" } }) { tax }')
    assert FieldUse("TaxArrears.since", "filter", "asked", "Person.taxArrears") in chosen_by(text)


def test_a_filter_through_another_subject_says_how_it_came_there():
    """A list of a person who was reached through an enterprise is judged as reached so."""
    text = f"""{{ enterprise(id: "{ENTERPRISES[0]}") {{
      officers(where: {{ role: {{ eq: MANAGER }} }}) {{ person {{ offices(orderBy: {{ field: SINCE }}) {{ role }} }} }}
    }} }}"""
    assert chosen_by(text) == {
        FieldUse("Office.role", "filter", "asked", "Enterprise.officers"),
        FieldUse("Office.since", "sort", "person", "Person.offices"),
    }

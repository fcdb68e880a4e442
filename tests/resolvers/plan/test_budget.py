"""The budget counts the most values that an answer can hold, before anything is read."""

from __future__ import annotations

import pytest

from gateway.operations.document import read_document
from resolvers.plan.masked_plan import MaskedPlan, mask
from tests.support.gateway_in_memory import WIDE, graph
from tests.support.small_city import ENTERPRISES, PERSONS

ONE, CODE = PERSONS[0], ENTERPRISES[0]


def plan_of(text: str) -> MaskedPlan:
    """Compile a document of which nothing is denied."""
    document = read_document(graph(), text, None, WIDE, introspection=False)
    return mask(graph(), document.plan_under({}), (), "p")


@pytest.mark.parametrize(
    ("text", "most"),
    [
        (f'{{ person(id: "{ONE}") {{ name }} }}', 1 + (1 + 1)),
        (
            f'{{ person(id: "{ONE}") {{ name taxArrears(first: 3) {{ tax since }} }} }}',
            1 + (1 + 1 + 1 + 3 * 3),
        ),
        (f'{{ person(id: "{ONE}") {{ transportGrade {{ year }} }} }}', 1 + (1 + 1 + 2)),
        (f'{{ persons(ids: ["{ONE}", "{PERSONS[1]}"]) {{ name }} }}', 1 + 2 * 2),
        (
            f'{{ person(id: "{ONE}") {{ adverseRecords(first: 2) {{ ... on TaxArrears {{ tax since }} __typename }} }} }}',
            1 + (1 + 1 + 2 * ((1 + 3) + 3 * (1 + 1))),
        ),
        (
            f'{{ enterprise(id: "{CODE}") {{ officers(first: 2) {{ person {{ name }} }} }} }}',
            1 + (1 + 1 + 2 * (1 + 2)),
        ),
        (
            f'{{ subjects(by: [{{person: "{ONE}"}}]) {{ ... on Person {{ sex }} ... on Enterprise {{ kind status }} }} }}',
            1 + 1 * 3,
        ),
        ("{ __typename }", 1),
    ],
)
def test_the_most_values(text: str, most: int):
    """Each object, list and leaf counts one; of several possible types of one object the largest counts."""
    plan = plan_of(text)
    assert plan.size(plan.evaluation.of({}))[1] == most
    assert all(each.weight is not None for each in plan.counted)


def test_a_list_within_a_list_multiplies():
    """Ten offices of ten offices are a hundred, and none of it is read to know that."""
    plan = plan_of(
        f'{{ person(id: "{ONE}") {{ offices(first: 10) {{ enterprise {{ officers(first: 10) {{ role }} }} }} }} }}'
    )
    assert plan.size(plan.evaluation.of({}))[1] == 1 + (1 + 1 + 10 * (1 + 1 + 1 + 10 * 2))


def test_a_variable_bound_is_counted_with_each_request():
    """Where a variable bounds a list the weight is no constant, and the request's own value counts."""
    plan = plan_of(f'query ($n: Count!) {{ person(id: "{ONE}") {{ taxArrears(first: $n) {{ since }} }} }}')
    assert [each.weight for each in plan.counted] == [None]
    assert plan.size(plan.evaluation.of({"n": 5}))[1] == 1 + (1 + 1 + 5 * 2)
    assert plan.size(plan.evaluation.of({"n": 100}))[1] == 1 + (1 + 1 + 100 * 2)

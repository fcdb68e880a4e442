"""Arguments get their values as section 6.4.1 of the GraphQL specification says."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.operations.document import read_document
from resolvers.plan.arguments import Evaluation, InvalidArgument
from resolvers.plan.nodes.lookup_root import LookupRoot
from resolvers.plan.nodes.records_field import RecordsField
from tests.support.gateway_in_memory import WIDE, graph
from tests.support.small_city import ENTERPRISES, PERSONS


def value_of(argument: str, declared: str, variables: dict[str, Any], *, root: bool = False) -> Any:
    """Return the value of `first` of a list, or of `ids` or `by` of a root."""
    field = argument.partition(":")[0]
    inner = "" if root else f"({argument})"
    outer = argument if root else f'ids: ["{PERSONS[0]}"]'
    text = f"query Q{declared} {{ {'subjects' if field == 'by' else 'persons'}({outer}) {{ taxArrears{inner} {{ since }} }} }}"
    document = read_document(graph(), text, None, WIDE, introspection=False)
    plan = document.plan_under({})
    found = plan.roots[0]
    assert isinstance(found, LookupRoot)
    records = found.fields[0].fields[0]
    assert isinstance(records, RecordsField)
    number = found.argument if root else records.first
    assert number is not None
    arguments = Evaluation(plan.arguments).of(variables)
    return arguments.invalid.get(number, arguments.values[number])


@pytest.mark.parametrize(
    ("argument", "declared", "variables", "value"),
    [
        ("first: 7", "", {}, 7),
        ("first: $n", "($n: Count!)", {"n": 3}, 3),
        ("first: $n", "($n: Count)", {}, 20),
        ("first: $n", "($n: Count)", {"n": None}, InvalidArgument("first")),
        ("first: $n", "($n: Count = 4)", {"n": 4}, 4),
        ("first: $n", "($n: Count = 4)", {"n": None}, InvalidArgument("first")),
    ],
)
def test_the_bound_of_a_list(argument: str, declared: str, variables: dict[str, Any], value: object):
    """An absent variable leaves the default; a null for what may not be null fails the field alone."""
    assert value_of(argument, declared, variables) == value


@pytest.mark.parametrize(
    ("argument", "declared", "variables", "value"),
    [
        (f'ids: ["{PERSONS[0]}"]', "", {}, [PERSONS[0]]),
        (f'ids: "{PERSONS[0]}"', "", {}, [PERSONS[0]]),
        ("ids: $i", "($i: [PersonNumber!]!)", {"i": [PERSONS[1]]}, [PERSONS[1]]),
        (f'ids: ["{PERSONS[0]}", $i]', "($i: PersonNumber!)", {"i": PERSONS[1]}, [PERSONS[0], PERSONS[1]]),
        ("ids: [$i]", f'($i: PersonNumber = "{PERSONS[0]}")', {"i": None}, InvalidArgument("ids")),
        ("by: [{person: $p}]", "($p: PersonNumber!)", {"p": PERSONS[0]}, [{"person": PERSONS[0]}]),
        (
            f'by: [$k, {{enterprise: "{ENTERPRISES[0]}"}}]',
            "($k: SubjectKey!)",
            {"k": {"person": PERSONS[0]}},
            [{"person": PERSONS[0]}, {"enterprise": ENTERPRISES[0]}],
        ),
    ],
)
def test_the_subjects_of_a_root(argument: str, declared: str, variables: dict[str, Any], value: object):
    """Literals, variables, and literals with variables inside name subjects alike."""
    assert value_of(argument, declared, variables, root=True) == value

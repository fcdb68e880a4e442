"""Variables are coerced as graphql-core coerces them, and an error names the variable and never its value."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_variable_values, parse
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import RequestError
from gateway.operations.variables import Variable, coerce_variables, variables_of
from tests.support.gateway_in_memory import graph
from tests.support.small_city import ENTERPRISES, PERSONS

TYPES = (
    "PersonNumber",
    "PersonNumber!",
    "CreditCode!",
    "Count",
    "Count!",
    "Boolean",
    "Boolean!",
    "String",
    "Int!",
    "[PersonNumber!]!",
    "[PersonNumber]",
    "[[Count!]]",
    "SubjectKey",
    "SubjectKey!",
    "[SubjectKey!]!",
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from((*PERSONS, *ENTERPRISES)),
)
KEYS = st.dictionaries(st.sampled_from(("person", "enterprise", "other")), SCALARS, max_size=3)
VALUES = st.recursive(st.one_of(SCALARS, KEYS), lambda inner: st.lists(inner, max_size=3), max_leaves=6)
DEFAULTS = {"Count": " = 3", "Boolean": " = true", "PersonNumber": f' = "{PERSONS[0]}"'}


def declared(type_text: str, default: str = "") -> tuple[tuple[Variable, ...], OperationDefinitionNode]:
    """Declare one variable."""
    operation = parse(f"query Q($v: {type_text}{default}) {{ __typename }}").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return variables_of(graph().schema, operation), operation


@given(st.sampled_from(TYPES), VALUES, st.booleans(), st.booleans())
def test_values_are_coerced_as_graphql_core_does(type_text: str, value: Any, sent: bool, defaulted: bool):
    """What graphql-core accepts has the same value here, and what it refuses is refused here."""
    default = DEFAULTS.get(type_text.strip("!"), "") if defaulted else ""
    variables, operation = declared(type_text, default)
    given_ = {"v": value} if sent else {}
    wanted = get_variable_values(graph().schema, operation.variable_definitions or (), given_)
    try:
        found = coerce_variables(variables, given_)
    except RequestError:
        assert isinstance(wanted, list)
    else:
        assert not isinstance(wanted, list)
        assert found == wanted.coerced


@given(st.sampled_from(TYPES), VALUES)
def test_no_error_holds_a_value(type_text: str, value: Any):
    """The error names the variable, the place in it and the rule."""
    error = refusal(type_text, value)
    if error is None:
        return
    shown = f"{error} {error!r} {error.formatted()} {error.__cause__!r}"
    assert error.code.name in ("VARIABLE_INVALID", "IDENTIFIER_INVALID")
    assert error.detail.startswith("$v")
    for text in _texts(value):
        assert len(text) < 6 or text not in shown


def refusal(type_text: str, value: Any) -> RequestError | None:
    """Return why a value is refused, or None."""
    try:
        coerce_variables(declared(type_text)[0], {"v": value})
    except RequestError as error:
        return error
    return None


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [str(value)] if value is not None and not isinstance(value, bool) else []


@pytest.mark.parametrize(
    ("type_text", "value", "code", "detail"),
    [
        ("PersonNumber!", "411502", "IDENTIFIER_INVALID", "$v: An identity number has 17 digits"),
        ("[PersonNumber!]!", [PERSONS[0], "4"], "IDENTIFIER_INVALID", "$v[1]: An identity number"),
        ("[SubjectKey!]!", [{"enterprise": "9"}], "IDENTIFIER_INVALID", "$v[0].enterprise: A unified"),
        ("Count!", 101, "VARIABLE_INVALID", "$v: A count is a whole number from 1 to 100."),
        ("Count!", None, "VARIABLE_INVALID", "$v is not of type Count!."),
        ("[PersonNumber!]!", None, "VARIABLE_INVALID", "$v is not of type [PersonNumber!]!."),
        ("[PersonNumber!]!", [None], "VARIABLE_INVALID", "$v[0] is not of type [PersonNumber!]!."),
        ("[SubjectKey!]!", [{}], "VARIABLE_INVALID", "$v[0] is not of type [SubjectKey!]!."),
        ("[SubjectKey!]!", [{"person": None}], "VARIABLE_INVALID", "$v[0].person is not of type"),
        ("Boolean!", "true", "VARIABLE_INVALID", "$v is not of type Boolean!."),
    ],
)
def test_the_error_says_where_and_what(type_text: str, value: Any, code: str, detail: str):
    """The place within the variable and the broken rule are told."""
    with pytest.raises(RequestError) as caught:
        coerce_variables(declared(type_text)[0], {"v": value})
    assert caught.value.code.name == code
    assert caught.value.detail.startswith(detail)


def test_a_missing_variable_is_named():
    """A required variable that was not sent is named with its type."""
    with pytest.raises(RequestError, match=r"\$v of type Count! is missing"):
        coerce_variables(declared("Count!")[0], {"other": 1})


def test_what_no_variable_declares_is_ignored():
    """Additional members of the variables have no effect."""
    assert coerce_variables(declared("Count")[0], {"other": 1}) == {}

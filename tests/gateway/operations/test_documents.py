"""A document is read once, and an error about it holds none of its values."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.errors import RequestError
from gateway.operations.document import Document, read_document
from gateway.settings import LimitSettings
from tests.support.gateway_in_memory import graph
from tests.support.small_city import ENTERPRISES, PERSONS

NUMBER, CODE = PERSONS[0], ENTERPRISES[0]
WRONG = NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1")
MARKED = [
    NUMBER,
    WRONG,
    CODE,
    NUMBER[:15],
    "4115021971",
    "张三丰",
    "Zhang San",
    "secret-token-8841",
    "O'Brien \\\\u0041",
]
PLACES = (
    '{ person(id: "MARK") { name } }',
    "{ person(id: MARK) { name } }",
    '{ persons(ids: ["MARK", "MARK"]) { name } }',
    '{ subjects(by: [{person: "MARK"}]) { name } }',
    "{ subjects(by: {person: MARK}) { name } }",
    '{ subjects(by: {MARK: "x"}) { name } }',
    '{ subjects(by: "MARK") { name } }',
    'query Q($id: PersonNumber = "MARK") { person(id: $id) { name } }',
    'query Q($n: Count = "MARK") { person(id: "x") { taxArrears(first: $n) { since } } }',
    'query Q($k: SubjectKey = {person: "MARK", enterprise: "MARK"}) { subjects(by: [$k]) { name } }',
    f'{{ person(id: "{NUMBER}") {{ taxArrears(first: "MARK") {{ since }} }} }}',
    f'{{ person(id: "{NUMBER}") {{ taxArrears(first: MARK) {{ since }} }} }}',
    f'{{ person(id: "{NUMBER}") {{ name @include(if: "MARK") }} }}',
    f'{{ person(id: "{NUMBER}") {{ name @unknown(a: "MARK") }} }}',
    f'{{ person(id: "{NUMBER}", other: "MARK") {{ name }} }}',
    '{ person(id: """MARK""") { name } }',
    'query Q { person(id: "MARK" }',
    '{ person(id: "MARK',
    "# MARK\n{ unknown }",
)


NAMES = (
    "{ aMARK }",
    "{ ...aMARK }",
    "{ person(aMARK: 1) { name } }",
    "query Q($aMARK: Unknown) { __typename }",
    "query aMARK { unknown }",
    "{ __typename @aMARK }",
    "{ __typename @include(if: MARK) }",
    "{ ... on aMARK { name } }",
)


def refused(text: str, name: str | None = None, **limits: int) -> RequestError | None:
    """Return why a document is refused, or None."""
    try:
        read_document(graph(), text, name, LimitSettings(**limits), introspection=False)
    except RequestError as error:
        return error
    return None


def shown(error: RequestError) -> str:
    """Return all that a caller or a log can see of an error."""
    return f"{error} {error!r} {error.formatted()} {error.detail} {error.__cause__!r}"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("mark", MARKED)
def test_no_error_holds_a_value_of_the_document(place: str, mark: str):
    """Wherever a value stands in a wrong document, no error repeats it."""
    error = refused(place.replace("MARK", mark))
    if error is not None:
        assert mark not in shown(error)
        assert NUMBER not in shown(error)


@pytest.mark.parametrize("place", NAMES)
@pytest.mark.parametrize("mark", [NUMBER[:17], CODE, "4115021971"])
def test_no_error_holds_a_number_in_a_name(place: str, mark: str):
    """A name that an identifier was put into is not repeated either."""
    error = refused(place.replace("MARK", mark))
    assert error is not None
    assert mark not in shown(error)


@given(st.sampled_from(PLACES), st.text(st.characters(codec="utf-8"), min_size=6, max_size=30))
@example(PLACES[0], NUMBER + " ")
def test_no_error_holds_a_drawn_value(place: str, mark: str):
    """The same for any text; names that are spelled like names of the schema are none of the caller's values."""
    error = refused(place.replace("MARK", mark))
    if error is not None and not mark.isidentifier():
        assert mark not in shown(error)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{ person(id: "411502") { name } }', "IDENTIFIER_INVALID"),
        (f'{{ person(id: "{WRONG}") {{ name }} }}', "IDENTIFIER_INVALID"),
        ("{ person", "DOCUMENT_SYNTAX"),
        ("{ unknown }", "DOCUMENT_INVALID"),
        ("{ person { name } }", "DOCUMENT_INVALID"),
        (f'{{ person(id: "{NUMBER}") {{ taxArrears(first: 101) {{ since }} }} }}', "DOCUMENT_INVALID"),
        ("{ __schema { types { name } } }", "INTROSPECTION_DISABLED"),
        ("query A { __typename } query B { __typename }", "OPERATION_NAME"),
        ("query A { __typename } query A { __typename }", "DOCUMENT_INVALID"),
        ("fragment F on Person { name }", "DOCUMENT_INVALID"),
        ("mutation { person }", "OPERATION_KIND"),
    ],
)
def test_a_wrong_document_is_refused_with_its_code(text: str, code: str):
    """Syntax, schema, identifiers and introspection each have a code of their own."""
    error = refused(text)
    assert error is not None
    assert error.code.name == code


def test_a_scalar_says_which_rule_is_broken():
    """The detail of an identifier's error is the rule, at the place in the document."""
    error = refused(f'{{\n  person(id: "{WRONG}") {{ name }} }}')
    assert error is not None
    assert error.detail == "The check sign of the identity number is wrong."
    assert error.locations == ((2, 14),)


def test_no_error_suggests_names_of_the_schema():
    """A misspelled field is refused without "did you mean"."""
    error = refused(f'{{ person(id: "{NUMBER}") {{ nam }} }}')
    assert error is not None
    assert "name" not in error.detail.replace("field", "")
    assert "mean" not in error.detail


@pytest.mark.parametrize(("name", "found"), [("A", "A"), ("B", "B")])
def test_the_named_operation_is_the_one_that_is_asked(name: str, found: str):
    """Of several operations the one with the name that was sent is read."""
    text = "query A { __typename } query B { a: __typename }"
    document = read_document(graph(), text, name, LimitSettings(), introspection=False)
    assert isinstance(document, Document)
    assert document.name == found


@pytest.mark.parametrize("name", ["C", ""])
def test_a_name_that_no_operation_has_is_refused(name: str):
    """A name that is not in the document is refused, an empty one as well."""
    error = refused("query A { __typename }", name)
    assert error is not None
    assert error.code.name == "OPERATION_NAME"

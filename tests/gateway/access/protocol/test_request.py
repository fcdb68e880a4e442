from __future__ import annotations

import contextlib
import json
from urllib.parse import quote, urlencode

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.access.protocol.graphql_over_http import decode_body, decode_query
from gateway.errors import MALFORMED_JSON, MALFORMED_REQUEST, NUL_BYTE, RequestError
from gateway.principal import GraphQLRequest

MARKED = "411502199003071233"
ID = "sha256:" + "a" * 64


def refusal(body: bytes) -> RequestError:
    """The error with which a body is refused."""
    with pytest.raises(RequestError) as caught:
        decode_body(body)
    return caught.value


def assert_silent(error: RequestError) -> None:
    """Nothing that is shown of the error holds the marked value."""
    assert MARKED not in json.dumps(error.formatted()) + repr(error) + str(error)
    assert error.__cause__ is None


def test_registered_operation():
    """An id with variables is a request; unknown members are passed over."""
    body = orjson.dumps({"documentId": ID, "variables": {"id": MARKED}, "extensions": {"a": 1}, "other": [1]})
    assert decode_body(body) == GraphQLRequest(None, ID, None, {"id": MARKED})


def test_free_document():
    """A document with the name of an operation is a request."""
    body = orjson.dumps({"query": "query Q { a(x: 1) }", "operationName": "Q", "variables": None})
    assert decode_body(body) == GraphQLRequest("query Q { a(x: 1) }", None, "Q", {})


@pytest.mark.parametrize("name", ["variables", "operationName", "extensions"])
def test_null_members(name):
    """Null stands for a member that is not there."""
    assert decode_body(orjson.dumps({"query": "{a}", name: None})) == GraphQLRequest("{a}", None, None, {})


@pytest.mark.parametrize("name", ["query", "documentId", "operationName", "variables", "extensions"])
@pytest.mark.parametrize("value", [{"a": MARKED}, 0, False, [MARKED], MARKED, 1.5])
def test_members_of_the_wrong_type(name, value):
    """A member of the wrong type is named, and its value is not."""
    if (type(value) is str) == (name not in {"variables", "extensions"}):
        return
    if type(value) is dict and name in {"variables", "extensions"}:
        return
    error = refusal(orjson.dumps({"query": "{a}", name: value}))
    assert error.code is MALFORMED_REQUEST
    assert f'"{name}"' in error.detail
    assert_silent(error)


@pytest.mark.parametrize("value", [{}, {"qeury": "{a}"}, {"query": None}, {"query": "{a}", "documentId": ID}])
def test_one_document(value):
    """A request names a document or an id, and not both."""
    assert refusal(orjson.dumps(value)).code is MALFORMED_REQUEST


@pytest.mark.parametrize("body", [b"[]", b'[{"query":"{a}"}]', b"1", b'"query"', b"null", b"true"])
def test_other_json(body):
    """JSON that is no object, an array of requests included, is no request."""
    assert refusal(body).code is MALFORMED_REQUEST


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{ "not a JSON',
        b"{'query': '{a}'}",
        b'{"query":"{a}"}}',
        b'{"query":"{a}",}',
        b'{"query":"\xff"}',
        b'{"query":"\xed\xa0\x80"}',
        b'{"query":"\\ud800"}',
        b'{"query":"{a}","variables":{"a":NaN}}',
        b'{"query":"{a}","variables":{"a":1e999}}',
        b'{"query":"{a}","variables":{"a":' + b"9" * 5_000 + b"}}",
        b"[" * 100_000,
        b'{"variables":' * 50_000,
        b'{"query":"{a}","variables":{"a":' + b"[" * 5_000 + b"]" * 5_000 + b"}}",
    ],
)
def test_malformed_json(body):
    """What is not JSON in UTF-8, or nests beyond what can be read, is refused."""
    assert refusal(body).code is MALFORMED_JSON


@pytest.mark.parametrize("levels", range(700, 1_001, 5))
def test_nesting_at_the_edge_of_what_decoders_read(levels):
    """Nesting that one decoder reads and the other does not is refused, not a failure."""
    body = b'{"query":"{a}","variables":{"\\u0061":' + b"[" * levels + b"]" * levels + b"}}"
    try:
        decode_body(body)
    except RequestError as error:
        assert_silent(error)


@pytest.mark.parametrize(
    "body",
    [
        b'{"query":"{a}\\u0000"}',
        b'{"documentId":"x","variables":{"a":"\\u0000"}}',
        b'{"documentId":"x","variables":{"a":[{"b":["c\\u0000d"]}]}}',
        b'{"documentId":"x","variables":{"a\\u0000":1}}',
        b'{"documentId":"x","operationName":"\\u0000"}',
        b'{"documentId":"x","variables":{"a":"\x00"}}',
        b'{"documentId":"x"}\x00',
    ],
)
def test_nul(body):
    """U+0000 in any text, name or at any depth, escaped or not, is refused."""
    assert refusal(body).code is NUL_BYTE


def test_escaped_backslash_is_no_nul():
    """A backslash followed by u0000 is a text of six signs."""
    assert decode_body(b'{"query":"{a}","variables":{"a":"\\\\u0000"}}').variables == {"a": "\\u0000"}


@pytest.mark.parametrize(
    "body",
    [
        b'{"query":"{a}","query":"{b}"}',
        b'{"documentId":"sha256:a","documentId":"sha256:b"}',
        b'{"documentId":"sha256\\u003aa","variables":{"a":1,"a":2}}',
        b'{"documentId":"sha256:a","variables":{"a":1,"\\u0061":2}}',
        b'{"documentId":"sha256:a","variables":{"a":[{"b":1,"b":1}]}}',
        b'{"documentId":"sha256:a","variables":{"a":[[{"b":null,"b":null}]]}}',
        b'{"documentId":"sha256:a","variables":{"a":"x:y"},"other":{"c":1,"c":1}}',
        b'{"query":"{a(x: 1)}","variables":{},"variables":{}}',
    ],
)
def test_duplicate_names(body):
    """Two members of one name in any object, however they are written, refuse the request."""
    error = refusal(body)
    assert error.code is MALFORMED_REQUEST
    assert "same name" in error.detail


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(':"\\{}a,é\x01', max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(st.tuples(st.sampled_from("ab:c"), inner), max_size=3).map(tuple)
    ),
    max_leaves=12,
)


def write(value: object, escape: bool) -> str:
    """JSON in which a tuple of pairs is an object, with every name written, doubles too."""
    if isinstance(value, tuple):
        pairs = (f"{json.dumps(name)}:{write(inner, escape)}" for name, inner in value)
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(write(inner, escape) for inner in value) + "]"
    text = json.dumps(value, ensure_ascii=escape)
    return text.replace(":", "\\u003a") if escape else text


def doubled(value: object) -> bool:
    """Whether a tuple of pairs within has one name twice."""
    if isinstance(value, tuple):
        names = [name for name, _ in value]
        return len(set(names)) < len(names) or any(doubled(inner) for _, inner in value)
    return isinstance(value, list) and any(map(doubled, value))


@given(value=VALUES, document=st.text("a: {}", max_size=8), escape=st.booleans())
@example(value=(("a", ":"), ("a", 1)), document="", escape=False)
def test_duplicates_are_found_whatever_stands_around(value, document, escape):
    """A request is refused for doubled names exactly where a name is doubled."""
    whole = (("query", document), ("variables", (("v", value),)))
    try:
        decode_body(write(whole, escape).encode())
    except RequestError as error:
        found = error.detail
    else:
        found = ""
    assert ("same name" in found) is doubled(value)


SNIPPETS = st.sampled_from(
    [
        *(b'{"query":', b'"{a}"', b',"variables":{', b'"a":', b'"documentId"', b"null", b"1e9"),
        *(b"}", b"[", b"]", b'"', b":", b",", b"\\", b"\\u0000", b"\x00", b"\xff"),
        *(f'"{MARKED}"'.encode(), MARKED.encode()),
    ]
)


@given(body=st.binary(max_size=100) | st.lists(SNIPPETS, max_size=14).map(b"".join))
def test_any_bytes(body):
    """Whatever the body, it is a request or a RequestError that holds nothing of it."""
    try:
        decode_body(body)
    except RequestError as error:
        assert_silent(error)


@given(
    variables=st.dictionaries(
        st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=5),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers(-(2**53), 2**53)
            | st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3)
            ),
            max_leaves=8,
        ),
        max_size=4,
    )
)
def test_variables_arrive_as_they_were_sent(variables):
    """Variables are what the JSON says, over POST and GET alike."""
    text = json.dumps(variables)
    assert decode_body(b'{"documentId":"x","variables":' + text.encode() + b"}").variables == variables
    assert decode_query(urlencode({"documentId": "x", "variables": text}).encode()).variables == variables


def test_query_string():
    """A GET names the same parameters; variables and extensions are JSON texts."""
    text = urlencode(
        {"query": "query Q { é }", "operationName": "Q", "variables": '{"a":1}', "extensions": "{}"}
    )
    assert decode_query(text.encode()) == GraphQLRequest("query Q { é }", None, "Q", {"a": 1}, by_get=True)
    assert decode_query(b"query=%7Ba%7D&operationName=&variables=&x=1").operation_name is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", MALFORMED_REQUEST),
        (b"variables={}", MALFORMED_REQUEST),
        (b"query={a}&query={b}", MALFORMED_REQUEST),
        (b"query=%ff", MALFORMED_REQUEST),
        (b"query=\xff", MALFORMED_REQUEST),
        (b"query=%ed%a0%80", MALFORMED_REQUEST),
        (b"query={a}&variables=[]", MALFORMED_REQUEST),
        (b"query={a}&variables={", MALFORMED_REQUEST),
        (b"query={a}&extensions=1", MALFORMED_REQUEST),
        (b'query={a}&variables={"a":1,"a":2}', MALFORMED_REQUEST),
        (b"query={a}&documentId=x", MALFORMED_REQUEST),
        (b"&".join(b"x%d=1" % number for number in range(100)), MALFORMED_REQUEST),
        (b"query={a}%00", NUL_BYTE),
        (b'query={a}&variables={"a":"%5Cu0000"}', NUL_BYTE),
    ],
)
def test_bad_query_strings(text, code):
    """A query string with doubled, broken or oversized parameters is refused."""
    with pytest.raises(RequestError) as caught:
        decode_query(text)
    assert caught.value.code is code


@given(raw=st.binary(max_size=60), value=st.text(max_size=20))
def test_any_query_string(raw, value):
    """Whatever the query string, it is a request or a RequestError that holds nothing of it."""
    for text in (raw, f"query={quote(value, errors='ignore')}&variables={MARKED}".encode()):
        with contextlib.suppress(RequestError):
            decode_query(text)
    with pytest.raises(RequestError) as caught:
        decode_query(f"query={{a}}&variables={MARKED}".encode())
    assert_silent(caught.value)

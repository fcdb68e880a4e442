from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.protocol.media_types import GRAPHQL, JSON, check_content_type, negotiate
from gateway.errors import NOT_ACCEPTABLE, UNSUPPORTED_MEDIA_TYPE, RequestError

BOTH = (b"application/graphql-response+json", b"application/json")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        (b"", JSON),
        (b"*/*", JSON),
        (b"application/*", JSON),
        (b"text/html, */*;q=0.1", JSON),
        (b"application/json", JSON),
        (b"Application/JSON; charset=UTF-8", JSON),
        (b'application/json;charset="utf-8"', JSON),
        (b"application/graphql-response+json", GRAPHQL),
        (b"application/graphql-response+json; charset=utf-8", GRAPHQL),
        (b"application/graphql-response+json, application/json", GRAPHQL),
        (b"application/json, application/graphql-response+json", GRAPHQL),
        (b"application/graphql-response+json, application/json;q=0.9", GRAPHQL),
        (b"application/graphql-response+json;q=0.5, application/json;q=0.9", JSON),
        (b"application/graphql-response+json, */*", GRAPHQL),
        (b"application/json, */*", JSON),
        (b"application/json;q=0, */*", GRAPHQL),
        (b"application/graphql-response+json;q=0, application/*;q=0.2", JSON),
        (b"application/json;q=0.1, */*;q=0.9", GRAPHQL),
        (b"application/json;charset=utf-16, application/graphql-response+json", GRAPHQL),
        (b"application/json;q=nonsense, application/graphql-response+json;q=0.1", GRAPHQL),
        (b",,;, application/json", JSON),
    ],
)
def test_negotiation(accept, chosen):
    """The highest quality wins, then the more exact name, then the newer type where both are named."""
    assert negotiate(accept) == chosen


@pytest.mark.parametrize(
    "accept",
    [
        b"text/html",
        b"application/xml, text/*",
        b"application/json;q=0",
        b"*/*;q=0",
        b"application/json; charset=gbk",
        b"application/jsonx",
        b";",
        b"\xff",
    ],
)
def test_nothing_acceptable(accept):
    """A header that allows neither media type is refused."""
    with pytest.raises(RequestError) as caught:
        negotiate(accept)
    assert caught.value.code is NOT_ACCEPTABLE


QUALITIES = st.integers(0, 1000).map(lambda number: number / 1000)


@given(first=QUALITIES, second=QUALITIES, rest=st.lists(st.sampled_from(["text/html", "image/*;q=1", "a"])))
def test_qualities_decide(first, second, rest):
    """Of two named media types the one of higher quality is chosen, and none at 0, whatever else is accepted."""
    named = [f"{GRAPHQL};q={first:.3f}", f"{JSON};q={second:.3f}"]
    expected = GRAPHQL if first >= second else JSON
    for accept in (", ".join([*rest, *named]), ",".join([*reversed(named), *rest])):
        if first == second == 0:
            with pytest.raises(RequestError):
                negotiate(accept.encode())
        else:
            assert negotiate(accept.encode()) == expected


@given(accept=st.binary(max_size=60) | st.text("*/;,q=01. applicton/jsn", max_size=400).map(str.encode))
def test_any_accept_header(accept):
    """Any header chooses one of the two media types or is refused as not acceptable."""
    try:
        assert negotiate(accept) in {GRAPHQL, JSON}
    except RequestError as error:
        assert str(error) == str(RequestError(NOT_ACCEPTABLE))  # noqa: PT017 both ends are allowed here


@pytest.mark.parametrize(
    "content_type",
    [
        b"application/json",
        b"application/json; charset=utf-8",
        b'APPLICATION/JSON;charset="UTF-8"',
        b"application/json;odata=x",
    ],
)
def test_json_bodies(content_type):
    """application/json is read, with the charset utf-8 or none."""
    check_content_type(content_type)


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        b"",
        b"text/plain",
        b"text/plain;charset=UTF-8",
        b"application/x-www-form-urlencoded",
        b"multipart/form-data; boundary=x",
        b"application/graphql",
        b"application/json; charset=gbk",
        b"application/json; charset=utf-16",
        b"application/json, text/plain",
        b"\xff\x00",
    ],
)
def test_other_bodies(content_type):
    """Another media type, another charset or none at all is refused."""
    with pytest.raises(RequestError) as caught:
        check_content_type(content_type)
    assert caught.value.code is UNSUPPORTED_MEDIA_TYPE

"""Codings of a request: packed bodies, lists in several lines, and marks before the JSON."""

from __future__ import annotations

import codecs
import gzip

import pytest

from gateway.access.endpoint import headers_of
from gateway.access.protocol.graphql_over_http import decode_body
from gateway.access.protocol.media_types import GRAPHQL, check_content_encoding, negotiate
from gateway.access.protocol.refusal_response import send_error
from gateway.errors import MALFORMED_JSON, MALFORMED_REQUEST, UNSUPPORTED_CONTENT_ENCODING, RequestError
from observability.request_trace import RequestTrace

BODY = b'{"query": "{a}"}'

TRACE = RequestTrace(1, 2)


@pytest.mark.parametrize("coding", [b"gzip", b"GZip", b"br", b"deflate, identity", b"identity,zstd", b"x"])
async def test_a_packed_body_is_refused(coding: bytes):
    """A body in a coding is refused by a code of its own, and the answer names what is read."""
    sent = []

    async def send(message):
        sent.append(message)

    with pytest.raises(RequestError) as caught:
        check_content_encoding(coding)
    assert caught.value.code is UNSUPPORTED_CONTENT_ENCODING
    await send_error(send, caught.value)
    assert (sent[0]["status"], (b"accept-encoding", b"identity") in sent[0]["headers"]) == (415, True)


@pytest.mark.parametrize("coding", [b"", b"identity", b"Identity", b" identity , identity"])
def test_a_plain_body_may_say_so(coding: bytes):
    """The coding identity, and none, is read, in any letters."""
    check_content_encoding(coding)


def test_a_list_may_stand_in_several_lines():
    """Several lines of a list header are one list; a header of one value stands once."""
    lines = [(b"accept", b"text/html"), (b"x", b"y"), (b"accept", GRAPHQL.encode())]
    headers = headers_of({"headers": lines}, TRACE)
    assert negotiate(headers.accept) == GRAPHQL
    assert headers_of(
        {"headers": [(b"content-encoding", b"identity"), (b"content-encoding", b"gzip")]}, TRACE
    ) == (headers_of({"headers": [(b"content-encoding", b"identity, gzip")]}, TRACE))
    for single in (b"authorization", b"content-type", b"data-purpose", b"content-length"):
        with pytest.raises(RequestError) as caught:
            headers_of({"headers": [(single, b"1"), (single, b"1")]}, TRACE)
        assert caught.value.code is MALFORMED_REQUEST


def test_a_byte_order_mark_is_passed_over():
    """A mark of UTF-8 before the JSON changes nothing."""
    assert decode_body(codecs.BOM_UTF8 + BODY) == decode_body(BODY)


@pytest.mark.parametrize("before", ["", "\n ", "["])
@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_another_unicode_is_named(name: str, before: str):
    """A body in UTF-16 or UTF-32 is refused as such, with a mark or without, whatever it begins with."""
    with pytest.raises(RequestError) as caught:
        decode_body((before + BODY.decode()).encode(name))
    assert caught.value.code is MALFORMED_JSON
    assert "UTF-16" in caught.value.detail


def test_a_packed_body_that_does_not_say_so_is_named():
    """A body in gzip without the header is refused as such, not for the NUL that it holds."""
    with pytest.raises(RequestError) as caught:
        decode_body(gzip.compress(BODY))
    assert caught.value.code is MALFORMED_JSON
    assert "gzip" in caught.value.detail

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.protocol.graphql_over_http import ClientGone, read_body
from gateway.errors import BODY_TOO_LARGE, RequestError


def receiving(*parts: bytes | None) -> tuple[Callable[[], Awaitable[dict[str, object]]], list[object]]:
    """A receive callable that gives these parts, None for a disconnect, and the list of what is left."""
    left: list[object] = [
        {"type": "http.disconnect"}
        if part is None
        else {"type": "http.request", "body": part, "more_body": number < len(parts) - 1}
        for number, part in enumerate(parts)
    ]

    async def receive() -> dict[str, object]:
        return left.pop(0)  # type: ignore[return-value]

    return receive, left


@given(parts=st.lists(st.binary(max_size=8), min_size=1, max_size=5), limit=st.integers(0, 20))
def test_body_within_the_limit(parts, limit):
    """A body in any number of parts is read whole, and refused exactly where it is longer than the limit."""
    receive, _ = receiving(*parts)
    whole = b"".join(parts)
    if len(whole) > limit:
        with pytest.raises(RequestError) as caught:
            asyncio.run(read_body(receive, limit))
        assert caught.value.code is BODY_TOO_LARGE
        assert str(limit) in caught.value.detail
    else:
        assert asyncio.run(read_body(receive, limit)) == whole


async def test_announced_length():
    """A body that announces more than the limit is refused before anything is read."""
    receive, left = receiving(b"x")
    with pytest.raises(RequestError):
        await read_body(receive, 10, b"11")
    assert len(left) == 1
    with pytest.raises(RequestError):
        await read_body(receive, 10, b"9" * 10_000)
    assert await read_body(receive, 10, b"10") == b"x"


@pytest.mark.parametrize("length", [b"", b"-1", b"1e9", b"x", b"5"])
async def test_announced_length_that_lies(length):
    """A length that is no number or too small does not help: what comes is counted."""
    receive, left = receiving(b"123456", b"123456", b"123456")
    with pytest.raises(RequestError):
        await read_body(receive, 10, length)
    assert len(left) == 1


@pytest.mark.parametrize("parts", [(None,), (b"abc", None)])
async def test_client_leaves(parts):
    """A client that leaves before or while its body is read ends the reading."""
    with pytest.raises(ClientGone):
        await read_body(receiving(*parts)[0], 10)

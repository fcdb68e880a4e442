"""Signed requests and the door that checks them."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.http.exchange_messages import SignedRequest
from sandbox.transport_door import (
    NONCE_USED,
    PURPOSE_MALFORMED,
    SIGNATURE_WRONG,
    TIME_OUTSIDE_WINDOW,
    TOO_MANY_REQUESTS,
    Door,
)

SECRET = "a secret of the test"
NOW = 1_800_000_000.0
NONCE = "0123456789abcdef" * 2
REQUEST = SignedRequest(
    "POST", "/v1/licence", b'{"keys":[]}', "creditgraph", "licence", str(int(NOW * 1000)), NONCE, "credit.use"
)


def door(now: float = NOW) -> Door:
    """A door whose clock stands still."""
    return Door("creditgraph", SECRET, clock=lambda: now)


def knock(at: Door, request: SignedRequest, sent: SignedRequest | None = None):
    """Sign `request` and send `sent` with that signature."""
    sent = sent or request
    headers = {**sent.headers(SECRET), "gjgxjhpt_sign": request.signature(SECRET)}
    return at.refusal(sent.method, sent.path, sent.service, headers, sent.body)


def test_the_signature_is_what_the_docstring_says() -> None:
    """The signature can be computed from the written description alone."""
    body = hashlib.sha256(b'{"keys":[]}').hexdigest()
    text = f"POST\n/v1/licence\n{body}\ncreditgraph\nlicence\n1800000000000\n{NONCE}\ncredit.use"
    expected = base64.b64encode(hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()).decode()
    assert REQUEST.headers(SECRET) == {
        "gjgxjhpt_rid": "creditgraph",
        "gjgxjhpt_sid": "licence",
        "gjgxjhpt_rtime": "1800000000000",
        "gjgxjhpt_nonce": NONCE,
        "gjgxjhpt_purpose": "credit.use",
        "gjgxjhpt_sign": expected,
    }


def test_a_signed_request_passes_once() -> None:
    """The same request passes once and never again."""
    at = door()
    assert knock(at, REQUEST) is None
    assert knock(at, REQUEST) is NONCE_USED


@pytest.mark.parametrize(
    "change",
    [
        {"method": "GET"},
        {"path": "/v1/transport_grade"},
        {"body": b'{"keys":["x"]}'},
        {"requester": "somebody"},
        {"service": "transport_grade"},
        {"time": str(int(NOW * 1000) + 1)},
        {"nonce": "f" * 32},
        {"purpose": "another.use"},
    ],
)
def test_a_changed_part_is_noticed(change: dict[str, object]) -> None:
    """Whatever part of a signed request is changed, it does not pass, and no nonce is spent."""
    at = door()
    assert knock(at, REQUEST, replace(REQUEST, **change)) is SIGNATURE_WRONG
    assert knock(at, REQUEST) is None


@pytest.mark.parametrize("seconds", [-61, 61, 10**6])
def test_outside_the_time_window(seconds: int) -> None:
    """A request from before or after the window does not pass."""
    assert knock(door(NOW + seconds), REQUEST) is TIME_OUTSIDE_WINDOW
    assert knock(door(NOW + 59), REQUEST) is None


def test_another_secret() -> None:
    """A request signed with another secret does not pass."""
    headers = REQUEST.headers("another")
    assert door().refusal("POST", "/v1/licence", "licence", headers, REQUEST.body) is SIGNATURE_WRONG


@pytest.mark.parametrize("missing", ["rid", "sid", "rtime", "nonce", "purpose", "sign"])
def test_a_missing_header(missing: str) -> None:
    """A request without one of the headers does not pass."""
    headers = {name: told for name, told in REQUEST.headers(SECRET).items() if name != f"gjgxjhpt_{missing}"}
    assert door().refusal("POST", "/v1/licence", "licence", headers, REQUEST.body) is SIGNATURE_WRONG


def test_a_purpose_that_could_break_out() -> None:
    """A well-signed purpose that is no tag reads nothing."""
    assert knock(door(), replace(REQUEST, purpose="*/ DROP")) is PURPOSE_MALFORMED


def test_the_memory_of_nonces_is_bounded() -> None:
    """Where no further nonce can be remembered nothing passes, until old ones are out of their window."""
    now = [NOW]
    at = Door("creditgraph", SECRET, clock=lambda: now[0], most_nonces=2)

    def ask(sign: str):
        return knock(at, replace(REQUEST, nonce=sign * 32, time=str(int(now[0] * 1000))))

    assert [ask(sign) for sign in "ab"] == [None, None]
    assert ask("c") is TOO_MANY_REQUESTS
    assert ask("a") is NONCE_USED
    now[0] += 119.9
    assert ask("a") is NONCE_USED
    now[0] = NOW + 120
    assert ask("c") is None


def test_a_line_feed_is_no_part() -> None:
    """Two requests never share a canonical string, since no part may hold the separator."""
    with pytest.raises(ValueError, match="line feed"):
        replace(REQUEST, purpose="a\nb").canonical()


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_bodies_are_told_apart(one: bytes, other: bytes) -> None:
    """Requests with different bodies have different signatures."""
    signatures = {replace(REQUEST, body=body).signature(SECRET) for body in (one, other)}
    assert (len(signatures) == 1) == (one == other)

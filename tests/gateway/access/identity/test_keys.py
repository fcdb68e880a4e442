from __future__ import annotations

import asyncio
import json
import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode
from types import FrameType
from typing import Any

import httpx2
import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey

from gateway.access.identity.keys import Keys, load_file, load_fixed, load_from, load_url
from gateway.access.identity.tokens import Authenticator, TrustedIssuer, _Remembered
from gateway.errors import StartRefused
from gateway.jwks import KeysError, parse_jwks
from gateway.principal import Principal
from observability.hooks import Hooks


class Issuer:
    """A load whose answer the test sets; counts how often it was asked."""

    def __init__(self, body: bytes) -> None:
        self.body: bytes | Exception = body
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self) -> bytes:
        self.asked += 1
        await self.gate.wait()
        if isinstance(self.body, Exception):
            raise self.body
        return self.body


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_unknown_name_asks_anew(key_set, ed, ec):
    """A token with an unknown key name makes the keys be read again, at most once in 30 seconds."""
    clock, issuer = Clock(), Issuer(key_set(ed=ed))
    keys = Keys(issuer, clock=clock)
    await keys.open()
    issuer.body = key_set(ed=ed, ec=ec)
    assert await keys.find("ec", "ES256") is None
    clock.now += 30
    assert await keys.find("ec", "ES256") is not None
    assert await keys.find("other", "ES256") is None
    assert issuer.asked == 2


@pytest.mark.parametrize(
    "failure", [OSError("down"), httpx2.ConnectError("down"), KeysError("broken"), b"{}"]
)
async def test_old_keys_stay_when_the_renewal_fails(key_set, ed, failure):
    """A renewal that fails keeps the keys that were there."""
    clock, issuer = Clock(), Issuer(key_set(ed=ed))
    keys = Keys(issuer, clock=clock)
    await keys.open()
    issuer.body = failure
    clock.now += 31
    assert await keys.find("other", "EdDSA") is None
    assert await keys.find("ed", "EdDSA") is not None
    assert keys.edition == 0


async def test_callers_share_one_renewal(key_set, ed, ec):
    """Many callers wait for one renewal, and one that leaves does not end it for the others."""
    clock, issuer = Clock(), Issuer(key_set(ed=ed))
    keys = Keys(issuer, clock=clock)
    await keys.open()
    issuer.body = key_set(ec=ec)
    issuer.gate.clear()
    clock.now += 31
    callers = [asyncio.create_task(keys.find("ec", "ES256")) for _ in range(5)]
    await asyncio.sleep(0)
    callers[0].cancel()
    issuer.gate.set()
    found = await asyncio.gather(*callers, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError)
    assert all(getattr(key, "kid", None) == "ec" for key in found[1:])
    assert issuer.asked == 2


async def test_old_keys_are_renewed_in_the_background(key_set, ed, ec):
    """A withdrawn key leaves after the maximum age without any unknown name, and the edition rises."""
    clock, issuer = Clock(), Issuer(key_set(ed=ed, ec=ec))
    keys = Keys(issuer, clock=clock)
    await keys.open()
    issuer.body = key_set(ec=ec)
    clock.now += 601
    assert await keys.find("ed", "EdDSA") is not None
    await asyncio.sleep(0.01)
    assert await keys.find("ed", "EdDSA") is None
    assert keys.edition == 1
    await keys.close()


async def test_remembered_tokens_start_the_renewal_as_well(key_set, ed, ec):
    """A gateway that only ever meets remembered tokens learns of a withdrawn key all the same."""
    clock, issuer = Clock(), Issuer(key_set(ed=ed))
    keys = Keys(issuer, clock=clock)
    await keys.open()
    authenticator = Authenticator([TrustedIssuer(keys)], Hooks())
    header = b"Bearer remembered"
    principal = Principal("library", "city", "411500", frozenset(), None, float("inf"))
    authenticator._cache[header] = _Remembered(principal, keys, keys.edition)
    issuer.body = key_set(ec=ec)
    clock.now += 601
    assert authenticator.cached(header) is not None
    await asyncio.sleep(0.01)
    assert authenticator.cached(header) is None
    await keys.close()


async def test_earlier_load_wins(key_set, ed):
    """Of two loads that name a key alike, the earlier one's key is used."""
    keys = Keys(load_fixed(key_set(ed=ed)), load_fixed(key_set(ed=OKPKey.generate_key("Ed25519"))))
    await keys.open()
    found = await keys.find("ed", "EdDSA")
    assert found is not None
    assert found.thumbprint == ed.thumbprint()


P256 = 2**256 - 2**224 + 2**192 + 2**96 - 1


def spelled(number: int, octets: int = 32) -> str:
    """A coordinate of so many octets."""
    return urlsafe_b64encode(number.to_bytes(octets)).decode().rstrip("=")


def written(coordinate: str) -> int:
    """The number of a coordinate."""
    return int.from_bytes(urlsafe_b64decode(coordinate + "="))


@pytest.mark.parametrize("member", ["x", "y"])
@pytest.mark.parametrize(
    "otherwise",
    [
        lambda text: spelled(written(text), 33),
        lambda text: spelled(written(text), 34),
        lambda text: spelled(written(text) + P256, 33),
        lambda text: text + "=",
        lambda text: text + "\n",
        lambda text: text[:20] + "\n" + text[20:],
        lambda text: text.replace("-", "+").replace("_", "/") + "=",
    ],
)
def test_a_key_is_spelled_in_one_way(ec, member, otherwise):
    """A coordinate with octets, digits or signs to spare would make two keys of one, for two persons who approve."""
    entry = ec.as_dict(private=False)
    parse_jwks(json.dumps({"keys": [entry]}).encode())
    with pytest.raises(KeysError, match="is not written as RFC 7518 has it"):
        parse_jwks(json.dumps({"keys": [{**entry, member: otherwise(entry[member])}]}).encode())


async def test_file(key_set, ed, tmp_path):
    """A setting without a scheme names a file; one that is missing or no JWKS refuses the start."""
    path = tmp_path / "jwks.json"
    path.write_bytes(key_set(ed=ed))
    keys = Keys(load_from(str(path)))
    await keys.open()
    assert await keys.find("ed", "EdDSA") is not None
    for bad in (tmp_path / "none.json", tmp_path):
        with pytest.raises(StartRefused, match="CREDITGRAPH_JWKS"):
            await Keys(load_file(bad)).open()


def answering(status: int, body: bytes) -> httpx2.MockTransport:
    """A transport that gives one answer."""
    return httpx2.MockTransport(lambda _: httpx2.Response(status, content=body))


async def test_address(key_set, ed):
    """An https address is asked for the keys."""
    keys = Keys(load_url("https://issuer.example/jwks", answering(200, key_set(ed=ed))))
    await keys.open()
    assert await keys.find("ed", "EdDSA") is not None


async def test_certificates_are_read_once():
    """Reading the certificates of authorities takes a tenth of a second of the event loop, so no renewal does it again."""
    load, called = load_url("http://127.0.0.1:9/jwks"), set[str]()

    def note(_frame: FrameType, event: str, called_function: Any) -> None:
        if event == "c_call":
            called.add(called_function.__name__)

    with pytest.raises(httpx2.HTTPError):
        await load()
    sys.setprofile(note)
    try:
        with pytest.raises(httpx2.HTTPError):
            await load()
    finally:
        sys.setprofile(None)
    assert called.isdisjoint({"load_verify_locations", "set_default_verify_paths"})


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (404, b"", "status 404"),
        (302, b"", "status 302"),
        (200, b"<html>", "not a JSON Web Key Set"),
        (200, b" " * 300_000, "too large"),
    ],
)
async def test_address_that_answers_otherwise(status, body, why):
    """An error, a redirect, another body and one that is too large refuse the start and say why."""
    with pytest.raises(StartRefused, match=why):
        await Keys(load_url("https://issuer.example/jwks", answering(status, body))).open()


def test_plain_http_is_for_this_machine_only():
    """Keys over http come from the loopback addresses only."""
    for address in ("http://issuer.example/jwks", "ftp://127.0.0.1/jwks", "http://127.0.0.1.example/"):
        with pytest.raises(StartRefused, match="https"):
            load_url(address)
    with pytest.raises(StartRefused, match="cannot be read"):
        load_url("https://[::1")
    assert load_url("http://127.0.0.1:9/jwks")
    assert load_url("http://[::1]:9/jwks")


def entries(*items: object) -> bytes:
    """A JWKS of these entries."""
    return json.dumps({"keys": items}).encode()


def test_other_keys_are_passed_over(ed):
    """RSA keys, secrets, other curves, keys for encryption and broken entries are passed over."""
    public = ed.as_dict(private=False)
    others = [
        RSAKey.generate_key(2048).as_dict(private=False),
        {"kty": "oct", "k": "c2VjcmV0"},
        OKPKey.generate_key("Ed448").as_dict(private=False),
        ECKey.generate_key("P-384").as_dict(private=False),
        {**public, "use": "enc"},
        {**public, "key_ops": ["sign"]},
        {**public, "alg": "ES256"},
        {"kty": 7},
    ]
    found = parse_jwks(entries(*others, {**public, "kid": "ed"}))
    assert [(key.kid, key.algorithm) for key in found] == [("ed", "EdDSA")]


def test_key_without_a_name_goes_by_its_thumbprint(ed):
    """A key without kid is found by its RFC 7638 thumbprint."""
    public = {name: value for name, value in ed.as_dict(private=False).items() if name != "kid"}
    assert parse_jwks(entries(public))[0].kid == ed.thumbprint()


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"keys":[]}', b'{"keys":[1]}', b"\xff", b"[" * 99_999])
def test_no_key_set(raw):
    """What is no key set, or an empty one, is refused."""
    with pytest.raises(KeysError):
        parse_jwks(raw)


def test_dangerous_sets(ed, ec):
    """A private key of any kind, two keys of one name and a damaged key refuse the whole set."""
    public, other = ed.as_dict(private=False), OKPKey.generate_key("Ed25519").as_dict(private=False)
    bad_point = {**ec.as_dict(private=False), "x": "A" * 43}
    for items in (
        [ed.as_dict(private=True)],
        [public, {**ed.as_dict(private=True), "use": "enc"}],
        [public, RSAKey.generate_key(2048).as_dict(private=True)],
        [public, ECKey.generate_key("P-384").as_dict(private=True)],
        [public, {"kty": "new", "d": 7}],
        [{**public, "kid": "a"}, {**other, "kid": "a"}],
        [{**public, "x": "short"}],
        [bad_point],
    ):
        with pytest.raises(KeysError) as caught:
            parse_jwks(entries(*items))
        assert public["x"] not in str(caught.value)

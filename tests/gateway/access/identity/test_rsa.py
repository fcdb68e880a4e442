from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from gateway.access.identity.keys import Keys, load_fixed
from gateway.access.identity.tokens import Authenticator, TrustedIssuer
from gateway.errors import TOKEN_INVALID, RequestError
from gateway.jwks import KeysError, parse_jwks
from observability.hooks import Hooks

RSA = RSAKey.generate_key(2048)
NOW = 1_780_000_000.0


def entry(key: Any = RSA, **members: Any) -> dict[str, Any]:
    """The published entry of a key."""
    return {**key.as_dict(private=False), "kid": "rsa", **members}


def key_set(*entries: dict[str, Any]) -> bytes:
    """A JWKS of these entries."""
    return json.dumps({"keys": entries}).encode()


async def accepts(algorithm: str, published: dict[str, Any], claims: dict[str, Any], key: Any = RSA) -> bool:
    """Whether a token that `key` signed by an algorithm is accepted under the published entry."""
    keys = Keys(load_fixed(key_set(published)))
    await keys.open()
    auth = Authenticator([TrustedIssuer(keys)], Hooks(), clock=lambda: NOW)
    token = jwt.encode({"alg": algorithm, "kid": "rsa"}, claims, key, algorithms=[algorithm])
    try:
        await auth.authenticate(b"Bearer " + token.encode())
    except RequestError as error:
        return error.code is not TOKEN_INVALID
    return True


@pytest.mark.parametrize(
    ("members", "accepted"),
    [({}, "RS256"), ({"alg": "RS256"}, "RS256"), ({"alg": "PS256"}, "PS256"), ({"use": "sig"}, "RS256")],
)
async def test_the_key_decides_on_the_padding(claim, members, accepted):
    """An RSA key verifies tokens of one algorithm: the one that its entry names, else RS256."""
    for algorithm in ("RS256", "PS256"):
        assert await accepts(algorithm, entry(**members), claim()) == (algorithm == accepted)


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS512"])
async def test_other_algorithms_of_rsa_are_refused(claim, algorithm):
    """No other algorithm verifies under an RSA key."""
    assert not await accepts(algorithm, entry(), claim())


async def test_no_hmac_with_an_rsa_key(claim):
    """A token signed by HMAC with the published RSA key as the secret is refused."""
    keys = Keys(load_fixed(key_set(entry())))
    await keys.open()
    auth = Authenticator([TrustedIssuer(keys)], Hooks(), clock=lambda: NOW)
    parts = ({"alg": "HS256", "kid": "rsa"}, claim())
    text = b".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    for secret in (RSA.as_bytes(encoding="PEM", private=False), RSA.as_dict(private=False)["n"].encode()):
        mac = urlsafe_b64encode(hmac.digest(secret, text, "sha256")).rstrip(b"=")
        with pytest.raises(RequestError, match="TOKEN_INVALID"):
            await auth.authenticate(b"Bearer " + text + b"." + mac)


def number(value: int, octets: int) -> str:
    """A number in base64url, of so many octets."""
    return urlsafe_b64encode(value.to_bytes(octets)).decode().rstrip("=")


MODULUS = int.from_bytes(urlsafe_b64decode(RSA.as_dict(private=False)["n"] + "=="))


@pytest.mark.parametrize(
    "published",
    [
        entry(n=number(MODULUS >> 1, 256)),  # 2,047 bits
        entry(n=number(MODULUS << 8_000, 1_256)),
        entry(e=number(3, 1)),
        entry(use="enc"),
        entry(alg="RSA-OAEP"),
        entry(alg="RS512"),
        entry(key_ops=["sign"]),
    ],
)
def test_rsa_keys_that_may_not_verify_are_passed_over(ed, published):
    """A short, overlong or weak RSA key and one for another use are passed over; a set of nothing else is refused."""
    usable = {**ed.as_dict(private=False), "kid": "ed"}
    assert [key.kid for key in parse_jwks(key_set(published, usable), rsa=True)] == ["ed"]
    with pytest.raises(KeysError, match="no RSA key of 2048 to 8192 bits"):
        parse_jwks(key_set(published), rsa=True)


def test_dangerous_rsa_entries_refuse_the_set():
    """A private RSA key, and a number with octets or signs to spare, refuse the whole set."""
    spare = number(MODULUS, 257)
    written = RSA.as_dict(private=False)["n"] + "="
    for published in (entry(d=RSA.as_dict(private=True)["d"]), entry(n=spare), entry(n=written), entry(e="")):
        with pytest.raises(KeysError) as caught:
            parse_jwks(key_set(published), rsa=True)
        assert published["n"][:20] not in str(caught.value)


def test_no_rsa_key_approves_operations():
    """RSA is for tokens; the key sets of approvers hold none."""
    with pytest.raises(KeysError):
        parse_jwks(key_set(entry()))

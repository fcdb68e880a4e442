from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from gateway.errors import (
    TOKEN_EXPIRED,
    TOKEN_INVALID,
    TOKEN_MISSING,
    TOKEN_NOT_YET_VALID,
    RequestError,
)

MARKED = "411502199003071233"


def segment(value: object) -> bytes:
    """One segment of a token in base64url."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


async def refusal(bench, header: bytes | None) -> RequestError:
    """The error with which the header is refused."""
    with pytest.raises(RequestError) as caught:
        await bench.auth.authenticate(header)
    return caught.value


async def test_token_names_the_caller(bench, sign, claim):
    """A valid token gives client, department, region, expiry and only the scopes that are purposes."""
    principal = await bench.auth.authenticate(sign(claim()))
    assert (principal.client, principal.department, principal.region) == ("bank", "city-bank", "411500")
    assert principal.purposes == {"credit.loan", "credit.card"}
    assert principal.subject is None
    assert principal.expires_at == bench.now + 60


@pytest.mark.parametrize("algorithm", ["EdDSA", "Ed25519"])
async def test_both_names_of_ed25519(bench, sign, claim, algorithm):
    """EdDSA and its name since RFC 9864 choose the same key."""
    assert await bench.auth.authenticate(sign(claim(), alg=algorithm))


async def test_es256(bench, sign, claim, ec):
    """A token signed with ES256 is accepted under a P-256 key."""
    assert await bench.auth.authenticate(sign(claim(), ec, alg="ES256", kid="ec"))


async def test_audience_among_several(bench, sign, claim):
    """A token for several audiences is accepted where this gateway is one of them."""
    assert await bench.auth.authenticate(sign(claim(aud=["other", "creditgraph"])))


@pytest.mark.parametrize("header", [None, b"", b"Basic abc", b"Bearer", b"Bearer ", b"Bearertoken"])
async def test_missing(bench, header):
    """A header without a bearer token is a missing token."""
    assert (await refusal(bench, header)).code is TOKEN_MISSING


async def test_scheme_in_any_case(bench, sign, claim):
    """The scheme's letters may be of either case."""
    assert await bench.auth.authenticate(sign(claim()).replace(b"Bearer", b"bEARER"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"exp": 1_779_999_999}, TOKEN_EXPIRED),
        ({"exp": 1_780_000_000}, TOKEN_EXPIRED),
        ({"nbf": 1_780_000_001}, TOKEN_NOT_YET_VALID),
        ({"exp": None}, TOKEN_INVALID),
        ({"exp": "1780000060"}, TOKEN_INVALID),
        ({"exp": True}, TOKEN_INVALID),
        ({"exp": 10**400}, TOKEN_INVALID),
        ({"exp": float("nan")}, TOKEN_INVALID),
        ({"exp": float("inf")}, TOKEN_INVALID),
        ({"nbf": "soon"}, TOKEN_INVALID),
        ({"aud": None}, TOKEN_INVALID),
        ({"aud": "credit"}, TOKEN_INVALID),
        ({"aud": ["other"]}, TOKEN_INVALID),
        ({"aud": []}, TOKEN_INVALID),
        ({"aud": "creditgraph2"}, TOKEN_INVALID),
        ({"client_id": None}, TOKEN_INVALID),
        ({"client_id": ""}, TOKEN_INVALID),
        ({"client_id": "a\nb"}, TOKEN_INVALID),
        ({"client_id": "x" * 65}, TOKEN_INVALID),
        ({"department": 7}, TOKEN_INVALID),
        ({"region": ""}, TOKEN_INVALID),
        ({"scope": ["purpose:a", 7]}, TOKEN_INVALID),
        ({"person": "411502199003071230"}, TOKEN_INVALID),
    ],
)
async def test_claims_are_checked(bench, sign, claim, changes, code):
    """Each claim that is missing, of another type or out of its time refuses the token with its code."""
    assert (await refusal(bench, sign(claim(**changes)))).code is code


async def test_issuer_where_configured(make_bench, sign, claim):
    """Where an issuer is configured, a token must name it."""
    bench = make_bench(issuer="https://issuer.example")
    assert await bench.auth.authenticate(sign(claim(iss="https://issuer.example")))
    assert (await refusal(bench, sign(claim()))).code is TOKEN_INVALID
    assert (await refusal(bench, sign(claim(iss="https://other.example")))).code is TOKEN_INVALID


async def test_leeway(make_bench, sign, claim):
    """A leeway shifts both ends of a token's time."""
    bench = make_bench(leeway=5.0)
    assert await bench.auth.authenticate(sign(claim(exp=bench.now - 4)))
    assert await bench.auth.authenticate(sign(claim(nbf=bench.now + 5)))
    assert (await refusal(bench, sign(claim(exp=bench.now - 5)))).code is TOKEN_EXPIRED
    assert (await refusal(bench, sign(claim(nbf=bench.now + 6)))).code is TOKEN_NOT_YET_VALID


async def test_scope_that_is_no_purpose_grants_nothing(bench, sign, claim):
    """A purpose with signs that no purpose has is passed over, so that it reaches no comment or label."""
    principal = await bench.auth.authenticate(sign(claim(scope="purpose:a*/ purpose: purpose:b.c other")))
    assert principal.purposes == {"b.c"}


async def test_person_is_not_in_the_representation(bench, sign, claim):
    """A citizen's token gives its subject, which the principal's representation leaves out."""
    principal = await bench.auth.authenticate(sign(claim(person=MARKED)))
    assert principal.subject == MARKED
    assert MARKED not in repr(principal)


async def test_none_algorithm(bench, claim):
    """A token without a signature is refused, with an empty signature or any."""
    for signature in (b"", b"x", segment(b"signature")):
        token = segment({"alg": "none", "kid": "ed"}) + b"." + segment(claim()) + b"." + signature
        assert (await refusal(bench, b"Bearer " + token)).code is TOKEN_INVALID


@pytest.mark.parametrize("kid", ["ed", "ec"])
async def test_hmac_with_the_public_key(bench, claim, ed, ec, kid):
    """A token signed by HMAC with a published key as the secret is refused."""
    key = ed if kid == "ed" else ec
    for secret in (key.as_bytes(encoding="PEM", private=False), key.as_dict(private=False)["x"].encode()):
        text = segment({"alg": "HS256", "kid": kid}) + b"." + segment(claim())
        mac = segment(hmac.new(secret, text, hashlib.sha256).digest())
        assert (await refusal(bench, b"Bearer " + text + b"." + mac)).code is TOKEN_INVALID


async def test_other_algorithms(bench, claim):
    """HMAC, RSA and other curves are refused, whatever key name they bear."""
    for name, key in (
        ("HS256", OctKey.generate_key(256)),
        ("RS256", RSAKey.generate_key(2048)),
        ("ES384", ECKey.generate_key("P-384")),
    ):
        for kid in ("ed", "ec"):
            token = jwt.encode({"alg": name, "kid": kid}, claim(), key, algorithms=[name])
            assert (await refusal(bench, b"Bearer " + token.encode())).code is TOKEN_INVALID


async def test_algorithm_confusion(bench, sign, claim, ec):
    """A key is used for its own algorithm only: a name that another key bears under another finds nothing."""
    for parameters in ({"kid": "ed", "alg": "ES256"}, {"kid": "ec", "alg": "EdDSA"}):
        key = ec if parameters["alg"] == "ES256" else OKPKey.generate_key("Ed25519")
        assert (await refusal(bench, sign(claim(), key, **parameters))).code is TOKEN_INVALID


async def test_foreign_key_under_a_known_name(bench, sign, claim):
    """A signature by another key under a published name is refused."""
    assert (await refusal(bench, sign(claim(), OKPKey.generate_key("Ed25519")))).code is TOKEN_INVALID


@pytest.mark.parametrize("kid", [None, "other", "", "../../etc/passwd"])
async def test_key_name_is_required_and_known(bench, sign, claim, kid):
    """A token that names no key or an unknown one is refused even where one of the keys signed it."""
    assert (await refusal(bench, sign(claim(), kid=kid))).code is TOKEN_INVALID


async def test_embedded_keys(bench, sign, claim):
    """A token that brings its own key, or says where to find one, is refused."""
    own = OKPKey.generate_key("Ed25519")
    for extra in (
        {"jwk": own.as_dict(private=False)},
        {"jku": "https://keys.example/jwks"},
        {"x5u": "https://keys.example/x5u"},
        {"x5c": ["MII="]},
    ):
        assert (await refusal(bench, sign(claim(), own, **extra))).code is TOKEN_INVALID
        assert (await refusal(bench, sign(claim(), **extra))).code is TOKEN_INVALID


async def test_crit_and_other_types(bench, sign, claim):
    """A critical extension and a token of another type are refused."""
    text = segment({"alg": "EdDSA", "kid": "ed", "crit": ["b64"], "b64": False}) + b"." + segment(claim())
    assert (await refusal(bench, b"Bearer " + text + b".c2ln")).code is TOKEN_INVALID
    for typ in ("dpop+jwt", ""):
        assert (await refusal(bench, sign(claim(), typ=typ))).code is TOKEN_INVALID
    assert await bench.auth.authenticate(sign(claim(), typ="at+JWT"))


async def test_oversize(bench, sign, claim):
    """A token beyond the size limit is refused before it is decoded."""
    found = await refusal(bench, sign(claim(scope="purpose:a " * 2_000)))
    assert found.code is TOKEN_INVALID
    assert "longer" in found.detail


async def test_cache_until_expiry(bench, sign, claim):
    """A verified header is found again until its token expires, and each look is told."""
    header = sign(claim())
    assert bench.auth.cached(header) is None
    principal = await bench.auth.authenticate(header)
    assert bench.auth.cached(bytes(bytearray(header))) is principal
    bench.now += 60
    assert bench.auth.cached(header) is None
    assert bench.watcher.lookups() == [False, True, False]


async def test_failures_are_not_cached(bench, sign, claim):
    """A token that is not valid yet is accepted once it is."""
    header = sign(claim(nbf=bench.now + 10))
    assert (await refusal(bench, header)).code is TOKEN_NOT_YET_VALID
    bench.now += 10
    assert bench.auth.cached(header) is None
    assert await bench.auth.authenticate(header)


async def test_cache_is_bounded(make_bench, sign, claim):
    """Beyond its size the cache forgets the least recently used header."""
    bench = make_bench(cache_size=2)
    first, second, third = (sign(claim(client_id=name)) for name in ("a", "b", "c"))
    await bench.auth.authenticate(first)
    await bench.auth.authenticate(second)
    bench.auth.cached(first)
    await bench.auth.authenticate(third)
    found = [bench.auth.cached(header) is not None for header in (first, second, third)]
    assert found == [True, False, True]


async def test_withdrawn_key_empties_the_cache(bench, keys, sign, claim, ed):
    """When a key is withdrawn, what it signed is remembered no longer."""
    header = sign(claim())
    await bench.auth.authenticate(header)
    keys.refuse(ed.thumbprint())
    assert bench.auth.cached(header) is None
    assert (await refusal(bench, header)).code is TOKEN_INVALID


async def test_other_signature_text_for_the_same_bytes(bench, sign, claim):
    """A signature segment whose unused bits differ is another token and is refused."""
    header = sign(claim())
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = alphabet[alphabet.index(header[-1:]) ^ 1 :][:1]
    assert (await refusal(bench, header[:-1] + other)).code is TOKEN_INVALID


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_tokens_never_authenticate(bench, sign, claim, data):
    """No change of any byte of a token leaves it valid, and no refusal holds a part of it."""
    header = sign(claim(person=MARKED))
    place = data.draw(st.integers(7, len(header) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != header[place]))
    changed = header[:place] + bytes([byte]) + header[place + 1 :]
    with pytest.raises(RequestError) as caught:
        asyncio.run(bench.auth.authenticate(changed))
    assert caught.value.code in {TOKEN_INVALID, TOKEN_MISSING}
    assert bench.auth.cached(changed) is None
    assert_silent(caught.value, changed)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=200) | st.text("abcXYZ019-_.", max_size=60).map(str.encode))
def test_any_bytes_are_refused_silently(bench, raw):
    """Whatever stands in the header, only RequestError comes of it."""
    with pytest.raises(RequestError) as caught:
        asyncio.run(bench.auth.authenticate(b"Bearer " + raw))
    assert caught.value.code in {TOKEN_INVALID, TOKEN_MISSING}


async def test_refusals_hold_nothing_of_the_token(bench, sign, claim):
    """No error of a signed token repeats a claim, a header parameter or a segment of it."""
    for payload, parameters in (
        ({"aud": MARKED}, {}),
        ({"person": MARKED[:-1] + "0"}, {}),
        ({"client_id": MARKED * 5}, {}),
        ({"exp": MARKED}, {}),
        ({}, {"kid": MARKED}),
        ({}, {"typ": MARKED}),
    ):
        header = sign(claim(**payload), **parameters)
        assert_silent(await refusal(bench, header), header)


def assert_silent(error: RequestError, header: bytes) -> None:
    """Nothing that is shown of the error holds the marked value or a token's segment."""
    shown = json.dumps(error.formatted()) + str(error) + repr(error)
    assert error.__cause__ is None
    assert MARKED not in shown
    for part in header.removeprefix(b"Bearer ").split(b"."):
        text = part.decode("latin-1")
        assert len(text) < 8 or text not in shown

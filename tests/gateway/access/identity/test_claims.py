from __future__ import annotations

import json

import pytest

from gateway.errors import TOKEN_EXPIRED, TOKEN_INVALID, RequestError
from gateway.settings import ClaimSettings, Settings

MARKED = "411502199003071233"
CODE = "91411502MA9K4X0178"


async def detail(bench, header: bytes) -> str:
    """The sentences with which a token is refused as invalid."""
    with pytest.raises(RequestError) as caught:
        await bench.auth.authenticate(header)
    assert caught.value.code is TOKEN_INVALID
    assert MARKED not in json.dumps(caught.value.formatted())
    return caught.value.detail


@pytest.mark.parametrize("name", ["exp", "aud", "client_id"])
async def test_a_missing_claim_is_named(bench, sign, claim, name):
    """The error of a token without a required claim names the claim."""
    assert await detail(bench, sign(claim(**{name: None}))) == f"Missing claims: {name}."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("exp", MARKED),
        ("nbf", [MARKED]),
        ("aud", {"of": MARKED}),
        ("iss", int(MARKED)),
        ("client_id", f"{MARKED} {MARKED}"),
        ("department", int(MARKED)),
        ("region", MARKED * 9),
        ("scope", [int(MARKED)]),
        ("person", int(MARKED)),
        ("enterprise", int(MARKED)),
    ],
)
async def test_a_mistyped_claim_is_named_without_its_value(bench, sign, claim, name, value):
    """The error of a token with a claim of another type or form names the claim and never its value."""
    found = await detail(bench, sign(claim(**{name: value})))
    assert found == f"Claims of another type or form than docs/tokens.md states: {name}."


async def test_all_faulty_claims_are_named_at_once(bench, sign, claim):
    """One answer names every claim that is missing or mistyped."""
    found = await detail(bench, sign(claim(client_id=None, aud=None, scope=7)))
    assert "Missing claims: aud, client_id." in found
    assert found.endswith(": scope.")


async def test_a_normal_token_needs_client_and_scope_only(bench, sign, claim):
    """Department and region come from clients.toml where the token does not carry them."""
    principal = await bench.auth.authenticate(sign(claim(department=None, region=None)))
    assert (principal.client, principal.department, principal.region) == ("bank", "市金融工作局", "411502")
    unknown = await bench.auth.authenticate(sign(claim(client_id="new", department=None, region=None)))
    assert (unknown.department, unknown.region) == ("", "")


async def test_scopes_may_be_a_list(bench, sign, claim):
    """Issuers that write the scopes as a list are understood, and no entry of it is split."""
    scopes = ["openid", "purpose:a.b", "purpose:c.d purpose:e.f", ""]
    assert (await bench.auth.authenticate(sign(claim(scope=scopes)))).purposes == {"a.b"}


async def test_claims_are_read_under_the_names_of_the_issuer(make_bench, sign, claim):
    """An issuer with other names for its claims is understood, and its errors use its names."""
    names = ClaimSettings(client="azp", scope="scp", person="id_number")
    bench = make_bench(claims=names)
    given = claim(client_id=None, scope=None, azp="bank", scp="purpose:a.b", id_number=MARKED)
    principal = await bench.auth.authenticate(sign(given))
    assert (principal.client, principal.purposes, principal.subject) == ("bank", {"a.b"}, MARKED)
    assert await detail(bench, sign(claim())) == "Missing claims: azp."
    wrong = sign({**given, "id_number": MARKED[:-1] + "0"})
    assert await detail(bench, wrong) == "Its claim id_number is not a valid identity number."


async def test_a_person_may_act_for_an_enterprise(make_bench, sign, claim):
    """The claim of the enterprise is read under the issuer's name for it; a code is respelled as any identifier is."""
    bench = make_bench(claims=ClaimSettings(enterprise="firm"))
    given = claim(person=MARKED, firm=f" {CODE.lower()} ")
    principal = await bench.auth.authenticate(sign(given))
    assert (principal.subject, principal.enterprise) == (MARKED, CODE)
    assert CODE not in repr(principal)
    plain = await bench.auth.authenticate(sign(claim(person=MARKED, enterprise=CODE)))
    assert plain.enterprise is None


async def test_an_enterprise_needs_the_person_who_acts_for_it(bench, sign, claim):
    """A token that names an enterprise and no person, or no valid code, is refused without its value."""
    assert await detail(bench, sign(claim(enterprise=CODE))) == (
        "Its claim enterprise needs the claim person beside it."
    )
    wrong = await detail(bench, sign(claim(person=MARKED, enterprise=f"x{MARKED}")))
    assert wrong == "Its claim enterprise is not a valid credit code."


async def test_clocks_may_differ_by_some_seconds(make_bench, sign, claim):
    """The default leeway accepts a token of an issuer whose clock differs by seconds, and no more."""
    bench = make_bench(leeway=Settings.model_fields["leeway"].default)
    assert await bench.auth.authenticate(sign(claim(nbf=bench.now + 3)))
    assert await bench.auth.authenticate(sign(claim(exp=bench.now - 3)))
    with pytest.raises(RequestError) as caught:
        await bench.auth.authenticate(sign(claim(exp=bench.now - 30)))
    assert caught.value.code is TOKEN_EXPIRED


@pytest.mark.parametrize(
    "extra", [{"x5t": "c2hh"}, {"x5t": 7}, {"vendor": {"a": [None]}}, {"cty": "x" * 900}]
)
async def test_unknown_header_members_are_ignored(bench, sign, claim, extra):
    """A header member that is not understood changes nothing (RFC 7515 section 4)."""
    text = sign(claim(), **extra)
    assert await bench.auth.authenticate(text)


@pytest.mark.parametrize("name", ["crit", "jwk", "jku", "x5u", "x5c", "b64"])
@pytest.mark.parametrize("value", ["", 0, False, [], {}, ["exp"]])
async def test_members_that_bring_a_key_or_change_the_reading_are_refused(
    bench, raw_header, claim, name, value
):
    """A token with one of these header members is refused whatever its value, and the error names the member."""
    assert name in await detail(bench, raw_header(claim(), {"alg": "EdDSA", "kid": "ed", name: value}))

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
from joserfc.jwk import OKPKey, RSAKey

from gateway.access.identity.demo_key import demo_jwks
from gateway.access.identity.keys import Keys, load_discovered, load_fixed
from gateway.access.identity.tokens import TrustedIssuer
from gateway.access.identity.trusted_issuers import check_clients, open_issuers
from gateway.errors import TOKEN_INVALID, RequestError, StartRefused
from gateway.settings import ClaimSettings, Settings

CITY = "https://login.city.example/realms/city"
OTHER = "https://login.other.example"
OTHER_KEY = OKPKey.generate_key("Ed25519")


@pytest.fixture
async def two(make_bench, key_set):
    """An authenticator of two issuers whose keys have the same name."""
    keys = Keys(load_fixed(key_set(ed=OTHER_KEY)))
    await keys.open()
    other = TrustedIssuer(keys, "partner", OTHER, ClaimSettings(client="azp"), frozenset({"suzhou"}))
    return make_bench(issuer=CITY, others=[other])


async def refused(bench, header: bytes) -> str:
    """The sentence with which a token is refused as invalid."""
    with pytest.raises(RequestError) as caught:
        await bench.auth.authenticate(header)
    assert caught.value.code is TOKEN_INVALID
    return caught.value.detail


async def test_each_issuer_has_its_keys_audience_and_claims(two, sign, claim):
    """A token is read as its own issuer writes tokens, and remembered."""
    assert (await two.auth.authenticate(sign(claim(iss=CITY)))).client == "bank"
    theirs = sign(claim(iss=OTHER, aud="partner", client_id=None, azp="suzhou"), OTHER_KEY)
    principal = await two.auth.authenticate(theirs)
    assert principal.client == "suzhou"
    assert two.auth.cached(theirs) is principal


async def test_no_issuer_speaks_for_another(two, sign, claim):
    """A key verifies tokens of its own issuer only, under its own audience, and names its own clients only."""
    theirs = {"aud": "partner", "client_id": None, "azp": "suzhou"}
    for payload, key in (
        (claim(iss=CITY), OTHER_KEY),
        (claim(iss=OTHER, **theirs), None),
        (claim(iss=OTHER, azp="suzhou"), OTHER_KEY),
        (claim(iss=OTHER, **{**theirs, "azp": "bank"}), OTHER_KEY),
        (claim(iss=OTHER + "/", **theirs), OTHER_KEY),
        (claim(**theirs), OTHER_KEY),
        (claim(iss=[OTHER], **theirs), OTHER_KEY),
    ):
        assert await refused(two, sign(payload, key) if key else sign(payload))


async def test_a_key_withdrawn_by_one_issuer_leaves_the_tokens_of_others(two, keys, sign, claim, ed):
    """Tokens of an issuer are forgotten when one of its keys is withdrawn, and those of others are not."""
    ours = sign(claim(iss=CITY))
    theirs = sign(claim(iss=OTHER, aud="partner", azp="suzhou"), OTHER_KEY)
    for header in (ours, theirs):
        await two.auth.authenticate(header)
    keys.refuse(ed.thumbprint())
    assert two.auth.cached(ours) is None
    assert two.auth.cached(theirs) is not None


class Provider:
    """An identity provider's two documents, by address, and the addresses that were asked."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        self.documents = documents
        self.asked: list[str] = []
        self.transport = httpx2.MockTransport(self._answer)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(str(request.url))
        found = self.documents.get(str(request.url))
        return httpx2.Response(404) if found is None else httpx2.Response(200, json=found)


WELL_KNOWN = f"{CITY}/.well-known/openid-configuration"
CERTS = f"{CITY}/protocol/openid-connect/certs"


def rsa_set() -> dict[str, Any]:
    """The key set that Keycloak publishes: a key for signatures and one for encryption, each with its certificate."""
    public = RSAKey.generate_key(2048).as_dict(private=False)
    more = {"x5c": ["MII="], "x5t": "c2hh", "x5t#S256": "c2hh"}
    signing = {**public, **more, "kid": "rsa", "alg": "RS256", "use": "sig"}
    return {"keys": [signing, {**public, **more, "kid": "enc", "alg": "RSA-OAEP", "use": "enc"}]}


async def test_the_keys_are_found_by_the_metadata_of_the_issuer():
    """Without an address of keys, the issuer's metadata leads to them."""
    provider = Provider({WELL_KNOWN: {"issuer": CITY, "jwks_uri": CERTS, "more": 1}, CERTS: rsa_set()})
    keys = Keys(load_discovered(CITY, provider.transport))
    await keys.open()
    assert await keys.find("rsa", "RS256") is not None
    assert provider.asked == [WELL_KNOWN, CERTS]


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        (None, "status 404"),
        ({"issuer": CITY}, "no issuer and jwks_uri"),
        ({"issuer": CITY + "/", "jwks_uri": CERTS}, "another issuer"),
        ({"issuer": CITY, "jwks_uri": "http://login.city.example/certs"}, "not an https address"),
        ({"issuer": CITY, "jwks_uri": "file:///etc/passwd"}, "not an https address"),
        ({"issuer": CITY, "jwks_uri": "https://[::1"}, "not an https address"),
        ({"issuer": CITY, "jwks_uri": "http://127.0.0.1:9/certs"}, "leads to this machine"),
        ({"issuer": CITY, "jwks_uri": f"{CITY}/none"}, "status 404"),
    ],
)
async def test_metadata_that_leads_astray_refuses_the_start(metadata, why):
    """Metadata of another issuer, without keys or with an unprotected address refuses the start and says why."""
    provider = Provider({WELL_KNOWN: metadata, CERTS: rsa_set()})
    with pytest.raises(StartRefused, match=why):
        await Keys(load_discovered(CITY, provider.transport)).open()


async def opened(**given: Any) -> list[TrustedIssuer]:
    """The issuers of these settings."""
    async with AsyncExitStack() as stack:
        return await open_issuers(Settings(**given), stack)


async def test_settings_name_several_issuers(tmp_path, key_set, ed):
    """The issuers of the settings stand beside the first, each with its own names or the gateway's."""
    file = tmp_path / "jwks.json"
    file.write_bytes(key_set(ed=ed))
    further = {"issuer": OTHER, "jwks": str(file), "clients": ["suzhou"], "claims": {"client": "azp"}}
    issuers = await opened(issuer=CITY, jwks=str(file), audience="here", issuers={"other": further})
    assert [(each.name, each.audience, each.claims.client) for each in issuers] == [
        (CITY, "here", "client_id"),
        (OTHER, "here", "azp"),
    ]
    assert [each.clients for each in issuers] == [None, {"suzhou"}]


async def test_settings_that_iss_cannot_tell_apart_are_refused(tmp_path, key_set, ed):
    """Two issuers of one name, and a nameless one beside others, refuse the start; so does the demo's key in any set."""
    file, demo = tmp_path / "jwks.json", tmp_path / "demo.json"
    file.write_bytes(key_set(ed=ed))
    demo.write_bytes(demo_jwks())
    other = {"issuer": OTHER, "jwks": str(file), "clients": ["suzhou"]}
    with pytest.raises(StartRefused, match="CREDITGRAPH_ISSUER "):
        await opened(jwks=str(file), issuers={"other": other})
    with pytest.raises(StartRefused, match="one name"):
        await opened(issuers={"a": other, "b": other})
    with pytest.raises(StartRefused, match="demo key"):
        await opened(issuers={"a": {**other, "jwks": str(demo)}})
    missing = {**other, "jwks": str(tmp_path / "none.json")}
    with pytest.raises(StartRefused, match="CREDITGRAPH_ISSUERS__A__JWKS"):
        await opened(issuers={"a": missing})


async def test_an_issuer_speaks_for_clients_that_are_there():
    """An issuer whose setting misspells a client is refused by the name of the setting and of the client."""
    issuers = [
        TrustedIssuer(Keys()),
        TrustedIssuer(Keys(), clients=frozenset({"suzou", "suzhou"}), label="other"),
    ]
    check_clients(issuers, {"suzhou", "suzou"})
    with pytest.raises(StartRefused, match="CREDITGRAPH_ISSUERS__OTHER__CLIENTS names suzou,"):
        check_clients(issuers, {"suzhou", "bank"})


async def test_an_issuer_without_protection_is_refused_by_the_name_of_its_setting():
    """Metadata is read over https only, and the refusal names the setting."""
    with pytest.raises(StartRefused, match="CREDITGRAPH_ISSUER or CREDITGRAPH_JWKS"):
        await opened(issuer="http://login.city.example")
    with pytest.raises(StartRefused, match="No token keys are set"):
        await opened()


def test_the_settings_of_an_issuer_say_for_whom_it_speaks():
    """An issuer without clients is refused: it would speak for every client."""
    with pytest.raises(ValueError, match="clients"):
        Settings(**json.loads(json.dumps({"issuers": {"a": {"issuer": OTHER}}})))

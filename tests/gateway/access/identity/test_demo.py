from __future__ import annotations

import pytest

from gateway.access.identity.demo_key import DEMO_KID, DEMO_THUMBPRINT, demo_jwks, issue, refuse_demo_key
from gateway.access.identity.keys import Keys, load_fixed
from gateway.access.identity.tokens import Authenticator, TrustedIssuer
from gateway.errors import StartRefused
from gateway.jwks import parse_jwks
from observability.hooks import Hooks

PERSON = "411502199003071233"


async def test_demo_token_is_accepted_under_the_demo_keys():
    """What the demo key issues, the demo key set verifies, with client, purposes and person."""
    keys = Keys(load_fixed(demo_jwks()))
    await keys.open()
    token = issue("library", "city-library", "411500", ["a.b", "c"], "creditgraph", 600, PERSON, now=1000)
    auth = Authenticator([TrustedIssuer(keys)], Hooks(), clock=lambda: 1001.0)
    principal = await auth.authenticate(b"Bearer " + token.encode())
    assert principal.client == "library"
    assert principal.purposes == {"a.b", "c"}
    assert principal.subject == PERSON
    assert principal.expires_at == 1600


def test_demo_keys_are_public_and_stable():
    """The demo key set holds one public key, whose thumbprint never changes."""
    (key,) = parse_jwks(demo_jwks())
    assert key.thumbprint == DEMO_THUMBPRINT == "PCdhh2qXvchF4z-mzkr38LZMAXjNymao7eCSV7CmcE0"
    assert b'"d"' not in demo_jwks()


async def test_production_refuses_the_demo_key(key_set, ed):
    """A key set with the demo key refuses the start under any name; another set does not."""
    for body in (demo_jwks(), demo_jwks().replace(DEMO_KID.encode(), b"innocent")):
        keys = Keys(load_fixed(key_set(ed=ed)), load_fixed(body))
        await keys.open()
        with pytest.raises(StartRefused, match="demo key"):
            refuse_demo_key(keys)
    keys = Keys(load_fixed(key_set(ed=ed)))
    await keys.open()
    refuse_demo_key(keys)


async def test_a_renewal_cannot_bring_the_demo_key_in(key_set, ed):
    """Once refused, the demo key stays out although a later key set holds it."""
    bodies = [key_set(ed=ed), demo_jwks()]
    times = [0.0]

    async def load() -> bytes:
        return bodies.pop(0)

    keys = Keys(load, clock=lambda: times[0])
    await keys.open()
    refuse_demo_key(keys)
    times[0] = 60.0
    assert await keys.find(DEMO_KID, "EdDSA") is None
    assert not bodies

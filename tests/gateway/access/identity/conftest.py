from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

from gateway.access.identity.keys import Keys, load_fixed
from gateway.access.identity.tokens import Authenticator
from gateway.jwks import REGISTRY
from observability.events import CacheLooked
from observability.hooks import Hooks
from tests.support.hearing_observer import Hearing

NOW = 1_780_000_000.0
ED = OKPKey.generate_key("Ed25519")
EC = ECKey.generate_key("P-256")


def jwks(**keys: OKPKey | ECKey) -> bytes:
    """A key set of the public parts of `keys`, by kid."""
    entries = [{**key.as_dict(private=False), "kid": kid} for kid, key in keys.items()]
    return json.dumps({"keys": entries}).encode()


def claims(**changes: Any) -> dict[str, Any]:
    """The claims of a valid token with `changes`; None takes a claim out."""
    whole = {
        "aud": "creditgraph",
        "exp": NOW + 60,
        "client_id": "bank",
        "department": "city-bank",
        "region": "411500",
        "scope": "openid purpose:credit.loan purpose:credit.card",
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def header(payload: dict[str, Any], key: Any = ED, **parameters: Any) -> bytes:
    """An Authorization header with a token signed by `key`."""
    protected = {"alg": "EdDSA", "kid": "ed", **parameters}
    token = jwt.encode({k: v for k, v in protected.items() if v is not None}, payload, key, registry=REGISTRY)
    return b"Bearer " + token.encode()


class Watcher(Hearing):
    def lookups(self) -> list[bool]:
        return [fact.hit for fact in self.facts if isinstance(fact, CacheLooked)]


@dataclass
class Bench:
    """An authenticator with a clock to turn and a watcher."""

    keys: Keys
    watcher: Watcher = field(default_factory=Watcher)
    now: float = NOW
    leeway: float = 0.0
    issuer: str | None = None
    cache_size: int = 100
    auth: Authenticator = field(init=False)

    def __post_init__(self) -> None:
        self.auth = Authenticator(
            self.keys,
            "creditgraph",
            self.issuer,
            Hooks([self.watcher]),
            clock=lambda: self.now,
            leeway=self.leeway,
            cache_size=self.cache_size,
        )


@pytest.fixture
async def keys() -> Keys:
    """Keys with one Ed25519 key and one P-256 key."""
    keys = Keys(load_fixed(jwks(ed=ED, ec=EC)))
    await keys.open()
    return keys


@pytest.fixture
def bench(keys: Keys) -> Bench:
    """An authenticator over the two keys."""
    return Bench(keys)


@pytest.fixture
def make_bench(keys: Keys) -> Callable[..., Bench]:
    """Make an authenticator with other settings."""
    return lambda **changes: Bench(keys, **changes)


@pytest.fixture
def sign() -> Callable[..., bytes]:
    """Sign claims into an Authorization header."""
    return header


@pytest.fixture
def claim() -> Callable[..., dict[str, Any]]:
    """Make the claims of a token."""
    return claims


@pytest.fixture
def key_set() -> Callable[..., bytes]:
    """Make a JWKS."""
    return jwks


@pytest.fixture
def ec() -> ECKey:
    """The P-256 key, private part included."""
    return EC


@pytest.fixture
def ed() -> OKPKey:
    """The Ed25519 key, private part included."""
    return ED

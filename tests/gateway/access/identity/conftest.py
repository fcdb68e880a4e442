from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from gateway.access.identity.keys import Keys, load_fixed
from gateway.access.identity.tokens import Authenticator, TrustedIssuer
from gateway.authorization.clients import Client
from gateway.jwks import TOKEN_REGISTRY
from gateway.settings import ClaimSettings
from observability.events import CacheLooked
from observability.hooks import Hooks
from tests.support.hearing_observer import Hearing

NOW = 1_780_000_000.0
ED = OKPKey.generate_key("Ed25519")
EC = ECKey.generate_key("P-256")
BANK = Client(
    "bank", "financial_institution", "银行", "Bank", "市金融工作局", "411502", ("financing.credit",)
)
"""As clients.toml states it."""


def jwks(**keys: OKPKey | ECKey | RSAKey) -> bytes:
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
    token = jwt.encode(
        {k: v for k, v in protected.items() if v is not None}, payload, key, registry=TOKEN_REGISTRY
    )
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
    claims: ClaimSettings = field(default_factory=ClaimSettings)
    others: Sequence[TrustedIssuer] = ()
    auth: Authenticator = field(init=False)

    def __post_init__(self) -> None:
        self.auth = Authenticator(
            [TrustedIssuer(self.keys, "creditgraph", self.issuer, self.claims), *self.others],
            Hooks([self.watcher]),
            clock=lambda: self.now,
            leeway=self.leeway,
            cache_size=self.cache_size,
            find_client={"bank": BANK}.get,
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


def signed_as_written(payload: dict[str, Any], protected: dict[str, Any]) -> bytes:
    """An Authorization header whose token has exactly these header members: joserfc would refuse some of them."""
    head, body = (urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in (protected, payload))
    raw = Ed25519PrivateKey.from_private_bytes(urlsafe_b64decode(ED.as_dict(private=True)["d"] + "="))
    signature = urlsafe_b64encode(raw.sign(head + b"." + body)).rstrip(b"=")
    return b"Bearer " + head + b"." + body + b"." + signature


@pytest.fixture
def raw_header() -> Callable[..., bytes]:
    """Sign claims under header members as they are."""
    return signed_as_written

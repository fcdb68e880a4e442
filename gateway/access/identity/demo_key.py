"""The demo key: an Ed25519 key that everybody knows, and tokens signed with it.

The private key is derived from a text in this public file. Whoever reads it can issue any token, so a
production configuration refuses the key wherever it turns up (`refuse_demo_key`).
"""

import hashlib
import json
import time
from collections.abc import Iterable
from typing import Any, Final

from joserfc import jwt

from gateway.access.identity.keys import Keys
from gateway.errors import StartRefused
from gateway.jwks import REGISTRY, key_of_seed

DEMO_KID: Final = "creditgraph-public-demo-key"

_SEED: Final = hashlib.sha256(b"creditgraph: the public demo key, known to everybody").digest()
_KEY: Final = key_of_seed(_SEED)
DEMO_THUMBPRINT: Final = _KEY.thumbprint()


def demo_jwks() -> bytes:
    """Return the key set that verifies demo tokens, as `load_fixed` reads it."""
    entry = {**_KEY.as_dict(private=False), "kid": DEMO_KID, "alg": "EdDSA", "use": "sig"}
    return json.dumps({"keys": [entry]}).encode()


def issue(
    client: str,
    department: str,
    region: str,
    purposes: Iterable[str],
    audience: str,
    lifetime: float,
    person: str | None = None,
    now: float | None = None,
    *,
    enterprise: str | None = None,
) -> str:
    """Return a demo token that holds from `now` for `lifetime` seconds."""
    start = int(time.time() if now is None else now)
    claims: dict[str, Any] = {
        "aud": audience,
        "iat": start,
        "nbf": start,
        "exp": start + int(lifetime),
        "client_id": client,
        "department": department,
        "region": region,
        "scope": " ".join(f"purpose:{purpose}" for purpose in sorted(purposes)),
    }
    if person is not None:
        claims["person"] = person
    if enterprise is not None:
        claims["enterprise"] = enterprise
    return jwt.encode({"alg": "EdDSA", "kid": DEMO_KID}, claims, _KEY, registry=REGISTRY)


def refuse_demo_key(keys: Keys) -> None:
    """Raise StartRefused where the demo key is among the keys; a later renewal cannot bring it in."""
    if keys.refuse(DEMO_THUMBPRINT):
        raise StartRefused(
            "The token keys hold the public demo key, with which anybody can issue tokens. "
            "Set CREDITGRAPH_JWKS (or the `jwks` of the issuer) to the keys of your issuer."
        )

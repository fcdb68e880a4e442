"""An issuer of tokens as a city's identity provider is one: it keeps its key and publishes the other half."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

KID = "issuer-1"


class Issuer:
    """Issues tokens signed with ES256 and writes its key set to `file`."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._key = ECKey.generate_key("P-256")
        public = {**self._key.as_dict(private=False), "kid": KID, "alg": "ES256", "use": "sig"}
        file.write_text(json.dumps({"keys": [public]}))

    def token(self, client: str, purposes: Sequence[str], **changed: Any) -> str:
        """A token; `changed` claims are put in place of the good ones."""
        return jwt.encode({"alg": "ES256", "kid": KID}, claims(client, purposes, **changed), self._key)


def claims(client: str, purposes: Sequence[str], **changed: Any) -> dict[str, Any]:
    """The claims of a good token, with some of them changed."""
    now = int(time.time())
    return {
        "aud": "creditgraph",
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "client_id": client,
        "department": "city",
        "region": "411500",
        "scope": " ".join(f"purpose:{each}" for each in purposes),
        **changed,
    }


def unsigned(client: str, purposes: Sequence[str]) -> str:
    """A token of the algorithm "none", which needs no key."""
    header = {"alg": "none", "kid": KID, "typ": "JWT"}
    parts = (json.dumps(header), json.dumps(claims(client, purposes)))
    return ".".join(base64.urlsafe_b64encode(each.encode()).decode().rstrip("=") for each in parts) + "."

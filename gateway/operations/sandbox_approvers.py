"""The sandbox approvers: two Ed25519 keys that everybody knows, with which the demo's operations are approved.

The private keys are derived from texts in this public file. Whoever reads it can approve anything, so a gateway
outside the explorer refuses to start with one of them among its approvers (`refuse_sandbox_approvers`).
Ed25519 signs without chance (RFC 8032) and the sandbox approves on one day of its own, so the same statements give
the same approval wherever and whenever they are approved.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from gateway.errors import StartRefused
from gateway.operations.approvers import ROLES, Approvers, Role

SANDBOX_DAY: Final = date(2025, 1, 6)
"""The day that every approval of the sandbox names. An approval of a day to come is none, and clocks differ."""

_SEEDS: Final[dict[Role, bytes]] = {
    role: hashlib.sha256(f"creditgraph: the public sandbox approver {role}".encode()).digest()
    for role in ROLES
}


def sandbox_key(role: Role) -> OKPKey:
    """Return the private key with which the sandbox approves in a role."""
    seed = _SEEDS[role]
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": _text(public), "d": _text(seed)})


def refuse_sandbox_approvers(approvers: Approvers) -> None:
    """Raise StartRefused where a sandbox key may approve, in whichever role."""
    known = {sandbox_key(role).thumbprint() for role in ROLES}
    if any(key.thumbprint in known for keys in approvers.keys.values() for key in keys):
        raise StartRefused(
            "The approvers' keys hold a public sandbox key, with which anybody can approve operations. "
            "Set CREDITGRAPH_APPROVERS to the keys of your data bureau and privacy officer."
        )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")

"""Who may approve: the published keys of the data bureau and of the privacy officer.

One file holds a JSON Web Key Set (RFC 7517) for each of the two roles. No key stands in both.

The sandbox approvers are two Ed25519 keys that everybody knows: the demo's operations are approved with them. Their
private keys are derived from texts in this public file. Whoever reads it can approve anything, so a gateway outside
the explorer refuses to start with one of them among its approvers (`refuse_sandbox_approvers`). Ed25519 signs without
chance (RFC 8032) and the sandbox approves on one day of its own, so the same statements give the same approval
wherever and whenever they are approved.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

import msgspec
from joserfc.jwk import OKPKey

from gateway.errors import StartRefused
from gateway.jwks import KeysError, PublicKey, key_of_seed, parse_jwks

Role: TypeAlias = Literal["data_bureau", "privacy_officer"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
SANDBOX_DAY: Final = date(2025, 1, 6)
"""The day of every approval of the sandbox. It is in the past, because an approval of a future day does not count."""


@dataclass(frozen=True, slots=True)
class Approvers:
    """The keys that may approve, by role."""

    keys: Mapping[Role, tuple[PublicKey, ...]]

    def find(self, role: Role, kid: str, algorithm: str) -> PublicKey | None:
        """Return the key of that role, name and algorithm."""
        return next((key for key in self.keys[role] if (key.kid, key.algorithm) == (kid, algorithm)), None)

    def published(self, role: Role, thumbprint: str) -> PublicKey | None:
        """Return the published half of a key, None where it may not approve in this role."""
        return next((key for key in self.keys[role] if key.thumbprint == thumbprint), None)


class _Sets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    data_bureau: msgspec.Raw
    privacy_officer: msgspec.Raw


def load_approvers(file: Path) -> Approvers:
    """Read the keys of both roles, or raise StartRefused with what is wrong."""
    try:
        sets = msgspec.json.decode(file.read_bytes(), type=_Sets)
        bureau, officer = parse_jwks(bytes(sets.data_bureau)), parse_jwks(bytes(sets.privacy_officer))
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KeysError) as error:
        why = str(error) if isinstance(error, KeysError) else f"{file.name}, {type(error).__name__}"
        raise StartRefused(
            f"The approvers' keys cannot be used: {why}. Check CREDITGRAPH_APPROVERS."
        ) from None
    if {key.thumbprint for key in bureau} & {key.thumbprint for key in officer}:
        raise StartRefused("One key stands in both roles of the approvers: two persons must approve.")
    return Approvers({"data_bureau": bureau, "privacy_officer": officer})


def sandbox_key(role: Role) -> OKPKey:
    """Return the private key with which the sandbox approves in a role."""
    return key_of_seed(hashlib.sha256(f"creditgraph: the public sandbox approver {role}".encode()).digest())


def refuse_sandbox_approvers(approvers: Approvers) -> None:
    """Raise StartRefused where a sandbox key may approve, in whichever role."""
    known = {sandbox_key(role).thumbprint() for role in ROLES}
    if any(key.thumbprint in known for keys in approvers.keys.values() for key in keys):
        raise StartRefused(
            "The approvers' keys hold a public sandbox key, with which anybody can approve operations. "
            "Set CREDITGRAPH_APPROVERS to the keys of your data bureau and privacy officer."
        )

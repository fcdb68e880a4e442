"""Who may approve: the published keys of the data bureau and of the privacy officer.

One file holds a JSON Web Key Set (RFC 7517) for each of the two roles. No key stands in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

import msgspec

from gateway.errors import StartRefused
from gateway.jwks import KeysError, PublicKey, parse_jwks

Role: TypeAlias = Literal["data_bureau", "privacy_officer"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)


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

"""What was revoked: a file beside the operations."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from catalogue.toml_files import TomlError, read_toml
from gateway.errors import StartRefused
from gateway.operations.register import REVOKED_FILE, is_operation_name, locked, write_atomically
from observability.redaction import scrub

LONGEST_REASON: Final = 200
_HEAD: Final = (
    "# What was revoked, by name; the gateway reads this file anew as soon as it changes. Written by\n"
    "# `creditgraph operations revoke`. A revoked name is never registered again.\n"
)


class Revocation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Since when an operation is answered no more, and why."""

    on: date
    reason: str


def read_revocations(folder: Path) -> dict[str, Revocation]:
    """Return what was revoked by the operation's name; TomlError where it cannot be read."""
    found = read_toml(folder / REVOKED_FILE, dict[str, Revocation])
    if not all(map(is_operation_name, found)):
        raise TomlError(f"{REVOKED_FILE}: a revocation names what cannot be an operation")
    return found


def require_revocations(folder: Path) -> dict[str, Revocation]:
    """Like `read_revocations`, but raise StartRefused: a lost file would silently restore revoked operations."""
    try:
        return read_revocations(folder)
    except TomlError as error:
        raise StartRefused(
            f"{REVOKED_FILE} beside the operations cannot be read: {error}. Restore it; "
            "where nothing was ever revoked it is an empty file."
        ) from None


def revoke(folder: Path, name: str, reason: str, today: date) -> Revocation:
    """Add an operation to what was revoked and return its entry; an earlier one stays as it is."""
    if not 1 <= len(reason) <= LONGEST_REASON or not reason.isprintable() or scrub(reason) != reason:
        raise StartRefused(
            f"The reason is one line of at most {LONGEST_REASON} signs without an identity number."
        )
    with locked(folder):
        revoked = require_revocations(folder)
        if name not in revoked:
            revoked[name] = Revocation(on=today, reason=reason)
            write_atomically(folder / REVOKED_FILE, _printed(revoked))
        return revoked[name]


def _printed(revoked: Mapping[str, Revocation]) -> str:
    """Return the file's text; a JSON string of printable signs is a TOML string too."""
    entries = (
        f"\n[{name}]\non = {each.on.isoformat()}\nreason = {json.dumps(each.reason, ensure_ascii=False)}\n"
        for name, each in revoked.items()
    )
    return _HEAD + "".join(entries)

"""What was revoked: a file beside the operations, read anew as soon as it changes.

Where it cannot be read nobody knows what was revoked, and so nothing is answered.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final, Protocol

import msgspec

from catalogue.toml_files import TomlError, read_toml
from gateway.errors import StartRefused
from gateway.operations.operation_files import write_atomically
from gateway.operations.register import REVOKED_FILE, is_operation_name
from observability.redaction import scrub

LONGEST_REASON: Final = 200
_SETTLED: Final = 1_000_000_000
_HEAD: Final = (
    "# What was revoked, by name; the gateway reads this file anew as soon as it changes. Written by\n"
    "# `creditgraph operations revoke`. A revoked name is never registered again.\n"
)

_log = logging.getLogger(__name__)


class Revocation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Since when an operation is answered no more, and why."""

    on: date
    reason: str


class Revocations(Protocol):
    """Knows what was revoked. Whatever it raises denies the request that it was asked for."""

    def names(self) -> frozenset[str]:
        """Return the names of the revoked operations, as they are now."""
        ...


class RevokedFile:
    """The names in the register's file of revocations, which is looked at each time it is asked.

    `clock` gives nanoseconds of the clock by which the file system dates changes.
    """

    def __init__(self, folder: Path, clock: Callable[[], int] = time.time_ns) -> None:
        self._folder = folder
        self._clock = clock
        self._path = str(folder / REVOKED_FILE)
        self._seen: tuple[int, int, int] | None = None
        self._names: frozenset[str] = frozenset()
        self._told = False

    def names(self) -> frozenset[str]:
        """Return the names of the revoked operations; OSError or ValueError where they cannot be known."""
        try:
            state = os.stat(self._path)  # noqa: PTH116 asked at every request, and a Path costs more
            seen = (state.st_ctime_ns, state.st_size, state.st_ino)
            if seen != self._seen:
                self._read(seen)
        except (OSError, ValueError) as error:
            self._seen = None
            self._tell(error)
            raise
        return self._names

    def _read(self, seen: tuple[int, int, int]) -> None:
        self._names = frozenset(read_revocations(self._folder))
        self._told = False
        # A file that changed just now may change once more within the same tick of the file system's clock.
        settled = self._clock() - seen[0] > _SETTLED
        self._seen = seen if settled else None

    def _tell(self, error: Exception) -> None:
        if not self._told:
            self._told = True
            _log.error("nothing registered is answered: revocations unreadable, %s", type(error).__name__)


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
            f"{error}. Restore {REVOKED_FILE} beside the operations; "
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


@contextmanager
def locked(folder: Path) -> Generator[None]:
    """Keep other commands out of a register: of two that write at once, none undoes the other's work."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _printed(revoked: Mapping[str, Revocation]) -> str:
    """Return the file's text; a JSON string of printable signs is a TOML string too."""
    entries = (
        f"\n[{name}]\non = {each.on.isoformat()}\nreason = {json.dumps(each.reason, ensure_ascii=False)}\n"
        for name, each in revoked.items()
    )
    return _HEAD + "".join(entries)

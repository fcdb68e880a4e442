"""Brings the store to the version of this program: the files of `migrations/`, in the order of their numbers.

Written here: pogo-migrate 0.4.7, the one library that is made for asyncpg, keeps no checksum of a file, takes no
lock against a second process and accepts a store that is newer than the program, and brings four packages with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from store.database import OwnStore
from store.store_errors import StoreVersionWrong

if TYPE_CHECKING:
    from store.database import Connection

FOLDER: Final = Path(__file__).parent / "migrations"
LOCK: Final = 0x6372656469744721
"""The key of the advisory lock that lets one process after the other migrate."""
_NAMED: Final = re.compile(r"\d{4}_[a-z0-9_]+\.sql")
SECONDS: Final = 60.0
"""How long one migration may take, the wait for another process included."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: the step to `version`, and what it was when it was read."""

    version: int
    name: str
    sql: str
    checksum: str
    """SHA-256 of the file, in hexadecimal digits."""


def read_migrations(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """Return the migrations of this program; the last one's version is the program's.

    Raises StoreVersionWrong where the files are not numbered from 0001 on without a gap.
    """
    files = sorted(file for file in folder.iterdir() if not file.name.startswith((".", "_")))
    for number, file in enumerate(files, 1):
        if _NAMED.fullmatch(file.name) is None or int(file.name[:4]) != number:
            raise StoreVersionWrong(
                f"this program's store/migrations/{file.name} is not migration {number:04}",
                f"Name it {number:04}_what_it_does.sql: each number once, without a gap.",
            )
    return tuple(
        Migration(number, file.stem, file.read_text("utf-8"), sha256(file.read_bytes()).hexdigest())
        for number, file in enumerate(files, 1)
    )


async def migrate(store: OwnStore, known: Sequence[Migration]) -> Sequence[Migration]:
    """Apply all that the store lacks in one transaction, and return it.

    Raises StoreVersionWrong where the store is newer than `known` or was made by other files, and StoreError.
    """
    async with store.transaction() as connection:
        await connection.execute(f"SET LOCAL statement_timeout = '{SECONDS}s'")
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK, timeout=SECONDS)
        missing = known[len(await _applied(connection, known)) :]
        for each in missing:
            await connection.execute(each.sql, timeout=SECONDS)
            row = (each.version, each.name, each.checksum)
            await connection.execute("INSERT INTO store.version VALUES ($1, $2, $3)", *row)
    return missing


async def status(store: OwnStore, known: Sequence[Migration]) -> dict[str, datetime | None]:
    """Return when each migration was applied, by name; raises as `migrate` does, and changes nothing."""
    async with store.transaction() as connection:
        applied = await _applied(connection, known)
    times = applied + [None] * (len(known) - len(applied))
    return {each.name: time for each, time in zip(known, times, strict=True)}


async def _applied(connection: Connection, known: Sequence[Migration]) -> list[datetime | None]:
    """Return when each applied migration was applied, after checking that they are the first of `known`."""
    if await connection.fetchval("SELECT to_regclass('store.version')") is None:
        return []
    rows = await connection.fetch(
        "SELECT version, name, checksum, applied FROM store.version ORDER BY version"
    )
    if rows and rows[-1]["version"] > len(known):
        raise StoreVersionWrong(
            f"the store is of version {rows[-1]['version']} and this program knows {len(known)}",
            "Start the newer program, or name another store.",
        )
    for row, each in zip(rows, known, strict=False):
        if (row["version"], row["checksum"]) != (each.version, each.checksum):
            raise StoreVersionWrong(
                f"the migration {each.name} is not the one that was applied to the store",
                "Put the file back as it was; a change of the store is a new file.",
            )
    return [row["applied"] for row in rows]

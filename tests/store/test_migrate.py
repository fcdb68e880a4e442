"""The store's version: applied once and in order, and refused where it is not this program's."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from gateway.settings import ROOT
from store.database import open_store
from store.migrate import FOLDER, LOCK, Migration, migrate, read_migrations, status
from store.store_errors import StoreError, StoreVersionWrong
from tests.support.command_line import clean_environment

KNOWN = read_migrations()
SECOND = Migration(2, "0002_more", "CREATE TABLE store.more (x int); INSERT INTO store.more VALUES (1);", "2")
BROKEN = Migration(2, "0002_broken", "CREATE TABLE store.more (x int); SELECT 1 / 0;", "2")


async def versions(dsn: str) -> list[int] | None:
    """The versions that a store's own table names; None where there is no such table."""
    connection = await asyncpg.connect(dsn)
    try:
        if await connection.fetchval("SELECT to_regclass('store.version')") is None:
            return None
        return [row["version"] for row in await connection.fetch("SELECT version FROM store.version")]
    finally:
        await connection.close()


def test_the_files_are_numbered_without_a_gap():
    """The migrations are SQL files numbered from 1, and nothing else lies in their folder."""
    assert [each.version for each in KNOWN] == list(range(1, len(KNOWN) + 1))
    assert {each.name for each in KNOWN} == {path.stem for path in FOLDER.iterdir()}


@pytest.mark.parametrize(
    "added", ["0003_gap.sql", "0001_twice.sql", "2_short.sql", "0002_Loud.sql", "0002_other.txt"]
)
def test_a_file_that_is_out_of_order_is_refused(tmp_path: Path, added: str):
    """A gap, a number twice, or another name than a migration has: the file is named, and its number."""
    for name in ("0001_version.sql", added):
        (tmp_path / name).touch()
    with pytest.raises(StoreVersionWrong, match=r"is not migration 000\d\. Name it 000\d_"):
        read_migrations(tmp_path)


async def test_an_empty_store_gets_every_migration(dsn: str):
    """Of an empty store every migration is missing; once applied, each has its row and its time."""
    async with open_store(dsn) as store:
        assert set((await status(store, KNOWN)).values()) == {None}
        assert await versions(dsn) is None, "looking changes nothing"
        assert await migrate(store, KNOWN) == KNOWN
        steps = await status(store, KNOWN)
    assert list(steps) == [each.name for each in KNOWN]
    assert all(steps.values())
    assert await versions(dsn) == [each.version for each in KNOWN]


async def test_a_second_start_applies_what_is_new_alone(dsn: str):
    """A migration is applied once; one that was added later is applied to a store that has the others."""
    async with open_store(dsn) as store:
        await migrate(store, KNOWN)
        assert await migrate(store, KNOWN) == ()
        assert await migrate(store, (*KNOWN, SECOND)) == (SECOND,)
        assert await migrate(store, (*KNOWN, SECOND)) == ()
    assert await versions(dsn) == [1, 2]


async def test_a_migration_that_fails_leaves_the_store_as_it_was(dsn: str):
    """Where one statement fails nothing is applied, of this migration and of those before it in the same start."""
    async with open_store(dsn) as store:
        with pytest.raises(StoreError, match="SQLSTATE 22012"):
            await migrate(store, (*KNOWN, BROKEN))
        assert await versions(dsn) is None
        assert await migrate(store, KNOWN) == KNOWN


async def test_a_newer_store_is_refused(dsn: str):
    """A store that a newer program migrated is not used, with both versions in the reason."""
    async with open_store(dsn) as store:
        await migrate(store, (*KNOWN, SECOND))
        for work in (migrate, status):
            with pytest.raises(
                StoreVersionWrong, match="is of version 2 and this program knows 1"
            ) as refused:
                await work(store, KNOWN)
            assert refused.value.remedy
    assert await versions(dsn) == [1, 2]


async def test_an_edited_migration_is_refused(dsn: str, tmp_path: Path):
    """A file that changed by one sign after it was applied is named, and nothing is applied after it."""
    for file in FOLDER.iterdir():
        (tmp_path / file.name).write_text(file.read_text("utf-8") + "\n", "utf-8")
    edited = read_migrations(tmp_path)
    async with open_store(dsn) as store:
        await migrate(store, KNOWN)
        with pytest.raises(StoreVersionWrong, match="0001_version is not the one that was applied"):
            await migrate(store, (*edited, SECOND))
        renumbered = replace(KNOWN[0], version=2)
        with pytest.raises(StoreVersionWrong):
            await migrate(store, (renumbered, SECOND))
    assert await versions(dsn) == [1]


async def test_processes_that_start_at_once_migrate_once(dsn: str):
    """Of several processes that wait for each other one applies the migrations, and none fails."""
    holder = await asyncpg.connect(dsn)
    try:
        async with holder.transaction():
            await holder.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            processes = [await migrating(dsn) for _ in range(3)]
            waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            async with asyncio.timeout(60):
                while await holder.fetchval(waiting) < len(processes):  # noqa: ASYNC110 the event is in the database
                    await asyncio.sleep(0.02)
        printed = [await each.communicate() for each in processes]
    finally:
        await holder.close()
    assert sorted(printed) == sorted(
        [(b"applied 0001_version\n", b""), *[(b"Nothing was missing.\n", b"")] * (len(processes) - 1)]
    )
    assert {each.returncode for each in processes} == {0}


async def migrating(dsn: str) -> asyncio.subprocess.Process:
    """A process that migrates the store."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "store", "migrate"),
        cwd=ROOT,
        env={**clean_environment(), "CREDITGRAPH_STORE__DSN": dsn},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )

"""Dates that PostgreSQL holds and the driver cannot decode."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

import asyncpg
import pytest

from adapters.bureau_errors import ContractBroken
from adapters.postgres.postgres_source import PostgresSource
from adapters.source import Batch, Read, SourceAddress
from tests.support.bureau_samples import LISTED, ask, soon

BEYOND = ["12000-01-01", "0044-03-15 BC", "4714-11-24 BC", "0001-12-31 BC", "10000-01-01", "5874897-12-31"]
"""Dates of PostgreSQL that Python has not: the nearest, the farthest and two between."""


@pytest.mark.parametrize("latest", [True, False])
@pytest.mark.parametrize("day", BEYOND)
async def test_a_date_that_cannot_be_decoded_costs_its_key(
    source: PostgresSource, owner: asyncpg.Connection, day: str, latest: bool
) -> None:
    """A row whose date Python has not is counted for its key; the others are answered as without it."""
    query = ask(replace(LISTED, latest=latest, many=not latest))
    without = await source.fetch(query, ["one", "two", "beyond"], soon())
    async with listed(owner, f"('beyond', '2026-01-01', '{day}')"):
        batch = await source.fetch(query, ["one", "beyond", "two"], soon())
    assert set(without.rows) == {"one", "two"}
    assert plain(batch) == plain(without)
    fault = batch.broken["beyond"]
    assert isinstance(fault, ContractBroken)
    assert (fault.reason, fault.rows) == ("expires_on: not date", 1)
    assert plain(await source.fetch(query, ["one", "two"], soon())) == plain(without)


@pytest.mark.parametrize("day", BEYOND)
async def test_rows_are_ordered_by_dates_and_not_by_their_text(
    source: PostgresSource, owner: asyncpg.Connection, day: str
) -> None:
    """Which row is the latest does not depend on whether some date can be decoded."""
    days = "('beyond', '2026-01-01', NULL), ('beyond', '{}', NULL)"
    query = ask(replace(LISTED, latest=True, many=False))
    async with listed(owner, days.format(day)):
        batch = await source.fetch(query, ["beyond"], soon())
    assert ("beyond" in batch.broken) == ("BC" not in day)
    assert list(map(tuple, batch.rows.values())) == (
        [("beyond", date(2026, 1, 1), None)] if "BC" in day else []
    )


@pytest.mark.parametrize("day", ["infinity", "-infinity"])
@pytest.mark.parametrize("also", ["", f", ('beyond', '2026-01-01', '{BEYOND[0]}')"])
async def test_an_infinite_date_breaks_the_contract_and_the_last_day_does_not(
    source: PostgresSource, owner: asyncpg.Connection, day: str, also: str
) -> None:
    """A day that never comes is none: it is refused like any other that Python has not, and 9999-12-31 is read."""
    query = ask(LISTED)
    rows = f"('never', '2026-01-01', '{day}'), ('last', '9999-12-31', '0001-01-01'){also}"
    async with listed(owner, rows):
        batch = await source.fetch(query, ["one", "never", "last", "beyond"], soon())
        other = replace(query, columns=("expires_on",))
        joined = await source.fetch_joined([Read(query, ["never"]), Read(other, ["last", "never"])], soon())
    assert str(batch.broken["never"]) == "BUREAU_CONTRACT_BROKEN tax.listed: expires_on: not date"
    assert plain(batch)["last"] == [("last", date.max, date.min)]
    assert len(batch.rows["one"]) == 3
    assert all(isinstance(each, Batch) and set(each.broken) == {"never"} for each in joined)


@pytest.mark.parametrize("day", ["infinity", "-infinity"])
async def test_an_infinite_date_is_not_the_latest_record_in_disguise(
    source: PostgresSource, owner: asyncpg.Connection, day: str
) -> None:
    """Where an infinite date decides which record is the latest, the latest record is broken and no other stands in."""
    query = ask(replace(LISTED, latest=True, many=False))
    async with listed(owner, f"('never', '2026-01-01', NULL), ('never', '{day}', NULL)"):
        batch = await source.fetch(query, ["never"], soon())
    assert ("never" in batch.broken) == (day == "infinity")


@pytest.mark.parametrize("style", ["German", "SQL, DMY", "Postgres, MDY"])
async def test_dates_are_read_whatever_form_the_bureau_gives_them(
    reader: str, owner: asyncpg.Connection, style: str
) -> None:
    """How a bureau writes dates as text changes nothing of what is read."""
    await owner.execute(f"ALTER ROLE reader SET datestyle = {style}")
    source = PostgresSource("tax", SourceAddress(dsn=reader, connections=1))
    try:
        async with listed(owner, "('beyond', '12000-01-01', NULL)"):
            batch = await source.fetch(ask(LISTED), ["one", "beyond"], soon())
        assert plain(batch) == plain(await source.fetch(ask(LISTED), ["one"], soon()))
    finally:
        await owner.execute("ALTER ROLE reader RESET datestyle")
        await source.close()


async def test_a_date_amid_many_rows_leaves_the_connection_good(
    source: PostgresSource, owner: asyncpg.Connection
) -> None:
    """However much of an answer comes after what cannot be decoded, the one connection answers on."""
    many = ", ".join(f"('{'beyond' if at == 500 else 'many'}', '2026-01-01', NULL)" for at in range(5_000))
    async with listed(owner, many):
        await owner.execute("UPDATE share.listed SET expires_on = '12000-01-01' WHERE subject = 'beyond'")
        pid = "SELECT pid FROM pg_stat_activity WHERE application_name = 'creditgraph' ORDER BY pid"
        before = await owner.fetch(pid)
        for _ in range(3):
            batch = await source.fetch(ask(LISTED), ["beyond", "many", "one"], soon())
            assert (len(batch.rows["many"]), len(batch.rows["one"]), set(batch.broken)) == (
                4_999,
                3,
                {"beyond"},
            )
            assert (await source.fetch(ask(), ["one"], soon())).rows
        assert await owner.fetch(pid) == before


@asynccontextmanager
async def listed(owner: asyncpg.Connection, rows: str) -> AsyncGenerator[None]:
    """More rows of LISTED for as long as it lasts."""
    await owner.execute(f"INSERT INTO share.listed VALUES {rows}")  # noqa: S608 the rows are the tests' own
    try:
        yield
    finally:
        await owner.execute("DELETE FROM share.listed WHERE subject NOT IN ('one', 'two')")


def plain(batch: Batch) -> dict[str, object]:
    """The rows that were answered, whatever classes they came in."""
    return {
        key: [tuple(row) for row in rows] if isinstance(rows, list) else tuple(rows)
        for key, rows in batch.rows.items()
    }

"""A bureau in PostgreSQL, when all is well and when it is not."""

import asyncio
from datetime import date

import asyncpg
import pytest

from adapters.bureau_errors import (
    BureauRefused,
    BureauTimedOut,
    BureauUnavailable,
    ContractBroken,
    OverBudget,
)
from adapters.postgres.postgres_source import PostgresSource
from adapters.source import Batch, Read, SourceAddress, SourceMark
from catalogue.declarations import Column, Kind
from tests.support.bureau_samples import GRADE, LATEST, SINGLE, ask, at, soon

NUMBER = "110105194912310021"


async def test_reads_rows_by_key(source: PostgresSource) -> None:
    """A row is the key and the requested columns in their order; unknown keys have no entry."""
    batch = await source.fetch(ask(GRADE, "fine_fen", "year"), ["one", "nobody"], soon())
    assert {key: list(map(tuple, rows)) for key, rows in batch.rows.items()} == {
        "one": [("one", 120_000_000_000, 2024), ("one", 0, 2023)]
    }


async def test_latest_is_the_first_in_order(source: PostgresSource) -> None:
    """A dataset of latest rows has one row a key, the first in its order."""
    batch = await source.fetch(ask(LATEST, "year", "assessed_on"), ["one", "two"], soon())
    assert tuple(batch.rows["one"]) == ("one", 2024, date(2025, 1, 1))
    assert tuple(batch.rows["two"]) == ("two", 2024, date(2025, 1, 1))


async def test_broken_rows_cost_their_key(source: PostgresSource) -> None:
    """Rows that break the contract are counted for their key; the others are answered."""
    batch = await source.fetch(ask(), ["one", "bad"], soon())
    assert list(batch.rows) == ["one"]
    fault = batch.broken["bad"]
    assert isinstance(fault, ContractBroken)
    assert fault.rows == 2


async def test_two_rows_where_one_is_declared(source: PostgresSource) -> None:
    """A second row for a key that has one row at most breaks the contract."""
    batch = await source.fetch(ask(SINGLE, "year"), ["one", "two"], soon())
    assert set(batch.broken) == {"one"}
    assert set(batch.rows) == {"two"}


async def test_no_keys_ask_nothing(source: PostgresSource) -> None:
    """An empty batch needs no bureau, not even one that is there."""
    await source.close()
    assert not (await source.fetch(ask(), [], soon())).rows


async def test_too_many_keys_are_over_budget(source: PostgresSource) -> None:
    """A batch beyond the budget is not sent."""
    with pytest.raises(OverBudget):
        await source.fetch(ask(), ["one"] * 10_001, soon())


async def test_the_purpose_reaches_the_bureau(source: PostgresSource) -> None:
    """The bureau sees the purpose in the statement itself."""
    batch = await source.fetch(ask(at("share.asked", Column("seen"))), ["one"], soon())
    assert "purpose=credit.use */" in batch.rows["one"][0][1]


@pytest.mark.parametrize("purpose", ["*/ DROP TABLE x; /*", "", "Ünïcode", "a\nb"])
async def test_a_purpose_that_breaks_out_is_refused(source: PostgresSource, purpose: str) -> None:
    """A purpose that could end the comment reads nothing."""
    with pytest.raises(BureauRefused):
        await source.fetch(ask(purpose=purpose), ["one"], soon())


@pytest.mark.parametrize(
    ("relation", "column"),
    [
        ("share.mistyped", Column("year", kind=Kind.INTEGER)),
        ("share.grade", Column("nowhere")),
        ("share.nowhere", Column("year", kind=Kind.INTEGER)),
        ("nowhere.grade", Column("year", kind=Kind.INTEGER)),
        ("share.failing", Column("year", kind=Kind.INTEGER)),
    ],
)
async def test_another_shape_breaks_the_contract(
    source: PostgresSource, relation: str, column: Column
) -> None:
    """A missing relation or column, another type or a view that fails is a named error, no crash."""
    with pytest.raises(ContractBroken):
        await source.fetch(ask(at(relation, column)), ["one"], soon())
    assert (await source.fetch(ask(), ["one"], soon())).rows


async def test_a_relation_that_is_not_shared_is_refused(source: PostgresSource) -> None:
    """What the login may not read is the bureau's refusal."""
    with pytest.raises(BureauRefused):
        await source.fetch(ask(at("share.hidden", Column("year", kind=Kind.INTEGER))), ["one"], soon())


async def test_a_relation_that_changes_is_prepared_anew(
    source: PostgresSource, owner: asyncpg.Connection
) -> None:
    """A view replaced under a prepared statement is read again, and checked again."""
    query = ask(at("share.changing", Column("year", kind=Kind.INTEGER)))
    assert (await source.fetch(query, ["two"], soon())).rows
    recreate = "DROP VIEW share.changing; CREATE VIEW share.changing AS SELECT subject, {} FROM share.grade"
    grant = "GRANT SELECT ON share.changing TO reader"
    await owner.execute(recreate.format("year::bigint AS year"))
    await owner.execute(grant)
    with pytest.raises(ContractBroken, match="year: the column is not integer"):
        await source.fetch(query, ["two"], soon())
    await owner.execute(recreate.format("year"))
    await owner.execute(grant)
    assert (await source.fetch(query, ["two"], soon())).rows


async def test_a_broken_statement_holds_no_locks(source: PostgresSource, owner: asyncpg.Connection) -> None:
    """A statement that was prepared and not run leaves no transaction open at the bureau."""
    with pytest.raises(ContractBroken):
        await source.fetch(ask(at("share.mistyped", Column("year", kind=Kind.INTEGER))), ["one"], soon())
    held = "SELECT count(*) FROM pg_locks WHERE relation = 'share.mistyped'::regclass"
    assert await owner.fetchval(held) == 0


async def test_errors_hold_nothing_of_the_driver(source: PostgresSource) -> None:
    """The driver's message, which quotes keys, is neither in the error nor chained to it."""
    with pytest.raises(BureauRefused) as caught:
        await source.fetch(ask(), [NUMBER + "\x00"], soon())
    assert NUMBER not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


async def test_a_slow_bureau_times_out_and_the_next_read_works(source: PostgresSource) -> None:
    """A read past its deadline ends with it, and the one connection answers the next one."""
    with pytest.raises(BureauTimedOut):
        await source.fetch(ask(at("share.slow")), ["one"], soon(0.2))
    assert (await source.fetch(ask(), ["one"], soon())).rows


async def test_the_bureau_ends_a_statement_itself(reader: str) -> None:
    """The statement timeout is the bureau's as well: its own end of the statement is a time-out."""
    source = PostgresSource("tax", SourceAddress(dsn=reader, connections=1, timeout=0.3))
    for _ in range(3):
        with pytest.raises(BureauTimedOut):
            await source.fetch(ask(at("share.slow")), ["one"], soon())
    assert (await source.fetch(ask(), ["one"], soon())).rows
    await source.close()


async def test_a_deadline_that_has_passed_asks_nothing(source: PostgresSource) -> None:
    """Without time left the bureau is not asked."""
    with pytest.raises(BureauTimedOut):
        await source.fetch(ask(), ["one"], soon(-1))


async def test_a_cancelled_read_leaves_the_connection_usable(source: PostgresSource) -> None:
    """Cancellation passes through; the next read through the same connection is answered."""
    for _ in range(3):
        task = asyncio.create_task(source.fetch(ask(at("share.slow")), ["one"], soon()))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert (await source.fetch(ask(), ["one"], soon())).rows


async def test_more_reads_than_connections_wait(source: PostgresSource) -> None:
    """Reads beyond the number of connections wait for one, and all are answered."""
    batches = await asyncio.gather(*(source.fetch(ask(), ["two"], soon()) for _ in range(20)))
    assert all(batch.rows for batch in batches)


async def test_waiting_for_a_connection_ends_at_the_deadline(source: PostgresSource) -> None:
    """Nobody waits for a connection longer than the deadline, nor loses it for the others."""
    slow = asyncio.create_task(source.fetch(ask(at("share.slow")), ["one"], soon(0.5)))
    await asyncio.sleep(0.1)
    with pytest.raises(BureauTimedOut):
        await source.fetch(ask(), ["one"], soon(0.1))
    with pytest.raises(BureauTimedOut):
        await slow
    assert (await source.fetch(ask(), ["one"], soon())).rows


async def _end(owner: asyncpg.Connection) -> int:
    """End every connection of the gateway from the bureau's side; return how many there were."""
    ended = await owner.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'creditgraph'"
    )
    return len(ended)


async def test_a_connection_that_breaks_under_way_is_tried_once_more(
    source: PostgresSource, owner: asyncpg.Connection
) -> None:
    """A read whose connection is ended is sent again over a new one; ended twice, the bureau is unavailable."""
    for ends, answered in ((1, True), (2, False)):
        task = asyncio.create_task(source.fetch(ask(at("share.late")), ["two"], soon()))
        for _ in range(ends):
            await asyncio.sleep(0.4)
            assert await _end(owner)
        if answered:
            assert (await task).rows
        else:
            with pytest.raises(BureauUnavailable, match=r"57P01|08"):
                await task
    assert (await source.fetch(ask(), ["one"], soon())).rows


async def test_a_joined_read_that_breaks_is_tried_once_more(
    source: PostgresSource, owner: asyncpg.Connection
) -> None:
    """A joined statement whose connection is ended is sent again, and none of its data sets is kept apart."""
    reads = [Read(ask(at("share.late")), ["two"]), Read(ask(SINGLE, "year"), ["two"])]
    task = asyncio.create_task(source.fetch_joined(reads, soon()))
    await asyncio.sleep(0.4)
    assert await _end(owner)
    assert [type(answer) for answer in await task] == [Batch, Batch]
    assert not source._backoff._until


async def test_a_connection_that_broke_between_reads(
    source: PostgresSource, owner: asyncpg.Connection
) -> None:
    """A connection that ended while nobody used it is replaced unnoticed."""
    assert await _end(owner)
    await asyncio.sleep(0.1)
    assert (await source.fetch(ask(), ["one"], soon())).rows


async def test_a_bureau_that_is_down_fails_at_once_for_a_while(reader: str) -> None:
    """Nothing is raised at opening; reads fail, and for a pause without a new attempt."""
    source = PostgresSource("tax", SourceAddress(dsn=reader.replace("/pg", "/nowhere"), timeout=1.0))
    await source.open()
    for _ in range(2):
        with pytest.raises(BureauUnavailable):
            await source.fetch(ask(), ["one"], soon())
    with pytest.raises(BureauUnavailable):
        await source.ready()
    await source.close()


async def test_a_bureau_that_comes_back_is_found(reader: str, owner: asyncpg.Connection) -> None:
    """Once the pause is over a bureau that came back answers."""
    await owner.execute("ALTER ROLE reader NOLOGIN")
    source = PostgresSource("tax", SourceAddress(dsn=reader, timeout=1.0))
    with pytest.raises(BureauRefused):
        await source.fetch(ask(), ["one"], soon())
    await owner.execute("ALTER ROLE reader LOGIN")
    with pytest.raises(BureauRefused):
        await source.ready()
    await asyncio.sleep(1.0)
    await source.ready()
    await source.close()


async def test_a_source_says_whether_it_is_synthetic(source: PostgresSource) -> None:
    """The mark is what the source itself says."""
    assert await source.mark() == SourceMark(True, "信阳", "1")


async def test_every_new_connection_asks_for_the_mark(reader: str, owner: asyncpg.Connection) -> None:
    """A source that stops being synthetic is refused at the next connection, where it must be."""
    source = PostgresSource("tax", SourceAddress(dsn=reader, connections=1), require_synthetic=True)
    assert (await source.fetch(ask(), ["one"], soon())).rows
    await owner.execute("UPDATE share.source_mark SET synthetic = false")
    try:
        await _end(owner)
        await asyncio.sleep(0.1)
        with pytest.raises(BureauRefused, match="not marked synthetic"):
            await source.fetch(ask(), ["one"], soon())
    finally:
        await owner.execute("UPDATE share.source_mark SET synthetic = true")
        await source.close()


async def test_a_closed_source_is_unavailable(source: PostgresSource) -> None:
    """After closing nothing is read and no connection is made."""
    await source.close()
    with pytest.raises(BureauUnavailable):
        await source.fetch(ask(), ["one"], soon())


async def test_statements_of_a_connection_are_never_mixed_up(source: PostgresSource) -> None:
    """However statements alternate on one connection, each answers its own columns."""
    columns = ["year", "grade", "points", "fine_fen"]
    for _ in range(3):
        batches = [await source.fetch(ask(GRADE, name), ["two"], soon()) for name in columns]
        assert [batch.rows["two"][0][1] for batch in batches] == [2024, "A", 95, 0]


async def test_statements_are_bounded(source: PostgresSource) -> None:
    """However many purposes come by, a connection keeps a bounded number of statements."""
    for number in range(300):
        await source.fetch(ask(GRADE, "year", purpose=f"purpose.{number}"), ["one"], soon())
    assert len(source._connections[0]._statements._queries) == 256
    kept = await source._connections[0]._statements.connection.fetchval(
        "SELECT count(*) FROM pg_prepared_statements"
    )
    assert 256 <= kept <= 258
    batch = await source.fetch(ask(GRADE, "year", purpose="purpose.0"), ["one"], soon())
    assert batch.rows


async def test_what_is_open_is_used_first(reader: str, owner: asyncpg.Connection) -> None:
    """Where the bureau allows fewer connections than the source has, reads in turn are answered over the open one."""
    await owner.execute("CREATE ROLE single LOGIN CONNECTION LIMIT 1 IN ROLE reader")
    source = PostgresSource("tax", SourceAddress(dsn=reader.replace("reader:", "single:"), connections=3))
    await source.fetch(ask(), ["one"], soon())
    reads = [source.fetch(ask(), ["one"], soon()) for _ in range(2)]
    outcomes = await asyncio.gather(*reads, return_exceptions=True)
    assert [str(each) for each in outcomes if isinstance(each, BureauUnavailable)]
    assert (await source.fetch(ask(), ["one"], soon())).rows
    await source.close()
    await owner.execute("DROP ROLE single")


@pytest.mark.parametrize("relation", ["share.recovering", "share.deadlocked"])
async def test_a_statement_that_the_server_gave_up_is_tried_once_more(
    source: PostgresSource, relation: str
) -> None:
    """A conflict with recovery or a deadlock costs a second try over the same connection, and no read."""
    given_up = ask(at(relation, Column("year", kind=Kind.INTEGER)))
    assert (await source.fetch(given_up, ["two"], soon())).rows

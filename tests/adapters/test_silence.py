"""A bureau that falls silent: found by a short check, asked once a second, and found again when it is back."""

import asyncio
import socket
from collections.abc import AsyncIterator

import asyncpg
import pytest

from adapters.bureau_errors import BureauError, BureauTimedOut
from adapters.postgres.postgres_source import PostgresSource
from adapters.source import Read, SourceAddress
from tests.support.bureau_samples import LISTED, SINGLE, ask, at, soon
from tests.support.silent_proxy import SilentProxy, silent_proxy

LATE = at("share.late")
DEAF = "BUREAU_TIMED_OUT tax.grade: connecting: no answer in time"
ADDRESS = "postgresql://reader@127.0.0.1:{}/postgres"


@pytest.fixture
async def proxy(reader: str) -> AsyncIterator[SilentProxy]:
    """A proxy before the bureau."""
    async with silent_proxy(reader.partition("host=")[2] + "/.s.PGSQL.5432") as made:
        yield made


@pytest.fixture
async def distant(proxy: SilentProxy) -> AsyncIterator[PostgresSource]:
    """The bureau behind the proxy, with two open connections."""
    made = PostgresSource("tax", SourceAddress(dsn=ADDRESS.format(proxy.port), timeout=3.0))
    await made.open()
    yield made
    for connection in made._connections:
        connection.terminate()


async def _outcome(source: PostgresSource) -> str:
    """What becomes of a read: `ok`, or why it failed."""
    try:
        await source.fetch(ask(), ["one"], soon(5.0))
    except BureauError as error:
        return str(error)
    return "ok"


async def test_a_forgotten_connection_costs_no_read(distant: PostgresSource, proxy: SilentProxy) -> None:
    """Connections that were idle are checked: the first read over a forgotten one is answered over a new one."""
    await asyncio.sleep(0.6)
    proxy.forget()
    assert await asyncio.gather(_outcome(distant), _outcome(distant)) == ["ok", "ok"]


@pytest.mark.parametrize("idle", [False, True])
async def test_connections_in_use_that_fall_silent_cost_no_read(
    distant: PostgresSource, proxy: SilentProxy, idle: bool
) -> None:
    """Reads over connections that fall silent between two reads or under one are answered over new connections."""
    both = [distant.fetch(ask(LATE), ["one"], soon()) for _ in range(2)]
    under = [asyncio.create_task(each) for each in both]
    await asyncio.sleep(0.05)
    if idle:
        await asyncio.gather(*under)
    proxy.forget()
    assert await asyncio.gather(*(_outcome(distant) for _ in range(3))) == ["ok"] * 3
    assert all(batch.rows for batch in await asyncio.gather(*under))


async def test_a_slow_statement_is_left_alone(distant: PostgresSource, proxy: SilentProxy) -> None:
    """A statement that the bureau works on is waited for: the bureau is asked about it, and it runs once."""
    await distant.fetch(ask(), ["one"], soon())
    backends = {each.backend for each in distant._connections}
    accepted = proxy.accepted
    assert (await distant.fetch(ask(LATE), ["one"], soon())).rows
    assert {each.backend for each in distant._connections} == backends
    assert proxy.accepted > accepted


async def test_a_connection_that_brings_bytes_is_not_silent(
    distant: PostgresSource, proxy: SilentProxy
) -> None:
    """A long answer over a slow way is waited for, though the bureau has finished its statement."""
    await distant.fetch(ask(), ["one"], soon())
    backends = {each.backend for each in distant._connections}
    proxy.slow = proxy.accepted
    assert (await distant.fetch(ask(), ["one"], soon())).rows
    assert {each.backend for each in distant._connections} == backends


async def test_a_bureau_that_falls_silent_in_use_costs_one_short_wait(
    distant: PostgresSource, proxy: SilentProxy
) -> None:
    """All reads over silent connections end as soon as a new connection shows that the bureau is deaf."""
    await distant.fetch(ask(), ["one"], soon())
    proxy.deaf = True
    proxy.forget()
    failures = await asyncio.gather(
        *(distant.fetch(ask(), ["one"], soon()) for _ in range(3)), return_exceptions=True
    )
    assert {str(each) for each in failures} == {DEAF}


async def test_a_deaf_bureau_costs_one_short_wait(distant: PostgresSource, proxy: SilentProxy) -> None:
    """A bureau that accepts and never answers fails at once after one wait, is probed once a second, and found again."""
    await asyncio.sleep(0.6)
    proxy.deaf = True
    proxy.forget()
    assert await _outcome(distant) == DEAF
    accepted, began = proxy.accepted, asyncio.get_running_loop().time()
    for _ in range(20):
        assert (await _outcome(distant)).startswith("BUREAU_TIMED_OUT")
        await asyncio.sleep(0.05)
    assert proxy.accepted - accepted <= asyncio.get_running_loop().time() - began + 2
    proxy.deaf = False
    for _ in range(40):
        await asyncio.sleep(0.1)
        if await _outcome(distant) == "ok":
            break
    assert await _outcome(distant) == "ok"


async def test_a_silent_host_keeps_no_other_host_from_being_found(reader: str, proxy: SilentProxy) -> None:
    """Of several hosts of an address, each is tried within the time of a connection."""
    async with silent_proxy("/nowhere") as silent:
        silent.deaf = True
        both = f"postgresql://reader@127.0.0.1:{silent.port},127.0.0.1:{proxy.port}/postgres"
        source = PostgresSource("tax", SourceAddress(dsn=both))
        assert (await source.fetch(ask(), ["one"], soon())).rows
        await source.close()


async def test_sockets_to_bureaus_are_watched(distant: PostgresSource) -> None:
    """The system itself finds a connection whose other end is gone."""
    session = distant._connections[0]._statements.connection
    sock = session._transport.get_extra_info("socket")
    assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 1_000


@pytest.fixture
async def locked(reader: str, owner: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """A bureau that has locked one of its relations."""
    await owner.execute("BEGIN; LOCK TABLE share.listed IN ACCESS EXCLUSIVE MODE")
    yield owner
    await owner.execute("ROLLBACK")


async def test_a_locked_relation_costs_its_own_reads_only(reader: str, locked: asyncpg.Connection) -> None:
    """A read of a locked relation ends soon, further ones at once; others, joined ones too, are answered."""
    source = PostgresSource("tax", SourceAddress(dsn=reader, connections=2))
    listed = ask(LISTED)
    answers = await source.fetch_joined(
        [Read(listed, ["one"]), Read(ask(SINGLE, "year"), ["two"])], soon(5.0)
    )
    assert isinstance(answers[0], BureauTimedOut)
    assert answers[0].reason == "the relation is locked (SQLSTATE 55P03)"
    assert answers[1].rows
    with pytest.raises(BureauTimedOut, match="locked"):
        await source.fetch(listed, ["one"], soon())
    assert source._breakers.is_open("listed")
    await locked.execute("ROLLBACK")
    await asyncio.sleep(1.0)
    assert (await source.fetch(listed, ["one"], soon())).rows
    assert not source._breakers.failing
    await source.close()

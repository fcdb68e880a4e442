"""A bureau that falls silent: found by a short check, asked once a second, and found again when it is back."""

import asyncio
import socket
from collections.abc import AsyncIterator

import asyncpg
import pytest

from adapters.bureau_errors import BureauError, BureauTimedOut
from adapters.postgres.postgres_source import PostgresSource
from adapters.source import Read, SourceAddress
from tests.support.bureau_samples import GRADE, LISTED, SINGLE, ask, soon
from tests.support.silent_proxy import SilentProxy, silent_proxy

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


async def _took(source: PostgresSource, dataset: object = GRADE) -> tuple[str, float]:
    """The outcome of a read, and its seconds."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        await source.fetch(ask(dataset), ["one"], soon(5.0))
    except BureauError as error:
        return error.code, loop.time() - began
    return "ok", loop.time() - began


async def test_a_forgotten_connection_costs_no_read(distant: PostgresSource, proxy: SilentProxy) -> None:
    """Connections that were idle are checked: the first read over a forgotten one is answered over a new one."""
    await asyncio.sleep(0.6)
    proxy.forget()
    outcomes = await asyncio.gather(_took(distant), _took(distant))
    assert [outcome for outcome, _ in outcomes] == ["ok", "ok"]


async def test_a_connection_in_use_that_falls_silent_costs_one_read(
    distant: PostgresSource, proxy: SilentProxy
) -> None:
    """A connection that falls silent between two reads costs one failure at most, whatever the connections."""
    await distant.fetch(ask(), ["one"], soon())
    proxy.forget()
    outcomes = [(await _took(distant))[0] for _ in range(4)]
    assert outcomes.count("ok") >= 3


async def test_a_deaf_bureau_costs_one_short_wait(distant: PostgresSource, proxy: SilentProxy) -> None:
    """A bureau that accepts and never answers fails at once after one wait, is probed once a second, and found again."""
    await asyncio.sleep(0.6)
    proxy.deaf = True
    proxy.forget()
    first = await _took(distant)
    assert first[0] == "BUREAU_TIMED_OUT"
    assert first[1] < 2
    accepted = proxy.accepted
    for _ in range(20):
        assert (await _took(distant))[0] == "BUREAU_TIMED_OUT"
        await asyncio.sleep(0.05)
    assert proxy.accepted - accepted <= 3
    proxy.deaf = False
    for _ in range(40):
        await asyncio.sleep(0.1)
        if (await _took(distant))[0] == "ok":
            break
    assert (await _took(distant))[0] == "ok"


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

"""A stop while requests are under way, and clients that leave before their answer."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx2
import pytest

from adapters import bureaus
from sandbox.city import RunningCity
from tests.support.approvers import approved_register
from tests.support.command_line import ForkedProcess, Process, demo_token, sources_of
from tests.support.issuer import Issuer
from tests.system.conftest import EVERYTHING, served

PURPOSE = "subject.report"
HELD = 0.5  # seconds that the bureau stays slow after the stop: a gateway without patience has ended by then
SLOW = 3  # seconds that the bureau takes: longer than a drain and HELD together
DOCUMENT = "query Q($id: PersonNumber!) { person(id: $id) { name judgmentDefaults { caseNumber } } }"


@pytest.fixture
def gateway(
    city: RunningCity, transport: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Process]:
    """A gateway of the test's own with the patience to wait for a slow bureau."""
    sources = sources_of(city, transport)
    sources["courts"]["timeout"] = 20
    folder = tmp_path_factory.mktemp("stop")
    with served(folder, sources, explorer="1", demo_key="1", deadline="20", drain="1") as process:
        yield process


@asynccontextmanager
async def slow_courts(city: RunningCity) -> AsyncGenerator[asyncpg.Connection]:
    """The courts' bureau takes some seconds for an answer while this lasts; a lock would end its reads sooner."""
    connection = await asyncpg.connect(city.server.dsn("courts"))
    shared = "share.judgment_defaulter"
    whole = (await connection.fetchval("SELECT pg_get_viewdef($1::regclass)", shared)).rstrip(";")
    try:
        await connection.execute(
            f"CREATE OR REPLACE VIEW {shared} AS SELECT * FROM ({whole}) AS whole"  # noqa: S608 our own view
            f" WHERE (SELECT true FROM pg_sleep({SLOW}))"
        )
        yield connection
    finally:
        await connection.execute(f"CREATE OR REPLACE VIEW {shared} AS {whole}")
        await connection.close()


async def waiting_for_courts(connection: asyncpg.Connection) -> None:
    """Return when a reader waits for its rows."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    async with asyncio.timeout(30):
        while not await connection.fetchval(waits):  # noqa: ASYNC110 the event is in the database
            await asyncio.sleep(0.02)


def body(number: str) -> bytes:
    """A request for one person."""
    return json.dumps({"query": DOCUMENT, "variables": {"id": number}}).encode()


def headers() -> dict[str, str]:
    """The headers of a request of the developer's."""
    return {
        "authorization": f"Bearer {demo_token('developer', EVERYTHING)}",
        "content-type": "application/json",
        "data-purpose": PURPOSE,
    }


async def test_a_drain_cuts_no_client(gateway: Process):
    """At SIGTERM readiness is refused first, answers say that their connection closes, and nobody is cut off."""
    address = gateway.ready()
    async with httpx2.AsyncClient(base_url=address, timeout=60, trust_env=False) as http:
        clients = [asyncio.create_task(asked_until_told(http)) for _ in range(24)]
        await asyncio.sleep(0.3)
        gateway.tell(signal.SIGTERM)
        assert await asyncio.gather(*clients) == [None] * 24
        ready = await http.get("/readyz")
        assert (ready.status_code, ready.json()) == (503, {"ready": False})
    assert await asyncio.to_thread(gateway.ended) == 0
    assert "Traceback" not in gateway.logged


async def asked_until_told(http: httpx2.AsyncClient) -> None:
    """Ask again and again on one connection, until an answer says that it closes."""
    answer = await http.get("/healthz")
    while answer.headers.get("connection") != "close":
        answer = await http.get("/healthz")
        assert answer.status_code == 200


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_accepted_requests_are_answered(
    gateway: Process, city: RunningCity, persons: list[str], sign: signal.Signals
):
    """Requests that wait for a slow bureau when the stop comes are answered whole; new ones find no door."""
    address = gateway.ready()
    async with httpx2.AsyncClient(base_url=address, timeout=60, trust_env=False) as http:
        async with slow_courts(city) as connection:
            asked = [
                asyncio.create_task(http.post("/graphql", content=body(number), headers=headers()))
                for number in persons[:4]
            ]
            await waiting_for_courts(connection)
            gateway.tell(sign)
            await refuses_connections(address)
            await asyncio.sleep(HELD)
            assert not any(each.done() for each in asked)
        answers = await asyncio.gather(*asked)
    for answer in answers:
        assert answer.status_code == 200
        assert answer.json()["data"]["person"]["judgmentDefaults"] is not None
        assert "errors" not in answer.json()
    assert await asyncio.to_thread(gateway.ended) == 0
    assert "Traceback" not in gateway.logged


async def refuses_connections(address: str) -> None:
    """Return when nobody listens at the address any more."""
    parts = urlsplit(address)
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection(parts.hostname, parts.port)
            except OSError:
                return
            writer.close()
            await asyncio.sleep(0.02)


async def test_clients_that_leave_harm_nobody(gateway: Process, city: RunningCity, persons: list[str]):
    """Clients that leave mid-body or before their answer leave no trace: others, then and later, are answered."""
    address = gateway.ready()
    async with httpx2.AsyncClient(base_url=address, timeout=60, trust_env=False) as http:
        async with slow_courts(city) as connection:
            staying = asyncio.create_task(http.post("/graphql", content=body(persons[0]), headers=headers()))
            await waiting_for_courts(connection)
            for number in persons * 3:
                leave(address, body(number), whole=True)
                leave(address, body(number), whole=False)
            assert (await http.get("/healthz")).text == "ok\n"
            name = {
                "query": "query Q($id: PersonNumber!) { person(id: $id) { name } }",
                "variables": {"id": persons[1]},
            }
            other = await http.post("/graphql", json=name, headers=headers())
            assert other.json()["data"]["person"]["name"]
        assert "errors" not in (await staying).json()
        for number in persons:
            answer = (await http.post("/graphql", content=body(number), headers=headers())).json()
            assert answer["data"]["person"]["judgmentDefaults"] is not None
        ready = (await http.get("/readyz")).json()
    assert ready["ready"] is True
    assert "INTERNAL" not in gateway.logged
    assert "Traceback" not in gateway.logged


def leave(address: str, content: bytes, *, whole: bool) -> None:
    """Send a request, or half of one, and leave."""
    parts = urlsplit(address)
    lines = [f"{name}: {value}" for name, value in headers().items()]
    head = "\r\n".join(
        ["POST /graphql HTTP/1.1", "host: x", *lines, f"content-length: {len(content)}", "", ""]
    )
    with socket.create_connection((parts.hostname, parts.port)) as client:
        client.sendall(head.encode() + (content if whole else content[:20]))


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_while_the_gateway_opens(issuer: Issuer, tmp_path: Path, sign: signal.Signals):
    """A stop that comes before the gateway is open ends it at once and cleanly: nothing was ready."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        dsn = f"postgresql://x@127.0.0.1:{silent.getsockname()[1]}/x"
        settings = {"jwks": str(issuer.file), **approved_register(tmp_path)}
        environment = {f"CREDITGRAPH_{name.upper()}": value for name, value in settings.items()}
        sources = {name: {"dsn": dsn, "timeout": 600} for name in bureaus.discover()}
        environment["CREDITGRAPH_SOURCES"] = json.dumps(sources)
        with ForkedProcess(tmp_path / "run", "serve", "--port", "0", **environment) as process:
            connection, _ = await asyncio.to_thread(silent.accept)
            with connection:
                process.tell(sign)
                assert await asyncio.to_thread(process.ended) == 0
            assert (process.printed, process.logged) == ("", "")

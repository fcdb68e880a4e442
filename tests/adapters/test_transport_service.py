"""The transport bureau's process, asked as the gateway asks it and as nobody should."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import asyncpg
import httpx2
import msgspec
import pytest

from adapters.bureau_errors import BureauRefused, BureauUnavailable, ContractBroken
from adapters.bureaus.transport import BUREAU
from adapters.http.exchange_messages import SignedRequest
from adapters.http.http_source import HttpSource
from adapters.open_source import make_source
from adapters.postgres.postgres_source import PostgresSource
from adapters.source import Query, SourceAddress, SourceMark
from catalogue.declarations import Column
from sandbox.transport_process import TransportFailed, TransportProcess
from tests.support.bureau_samples import PURPOSE, at, soon

SECRET = "a secret of the test"
LICENCE = next(dataset for dataset in BUREAU.datasets if dataset.name == "licence")
QUERY = Query("transport", LICENCE, ("licence_number", "kind", "valid_from", "valid_until"), PURPOSE)
NUMBER = "110105194912310021"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service logs."""
    return tmp_path_factory.mktemp("transport") / "log"


@pytest.fixture(scope="module")
def service(reader: str, log: Path) -> Iterator[str]:
    """The address of a running service."""
    secret_file = log.with_name("secret")
    secret_file.write_text(SECRET + "\n")
    with TransportProcess(reader, secret_file, log=log) as process:
        yield process.url


@pytest.fixture
def told(log: Path) -> Callable[[], str]:
    """Reads what the service has logged."""
    return log.read_text


@pytest.fixture
async def source(service: str):
    """The bureau as the gateway reads it."""
    made = make_source(BUREAU, SourceAddress(url=service, secret=SECRET), require_synthetic=True)
    await made.open()
    yield made
    await made.close()


def post(url: str, body: object, service: str = "licence", **changes: str) -> httpx2.Response:
    """Send a well-signed request, with some of its parts changed before it is signed."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    signed = SignedRequest.now(
        "POST", f"/v1/{service}", content, requester="creditgraph", service=service, purpose=PURPOSE
    )
    headers = dict(msgspec.structs.replace(signed, **changes).headers(SECRET))
    return httpx2.post(f"{url}/v1/{service}", content=content, headers=headers)


async def test_rows_come_as_from_a_database(source: HttpSource, reader: str) -> None:
    """The same dataset reads alike over HTTP and from PostgreSQL, broken rows included."""
    batch = await source.fetch(QUERY, ["one", "two", "nobody"], soon())
    assert [tuple(row) for row in batch.rows["one"]] == [
        ("one", "L-2", "TAXI", date(2021, 5, 1), date(2024, 5, 1)),
        ("one", "L-1", "FREIGHT", date(2020, 5, 1), None),
    ]
    direct = PostgresSource("transport", SourceAddress(dsn=reader))
    same = await direct.fetch(QUERY, ["one", "two", "nobody"], soon())
    await direct.close()
    assert [tuple(row) for row in same.rows["one"]] == [tuple(row) for row in batch.rows["one"]]
    assert {k: str(v) for k, v in same.broken.items()} == {k: str(v) for k, v in batch.broken.items()}
    assert batch.broken["two"].reason == "kind: not a declared code"


@pytest.mark.parametrize("day", ["12000-01-01", "0044-03-15 BC", "infinity", "-infinity"])
async def test_dates_come_as_from_a_database(
    source: HttpSource, reader: str, owner: asyncpg.Connection, day: str
) -> None:
    """A date that Python has not costs its key alike over HTTP and from PostgreSQL, and so does an infinite one."""
    await owner.execute("UPDATE share.licence SET valid_until = $1::text::date WHERE subject = 'two'", day)
    query = Query("transport", LICENCE, ("valid_from", "valid_until"), PURPOSE)
    direct = PostgresSource("transport", SourceAddress(dsn=reader))
    try:
        batch, same = [await each.fetch(query, ["one", "two"], soon()) for each in (source, direct)]
    finally:
        await owner.execute("UPDATE share.licence SET valid_until = NULL WHERE subject = 'two'")
        await direct.close()
    assert {key: [*map(tuple, rows)] for key, rows in batch.rows.items()} == {
        key: [*map(tuple, rows)] for key, rows in same.rows.items()
    }
    assert {key: str(fault) for key, fault in batch.broken.items()} == {
        key: str(fault) for key, fault in same.broken.items()
    }
    assert set(batch.broken) == {"two"}
    assert "one" in batch.rows


async def test_mark_and_readiness(source: HttpSource) -> None:
    """The service says what its data is and that it answers."""
    assert await source.mark() == SourceMark(True, "信阳", "1")
    await source.ready()


async def test_another_secret_is_refused(service: str) -> None:
    """A requester that cannot sign reads nothing, not even the mark."""
    stranger = HttpSource("transport", SourceAddress(url=service, secret="another"))
    with pytest.raises(BureauRefused):
        await stranger.fetch(QUERY, ["one"], soon())
    with pytest.raises(BureauRefused):
        await stranger.mark()
    await stranger.close()


async def test_an_unknown_dataset_or_column_breaks_the_contract(source: HttpSource) -> None:
    """What the service does not share is a difference of contracts."""
    unknown = at("share.licence", Column("licence_number"))
    with pytest.raises(ContractBroken):
        await source.fetch(Query("transport", unknown, ("licence_number",), PURPOSE), ["one"], soon())
    strange = replace(LICENCE, columns=(Column("subject"),))
    with pytest.raises(ContractBroken):
        await source.fetch(Query("transport", strange, ("subject",), PURPOSE), ["one"], soon())


def test_a_replayed_request_is_refused(service: str) -> None:
    """The very same request is answered once."""
    content = b'{"columns": [], "keys": ["one"]}'
    signed = SignedRequest.now(
        "POST", "/v1/licence", content, requester="creditgraph", service="licence", purpose=PURPOSE
    )
    sent = [
        httpx2.post(f"{service}/v1/licence", content=content, headers=dict(signed.headers(SECRET)))
        for _ in range(2)
    ]
    assert [response.status_code for response in sent] == [200, 401]
    assert sent[1].json() == {"code": "NONCE_USED"}


def test_a_tampered_request_is_refused(service: str) -> None:
    """A body or a path other than the signed one reads nothing."""
    content = b'{"columns": [], "keys": ["one"]}'
    signed = SignedRequest.now(
        "POST", "/v1/licence", content, requester="creditgraph", service="licence", purpose=PURPOSE
    )
    headers = dict(signed.headers(SECRET))
    body = httpx2.post(f"{service}/v1/licence", content=content.replace(b"one", b"two"), headers=headers)
    path = httpx2.post(f"{service}/v1/transport_grade", content=content, headers=headers)
    purpose = httpx2.post(
        f"{service}/v1/licence", content=content, headers={**headers, "gjgxjhpt_purpose": "another"}
    )
    assert {response.status_code for response in (body, path, purpose)} == {401}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"\xff", 400),
        ([], 400),
        ({"columns": []}, 400),
        ({"columns": [], "keys": [7]}, 400),
        ({"columns": [], "keys": [], "more": 1}, 400),
        ({"columns": [], "keys": [NUMBER + "\x00"]}, 400),
        ({"columns": ["secret"], "keys": []}, 422),
        ({"columns": [], "keys": ["x"] * 10_001}, 413),
        (b" " * 1_100_000, 413),
    ],
)
def test_a_malformed_question(service: str, body: object, status: int) -> None:
    """A question that is not of the agreed form is answered by a fixed text."""
    response = post(service, body)
    assert response.status_code == status
    assert NUMBER not in response.text


def test_an_old_request_is_refused(service: str) -> None:
    """A request from outside the time window reads nothing."""
    assert post(service, {"columns": [], "keys": []}, time="1500000000000").json() == {
        "code": "TIME_OUTSIDE_WINDOW"
    }


async def test_the_log_names_purpose_and_requester_but_no_key(
    source: HttpSource, service: str, told: Callable[[], str]
) -> None:
    """What is logged of a read is who, what and for which purpose; never whom it is about."""
    await source.fetch(QUERY, [NUMBER], soon())
    post(service, {"columns": [], "keys": [NUMBER + "\x00"]})
    assert f"rid=creditgraph dataset=licence purpose={PURPOSE} keys=1 rows=0" in told()
    assert NUMBER not in told()
    assert "Traceback" not in told()


def test_it_stops_in_good_order(reader: str, log: Path) -> None:
    """SIGTERM ends the process with code 0, and the helper leaves nothing behind."""
    process = TransportProcess(reader, log.with_name("secret"), log=log)
    process.start()
    pid = process.pid
    assert process.stop() == 0
    assert process.stop() is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def test_a_port_in_use(service: str, reader: str, log: Path) -> None:
    """A port that somebody has is a clear failure, not a hang."""
    port = int(service.rsplit(":", 1)[1])
    failing = log.with_name("failing")
    with pytest.raises(TransportFailed):
        TransportProcess(reader, log.with_name("secret"), port=port, log=failing).start()
    assert f"port {port} is in use" in failing.read_text()


async def test_a_database_that_is_down(log: Path) -> None:
    """The service comes up without its database and says that it is not ready."""
    with TransportProcess(
        "postgresql://nobody@127.0.0.1:1/none", log.with_name("secret"), log=log
    ) as process:
        source = HttpSource("transport", SourceAddress(url=process.url, secret=SECRET))
        with pytest.raises(BureauUnavailable):
            await source.ready()
        with pytest.raises(BureauUnavailable):
            await source.fetch(QUERY, ["one"], soon())
        await source.close()


async def test_a_service_that_is_gone_and_comes_back(reader: str, log: Path) -> None:
    """A source outlives its bureau's process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    source = HttpSource("transport", SourceAddress(url=f"http://127.0.0.1:{port}", secret=SECRET))
    for _ in range(2):
        with pytest.raises(BureauUnavailable):
            await source.fetch(QUERY, ["one"], soon(0.3))
        with TransportProcess(reader, log.with_name("secret"), port=port, log=log):
            assert (await source.fetch(QUERY, ["one"], soon())).rows
    await source.close()


def test_the_command_line_asks_for_what_is_missing() -> None:
    """Without a database the process ends with a usage message."""
    command = [sys.executable, "-m", "sandbox.transport_service", "--secret-file", "none"]
    ended = subprocess.run(  # noqa: S603 - our own module
        command, check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert ended.returncode == 2
    assert "CREDITGRAPH_TRANSPORT_DSN" in ended.stderr

"""An operator reads in the log why a bureau failed: SQLSTATE, column, rule, parameter; and no value."""

import io
import json
import socket
import ssl

import pytest
from asyncpg import TooManyConnectionsError

from adapters.bureau_errors import BureauError, BureauRefused, BureauUnavailable, ContractBroken
from adapters.postgres.error_mapping import connecting_error
from adapters.postgres.postgres_source import PostgresSource
from adapters.source import SourceAddress
from catalogue.declarations import Column, Kind
from observability.hooks import Hooks
from observability.log_observer import LogObserver
from observability.logging import make_logger
from resolvers.fetch.batching import Loaders
from tests.support.bureau_samples import LISTED, ask, at, soon
from tests.support.silent_proxy import silent_proxy

NUMBER = "110105194912310021"


def _with(dsn: str, parameter: str) -> str:
    return f"{dsn}&{parameter}"


async def _failure(dsn: str) -> BureauError:
    source = PostgresSource("tax", SourceAddress(dsn=dsn, connections=1, timeout=3.0))
    with pytest.raises(BureauError) as caught:
        await source.fetch(ask(), ["one"], soon())
    await source.close()
    assert caught.value.__context__ is None
    return caught.value


@pytest.mark.parametrize(
    ("parameter", "kind", "reason"),
    [
        ("connect_timeout=3", BureauRefused, "parameter connect_timeout is refused (SQLSTATE 42704)"),
        ("work_mem=much", BureauRefused, "parameter work_mem is refused (SQLSTATE 22023)"),
        (
            "sslmode=verify-full",
            BureauRefused,
            "the root certificate is missing: sslrootcert has to name its file",
        ),
        (
            "sslmode=verify-ca&sslrootcert=/nowhere",
            BureauRefused,
            "the address's parameter sslrootcert cannot be read",
        ),
        ("sslmode=sometimes", BureauRefused, "the address's parameter sslmode is wrong"),
        ("target_session_attrs=x", BureauRefused, "the address's parameter target_session_attrs is wrong"),
        ("ssl=require", BureauRefused, "parameter ssl is refused (SQLSTATE 55P02)"),
        ("options=-c%20work_mem=much", BureauRefused, "parameter options is refused (SQLSTATE 22023)"),
        ("options=-c%20nowhere=1", BureauRefused, "parameter options is refused (SQLSTATE 42704)"),
        ("role=postgres", BureauRefused, "the login may not use a parameter of the address (SQLSTATE 42501)"),
        ("target_session_attrs=standby", BureauUnavailable, "no host is as the address's parameter target"),
        ("sslmode", BureauRefused, "the address is wrong"),
        (
            f"sslmode=verify-ca&sslrootcert={__file__}",
            BureauRefused,
            "TLS fails (NO_CERTIFICATE_OR_CRL_FOUND)",
        ),
    ],
)
async def test_what_is_wrong_at_connecting_is_named(
    reader: str, monkeypatch: pytest.MonkeyPatch, parameter: str, kind: type[BureauError], reason: str
) -> None:
    """A wrong parameter of the address or a missing certificate is named, and is no fault of a relation."""
    monkeypatch.setenv("HOME", "/nonexistent")
    dsn = (
        reader
        if not parameter.startswith(("ssl", "target_session_attrs=x")) or parameter == "ssl=require"
        else "postgresql://reader@127.0.0.1:1/postgres?a=b"
    )
    failure = await _failure(_with(dsn, parameter))
    assert type(failure) is kind
    assert failure.reason.startswith("connecting: ")
    assert reason in failure.reason


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (socket.gaierror(-2, "bureau.example"), BureauUnavailable, "a host name of the address is not known"),
        (ConnectionRefusedError(111, "192.0.2.1"), BureauUnavailable, "no server listens at the address"),
        (ssl.SSLError(1, "192.0.2.1"), BureauRefused, "TLS fails (for no known reason)"),
        (IndexError("192.0.2.1"), BureauRefused, "the address is wrong"),
        (OSError(101, "192.0.2.1"), BureauUnavailable, "no connection"),
        (TooManyConnectionsError("reader"), BureauUnavailable, "too many connections"),
    ],
)
def test_what_is_wrong_on_the_way_is_named(error: Exception, kind: type[BureauError], reason: str) -> None:
    """A host, a port, the encryption and the number of connections are told apart, without the driver's words."""
    failure = connecting_error(error, "tax", None, "postgresql:///x")
    assert type(failure) is kind
    assert failure.reason.startswith(f"connecting: {reason}")
    assert not {"192.0.2.1", "bureau.example", "reader"} & set(failure.reason.split())


async def test_a_server_without_tls_says_so(reader: str) -> None:
    """An address that asks for TLS is refused with that reason by a server that has none."""
    async with silent_proxy(reader.partition("host=")[2] + "/.s.PGSQL.5432") as proxy:
        failure = await _failure(f"postgresql://reader@127.0.0.1:{proxy.port}/postgres?sslmode=require")
    assert failure.reason == "connecting: the server has no TLS, which the address asks for"


@pytest.mark.parametrize(
    ("change", "kind", "reason"),
    [
        (("reader:", "nobody:"), BureauRefused, "connecting: the login (SQLSTATE 28000)"),
        (
            ("/postgres?", "/nowhere?"),
            BureauRefused,
            "connecting: the database is not there (SQLSTATE 3D000)",
        ),
        (("host=/", "host=/nowhere/"), BureauUnavailable, "connecting: no connection"),
    ],
)
async def test_what_fails_at_connecting_says_so(
    reader: str, change: tuple[str, str], kind: type[BureauError], reason: str
) -> None:
    """A login, a database or a server that is not there is told from a relation that is not."""
    failure = await _failure(reader.replace(*change))
    assert (type(failure), failure.reason) == (kind, reason)


@pytest.mark.parametrize(
    ("relation", "column", "reason"),
    [
        ("share.nowhere", "year", "the relation is not there (SQLSTATE 42P01)"),
        ("nowhere.grade", "year", "the relation is not there (SQLSTATE 42P01)"),
        ("share.grade", "nowhere", "nowhere: the column is not there (SQLSTATE 42703)"),
        ("share.failing", "year", "the relation cannot be read (SQLSTATE 22012)"),
        ("share.mistyped", "year", "year: the column is not integer"),
    ],
)
async def test_what_is_wrong_with_a_relation_is_named(
    source: PostgresSource, relation: str, column: str, reason: str
) -> None:
    """A relation that is not as declared breaks the contract, and the reason has its SQLSTATE or its column."""
    with pytest.raises(ContractBroken) as caught:
        await source.fetch(ask(at(relation, Column(column, kind=Kind.INTEGER))), ["one"], soon())
    assert caught.value.reason == reason
    assert caught.value.__context__ is None


async def _logged(source: PostgresSource, *keys: str, dataset: object = None) -> list[dict[str, object]]:
    """Read through a gateway's loaders, and return the lines of its log."""
    stream = io.StringIO()
    loaders = Loaders({"tax": source}, Hooks([LogObserver(make_logger("INFO", stream), lambda: 0.0)]))
    await loaders.of(ask(dataset) if dataset else ask()).load(keys, soon())
    return [json.loads(line) for line in stream.getvalue().splitlines()]


async def test_the_reason_of_a_failure_stands_in_the_log(source: PostgresSource) -> None:
    """A failed read is logged with its reason, and without what was asked."""
    (line,) = await _logged(source, NUMBER, dataset=at("share.nowhere"))
    assert line["why"] == "the relation is not there (SQLSTATE 42P01)"
    assert NUMBER not in json.dumps(line)


async def test_broken_rows_are_logged_with_column_and_rule(source: PostgresSource) -> None:
    """A row with an unknown code is logged by its column and the broken rule."""
    (line,) = await _logged(source, "one", "bad", dataset=at("share.grade"))
    assert (line["event"], line["broken_rows"]) == ("rows broken", 2)
    assert line["why"] == "grade: not a declared code"
    assert await _logged(source, "one", dataset=LISTED) == []

"""An operator reads in the log why a bureau failed: SQLSTATE, column, rule, parameter; and no value."""

import io
import json

import pytest

from adapters.bureau_errors import BureauError, BureauRefused, BureauUnavailable, ContractBroken
from adapters.postgres.postgres_source import PostgresSource
from adapters.source import SourceAddress
from catalogue.declarations import Column, Kind
from observability.hooks import Hooks
from observability.log_observer import LogObserver
from observability.logging import make_logger
from resolvers.fetch.batching import Loaders
from tests.support.bureau_samples import LISTED, ask, at, soon

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
    ],
)
async def test_what_is_wrong_at_connecting_is_named(
    reader: str, monkeypatch: pytest.MonkeyPatch, parameter: str, kind: type[BureauError], reason: str
) -> None:
    """A wrong parameter of the address or a missing certificate is named, and is no fault of a relation."""
    monkeypatch.setenv("HOME", "/nonexistent")
    dsn = (
        reader
        if parameter.startswith(("connect", "work"))
        else "postgresql://reader@127.0.0.1:1/postgres?a=b"
    )
    failure = await _failure(_with(dsn, parameter))
    assert type(failure) is kind
    assert failure.reason.startswith("connecting: ")
    assert reason in failure.reason


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

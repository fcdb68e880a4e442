"""Which ways to a bureau nobody protects."""

import pytest

from adapters.source import SourceAddress
from adapters.unprotected_way import is_unprotected


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the driver is set."""
    monkeypatch.delenv("PGSSLMODE", raising=False)
    monkeypatch.delenv("PGHOST", raising=False)
    monkeypatch.delenv("PGSERVICE", raising=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.1",
        "HTTP://bureau.example/base",
        "http://localhost.example",
        "http://[2001:db8::1]:80",
        "http://127.0.0.1@192.0.2.1",
        "http://127.1.example",
        "ftp://192.0.2.1",
        "http://0.0.0.0",
    ],
)
def test_http_to_another_machine_is_unprotected(url: str) -> None:
    """Whatever is not https and not this machine is unprotected."""
    assert is_unprotected(SourceAddress(url=url, secret="s"))


@pytest.mark.parametrize(
    "url",
    [
        "https://bureau.example",
        "HTTPS://192.0.2.1",
        "http://127.0.0.1:80",
        "http://localhost",
        "http://[::1]:9",
    ],
)
def test_https_and_this_machine_are_protected(url: str) -> None:
    """TLS protects a way, and a way within the machine needs none."""
    assert not is_unprotected(SourceAddress(url=url, secret="s"))


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://u@192.0.2.1/d",
        "postgresql://u:p@db.example:5432/d?sslmode=prefer",
        "postgresql://u@db.example/d?sslmode=disable",
        "postgresql://u@127.0.0.1,192.0.2.1/d",
        "postgresql://u@/d?host=db.example",
        "postgresql://u@localhost/d?host=db.example",
        "postgresql://u@[2001:db8::1]:5432/d",
        "postgresql://u@127.0.0.1/d?sslmode=disable&host=192.0.2.1",
        "postgresql://u@db.example/d?ssl=require",
        "postgresql://u@db.example/d?ssl=verify-full&sslmode=allow",
        "postgresql://u@db.example/d?sslmode=REQUIRE",
        "postgresql://u@db.example/d?sslmode=verify-full&sslmode=prefer",
        "postgresql:///d?service=tax",
        "postgresql://u@/d?service=tax&sslmode=prefer",
    ],
)
def test_a_database_without_tls_is_unprotected(dsn: str) -> None:
    """A driver that may or shall go without TLS to another machine is unprotected."""
    assert is_unprotected(SourceAddress(dsn=dsn))


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://u@db.example/d?sslmode=require",
        "postgresql://u@db.example/d?sslmode=verify-full",
        "postgresql://u@127.0.0.1:5432/d",
        "postgresql://u@localhost,[::1]:5433/d",
        "postgresql://u:@/d?host=/run/postgresql",
        "postgresql://u@%2Frun%2Fpostgresql/d",
        "postgresql:///d",
        "postgresql://u@db.example/d?sslmode=verify_full",
        "postgresql:///d?service=tax&sslmode=verify-full",
        "postgresql://u@localhost/d?service=tax",
    ],
)
def test_a_database_with_tls_or_of_this_machine_is_protected(dsn: str) -> None:
    """TLS by the address, a loopback host or a socket of this machine is protected."""
    assert not is_unprotected(SourceAddress(dsn=dsn))


def test_the_drivers_variables_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the address leaves open, the driver takes from its variables."""
    monkeypatch.setenv("PGHOST", "db.example")
    assert is_unprotected(SourceAddress(dsn="postgresql:///d"))
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert not is_unprotected(SourceAddress(dsn="postgresql:///d"))
    monkeypatch.setenv("PGSSLMODE", "prefer")
    monkeypatch.setenv("PGHOST", "127.0.0.1:5433,/run/postgresql")
    assert not is_unprotected(SourceAddress(dsn="postgresql:///d"))
    monkeypatch.setenv("PGSERVICE", "tax")
    assert is_unprotected(SourceAddress(dsn="postgresql:///d"))

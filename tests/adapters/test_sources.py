"""From an address to a source."""

import pytest

from adapters.bureaus import discover
from adapters.http.http_source import HttpSource
from adapters.open_source import make_source
from adapters.postgres.postgres_source import PostgresSource
from adapters.source import SourceAddress

TAX = discover()["tax"]


def test_the_address_decides_how_a_bureau_is_read() -> None:
    """Any bureau is read from PostgreSQL or over HTTP, as its address says."""
    database = make_source(TAX, SourceAddress(dsn="postgresql://tax", connections=3), require_synthetic=False)
    service = make_source(TAX, SourceAddress(url="http://tax", secret="s"), require_synthetic=False)
    assert isinstance(database, PostgresSource)
    assert isinstance(service, HttpSource)
    assert (database.bureau, database.concurrency) == ("tax", 3)
    assert (service.bureau, service.concurrency) == ("tax", 2)


@pytest.mark.parametrize(
    "address",
    [
        SourceAddress(),
        SourceAddress(dsn="postgresql://u:hidden@h", url="http://tax", secret="hidden"),
        SourceAddress(url="http://tax"),
        SourceAddress(url="http://tax", secret=""),
    ],
)
def test_an_address_that_is_not_exactly_one(address: SourceAddress) -> None:
    """An address that is none, or two, or cannot sign is an error that shows nothing of it."""
    with pytest.raises(ValueError, match="the source tax needs") as caught:
        make_source(TAX, address, require_synthetic=False)
    assert "hidden" not in str(caught.value)


def test_an_address_shows_no_secret() -> None:
    """What opens a source is not in its representation."""
    assert "hidden" not in repr(SourceAddress(dsn="postgresql://u:hidden@h", secret="hidden"))

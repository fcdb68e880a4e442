"""From a bureau's declaration and its address to a source that can be read."""

from __future__ import annotations

from typing import Protocol

from adapters.address import SourceAddress
from adapters.http.http_source import HttpSource
from adapters.postgres.postgres_source import PostgresSource
from adapters.source import Source
from catalogue.declarations import Bureau

__all__ = ["ReadySource", "SourceAddress", "make_source"]


class ReadySource(Source, Protocol):
    """A source that can also be asked whether its bureau answers."""

    async def ready(self) -> None:
        """Raise BureauError when the bureau does not answer."""
        ...


def make_source(bureau: Bureau, address: SourceAddress, *, require_synthetic: bool) -> ReadySource:
    """A source of the kind of its address, whatever the bureau's usual one is.

    Raises ValueError, with a text that holds nothing of the address, unless it is exactly one of a `dsn`
    and a `url` with a `secret`.
    """
    if (address.dsn is None) == (address.url is None):
        raise ValueError(f"the source {bureau.name} needs either a dsn or a url")
    if address.dsn is not None:
        return PostgresSource(bureau.name, address, require_synthetic=require_synthetic)
    if not address.secret:
        raise ValueError(f"the source {bureau.name} needs a secret with its url")
    return HttpSource(bureau.name, address, require_synthetic=require_synthetic)

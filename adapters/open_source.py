"""Opens the source of a bureau from its declaration and its address."""

from typing import TypeAlias

from adapters.http.http_source import HttpSource
from adapters.postgres.postgres_source import PostgresSource
from adapters.source import SourceAddress
from catalogue.declarations import Bureau

__all__ = ["ReadySource", "SourceAddress", "make_source"]


ReadySource: TypeAlias = HttpSource | PostgresSource
"""A source with a readiness check."""


def make_source(bureau: Bureau, address: SourceAddress, *, require_synthetic: bool) -> ReadySource:
    """Make a source of the kind that the address names, which may differ from the bureau's default kind.

    Raises ValueError unless the address has either a `dsn`, or a `url` with a `secret`. The error's text
    contains nothing of the address.
    """
    if (address.dsn is None) == (address.url is None):
        raise ValueError(f"the source {bureau.name} needs either a dsn or a url")
    if address.dsn is not None:
        return PostgresSource(bureau.name, address, require_synthetic=require_synthetic)
    if not address.secret:
        raise ValueError(f"the source {bureau.name} needs a secret with its url")
    return HttpSource(bureau.name, address, require_synthetic=require_synthetic)

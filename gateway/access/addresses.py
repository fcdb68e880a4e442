"""The addresses of the bureaus and of the store: refused in production where nothing protects the way to them."""

from typing import Final

from adapters.source import SourceAddress
from adapters.unprotected_way import is_plain_database, is_unprotected
from gateway.errors import StartRefused
from gateway.settings import PREFIX, Settings, SourceSettings

_REMEDY: Final = "sslmode=verify-full in the dsn"


def address_of(name: str, settings: Settings) -> SourceAddress:
    """Return the address of a bureau of the settings; raise StartRefused for an unprotected way to it."""
    source = settings.sources[name]
    address = _plain_address(source)
    try:
        unprotected = is_unprotected(address)
    except ValueError:
        raise StartRefused(f"{PREFIX}SOURCES: the address of {name} cannot be read.") from None
    if unprotected and not (settings.explorer or source.unprotected):
        raise StartRefused(
            f"{PREFIX}SOURCES: the way to {name} is not protected. Use https, or {_REMEDY}, or set"
            f" {PREFIX}SOURCES__{name.upper()}__UNPROTECTED where the network protects it."
        )
    return address


def store_dsn(settings: Settings) -> str | None:
    """Return the address of the store, or None without one; raise StartRefused for an unprotected way to it."""
    store = settings.store
    if store.dsn is None:
        return None
    dsn = store.dsn.get_secret_value()
    try:
        unprotected = is_plain_database(dsn)
    except ValueError:
        raise StartRefused(f"{PREFIX}STORE__DSN cannot be read.") from None
    if unprotected and not (settings.explorer or store.unprotected):
        raise StartRefused(
            f"{PREFIX}STORE__DSN: the way to the store is not protected. Use {_REMEDY}, or set"
            f" {PREFIX}STORE__UNPROTECTED where the network protects it."
        )
    return dsn


def _plain_address(source: SourceSettings) -> SourceAddress:
    return SourceAddress(
        dsn=source.dsn.get_secret_value() if source.dsn else None,
        url=source.url,
        requester=source.requester,
        secret=source.secret.get_secret_value() if source.secret else None,
        connections=source.connections,
        timeout=source.timeout,
    )

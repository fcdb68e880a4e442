"""Whether what goes between the gateway and a bureau is encrypted, by the bureau's address alone."""

import ipaddress
import os
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from adapters.source import SourceAddress

_ENCRYPTED_MODES: Final = frozenset({"require", "verify-ca", "verify-full"})


def is_unprotected(address: SourceAddress) -> bool:
    """Whether anybody on the way could read and change what is sent: no TLS, and another machine."""
    if address.dsn is not None:
        return _is_plain_database(address.dsn)
    parts = urlsplit(address.url or "")
    return parts.scheme.lower() != "https" and not _is_local(parts.hostname or "")


def _is_plain_database(dsn: str) -> bool:
    parts = urlsplit(dsn)
    parameters = parse_qs(parts.query)
    modes = parameters.get("sslmode") or parameters.get("ssl") or [os.environ.get("PGSSLMODE", "")]
    if modes[-1] in _ENCRYPTED_MODES:
        return False
    return not all(map(_is_local, _hosts(parts.netloc, parameters.get("host"))))


def _hosts(netloc: str, named: Sequence[str] | None) -> list[str]:
    """Return the hosts of a DSN; without one the driver takes a socket of this machine, or what PGHOST says."""
    listed = netloc.rpartition("@")[2]
    hosts = [_without_port(each) for each in unquote(listed).split(",") if each]
    hosts += [each for value in named or () for each in value.split(",") if each]
    return hosts or [each for each in os.environ.get("PGHOST", "").split(",") if each]


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host if host.startswith("/") else host.partition(":")[0]


def _is_local(host: str) -> bool:
    """Whether a host is this machine: a socket's path, `localhost` or a loopback address."""
    if host.startswith("/") or host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

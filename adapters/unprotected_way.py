"""Whether what goes between the gateway and a bureau, or its store, is encrypted, by the address alone."""

import ipaddress
import os
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from adapters.source import SourceAddress

_ENCRYPTED_MODES: Final = frozenset({"require", "verify-ca", "verify-full"})


def is_unprotected(address: SourceAddress) -> bool:
    """Whether a bureau is another machine, and TLS is not asked for; raises ValueError for an address of no form."""
    if address.dsn is not None:
        return is_plain_database(address.dsn)
    parts = urlsplit(address.url or "")
    return parts.scheme.lower() != "https" and not _is_local(parts.hostname or "")


def is_plain_database(dsn: str) -> bool:
    """Whether a PostgreSQL server is another machine, and the driver would also connect to it without TLS."""
    parts = urlsplit(dsn)
    parameters = parse_qs(parts.query)
    modes = parameters.get("sslmode") or [os.environ.get("PGSSLMODE", "")]
    if modes[-1].replace("_", "-") in _ENCRYPTED_MODES:
        return False
    hosts = _hosts(parts.netloc, parameters.get("host"))
    if not hosts and ("service" in parameters or "PGSERVICE" in os.environ):
        return True  # a service file names the host, and can change
    return not all(map(_is_local, hosts or _listed(os.environ.get("PGHOST", ""))))


def _hosts(netloc: str, named: Sequence[str] | None) -> list[str]:
    """Return the hosts that a DSN names, before its path or as parameters."""
    return [host for each in (unquote(netloc.rpartition("@")[2]), *(named or ())) for host in _listed(each)]


def _listed(hosts: str) -> list[str]:
    return [_without_port(each) for each in hosts.split(",") if each]


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

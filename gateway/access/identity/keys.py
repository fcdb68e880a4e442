"""The issuers' public keys, read from files or addresses and renewed when a token names an unknown one."""

import asyncio
import logging
import ssl
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

import httpx2
import msgspec

from gateway.errors import StartRefused
from gateway.jwks import KeysError, PublicKey, parse_jwks
from observability.redaction import Written

Load: TypeAlias = Callable[[], Awaitable[bytes]]

RENEWAL_PAUSE: Final = 30.0
"""Seconds between two renewals: tokens with invented key names cannot make the gateway ask more often."""
MAXIMUM_AGE: Final = 600.0
"""Seconds after which keys are renewed in the background, so that a withdrawn key leaves."""
_TIMEOUT: Final = 5.0
_MAXIMUM_BYTES: Final = 256 * 1024
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})

_WELL_KNOWN: Final = "/.well-known/openid-configuration"
DEFAULT_SETTING: Final = "CREDITGRAPH_JWKS"

_log = logging.getLogger(__name__)


def load_fixed(jwks: bytes) -> Load:
    """Return a load of keys that never change."""

    async def load() -> bytes:
        return jwks

    return load


def load_file(path: Path) -> Load:
    """Return a load that reads a JWKS file."""
    return partial(asyncio.to_thread, path.read_bytes)


def load_url(
    url: str, transport: httpx2.AsyncBaseTransport | None = None, setting: str = DEFAULT_SETTING
) -> Load:
    """Return a load that asks `url`: https, or http on this machine. No redirects, limited in time and size.

    Raises StartRefused, which names the setting, for an address that anyone on the way could answer.
    """
    _check_address(url, setting)
    return partial(_ask, url, transport)


def load_discovered(
    issuer: str, transport: httpx2.AsyncBaseTransport | None = None, setting: str = "CREDITGRAPH_ISSUER"
) -> Load:
    """Return a load that reads the address of the keys from the issuer's own metadata (OpenID Connect Discovery 1.0).

    The metadata must name the same issuer (section 4.3); its `jwks_uri` is subject to the same rules as a setting.
    """
    own_machine = _check_address(issuer, setting)

    async def load() -> bytes:
        raw = await _ask(f"{issuer.rstrip('/')}{_WELL_KNOWN}", transport)
        try:
            found = msgspec.json.decode(raw, type=_Metadata)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise KeysError("its metadata holds no issuer and jwks_uri") from None
        if found.issuer != issuer:
            raise KeysError("its metadata names another issuer than the setting")
        try:
            keys_on_own_machine = _check_address(found.jwks_uri, setting)
        except StartRefused:
            raise KeysError("the jwks_uri of its metadata is not an https address") from None
        if keys_on_own_machine and not own_machine:
            raise KeysError("the jwks_uri of its metadata leads to this machine")
        return await _ask(found.jwks_uri, transport)

    return load


def _check_address(url: str, setting: str) -> bool:
    """Return whether the address is on this machine; StartRefused where it is neither that nor https."""
    try:
        parts = urlsplit(url)
        httpx2.URL(url)
    except (ValueError, httpx2.InvalidURL):
        raise StartRefused(f"The address of the token keys cannot be read. Mend {setting}.") from None
    loopback = parts.hostname in _LOOPBACK
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise StartRefused(f"The address of the token keys is not https. Set {setting} to an https one.")
    return loopback


async def _ask(url: str, transport: httpx2.AsyncBaseTransport | None) -> bytes:
    loopback = urlsplit(url).hostname in _LOOPBACK
    async with (
        httpx2.AsyncClient(
            transport=transport, verify=_tls_context(), timeout=_TIMEOUT, trust_env=not loopback
        ) as client,
        asyncio.timeout(_TIMEOUT),
        client.stream("GET", url, headers={"Accept": "application/json"}) as response,
    ):
        if not response.is_success:
            raise KeysError(f"its address answered with status {response.status_code}")
        return await _limited(response)


@lru_cache(maxsize=1)
def _tls_context() -> ssl.SSLContext:
    """Return the one TLS context of the process: making one reads certificates for a tenth of a second."""
    return httpx2.create_ssl_context()


class _Metadata(msgspec.Struct, frozen=True):
    """What is read of an issuer's metadata."""

    issuer: str
    jwks_uri: str


async def _limited(response: httpx2.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _MAXIMUM_BYTES:
            raise KeysError("it is too large")
    return bytes(body)


def _why(error: Exception) -> str:
    """Return the reason of a failed load in our own words, without anything that a key set or a server sent."""
    return str(error) if isinstance(error, KeysError) else type(error).__name__


def load_from(value: str, setting: str = DEFAULT_SETTING) -> Load:
    """Return the load that the value of a setting names: an address, else a file."""
    return load_url(value, setting=setting) if "://" in value else load_file(Path(value))


class Keys:
    """The keys of one or several loads. Where two loads name a key alike, the earlier load's is used.

    A load that fails keeps the keys that it gave before. Call `open` before use and `close` after.
    """

    def __init__(
        self, *loads: Load, clock: Callable[[], float] = time.monotonic, setting: str = DEFAULT_SETTING
    ) -> None:
        self._loads = loads
        self._setting = setting
        self.clock = clock
        self._sets: list[tuple[PublicKey, ...]] = [() for _ in loads]
        self._keys: dict[tuple[str, str], PublicKey] = {}
        self._refused: set[str] = set()
        self.renewed_at = 0.0
        self._read_at = 0.0
        self._renewal: asyncio.Task[None] | None = None
        self.edition = 0
        """Rises when a key that was there is gone or another: what it signed may not be remembered."""

    async def open(self) -> None:
        """Read every load; StartRefused where one cannot be read."""
        self.renewed_at = self.clock()
        for error in await self._read():
            raise StartRefused(f"The token keys cannot be used: {_why(error)}. Check {self._setting}.")

    async def close(self) -> None:
        """Stop a renewal that is under way."""
        if self._renewal is not None:
            self._renewal.cancel()
            await asyncio.gather(self._renewal, return_exceptions=True)

    async def find(self, kid: str, algorithm: str) -> PublicKey | None:
        """Return the key of that name and algorithm, asking the loads anew where it is unknown."""
        name = (kid, "EdDSA" if algorithm == "Ed25519" else algorithm)  # RFC 9864 renamed it
        key = self._keys.get(name)
        if key is None:
            self._start_renewal(RENEWAL_PAUSE)
            if self._renewal is not None:
                await asyncio.shield(self._renewal)  # a caller that leaves does not end it for the others
            return self._keys.get(name)
        self.renew_if_old()
        return key

    def renew_if_old(self) -> None:
        """Renew in the background what is older than MAXIMUM_AGE, so that a withdrawn key leaves."""
        self._start_renewal(MAXIMUM_AGE)

    def age(self) -> float:
        """Return the seconds since every load could be read."""
        return self.clock() - self._read_at

    def refuse(self, thumbprint: str) -> bool:
        """Never accept this key from now on; return whether it was among the keys."""
        self._refused.add(thumbprint)
        found = any(key.thumbprint == thumbprint for keys in self._sets for key in keys)
        self._index()
        return found

    def _start_renewal(self, pause: float) -> None:
        now = self.clock()
        if now - self.renewed_at >= pause and (self._renewal is None or self._renewal.done()):
            self.renewed_at = now
            self._renewal = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        for error in await self._read():
            facts = {"setting": Written(self._setting), "why": Written(_why(error))}
            _log.warning("token keys kept: their renewal failed", exc_info=error, extra=facts)

    async def _read(self) -> list[Exception]:
        """Read every load and return the errors of those that failed; each of these keeps its keys."""
        errors: list[Exception] = []
        for index, load in enumerate(self._loads):
            try:
                self._sets[index] = parse_jwks(await load(), rsa=True)
            except (KeysError, OSError, httpx2.HTTPError) as error:
                errors.append(error)
        self._index()
        if not errors:
            self._read_at = self.clock()
        return errors

    def _index(self) -> None:
        before = self._keys
        self._keys = {}
        for keys in self._sets:
            for key in keys:
                if key.thumbprint not in self._refused:
                    self._keys.setdefault((key.kid, key.algorithm), key)
        if any(
            name not in self._keys or self._keys[name].thumbprint != key.thumbprint
            for name, key in before.items()
        ):
            self.edition += 1

"""Bearer tokens: verified once, remembered until they expire.

Accepted are JSON Web Tokens in compact form signed with ES256 or EdDSA over Ed25519. A token chooses a key
among the issuer's by `kid`; the key, not the token, decides on the algorithm.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any, Final

import msgspec
from cachetools import LRUCache
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

from gateway.access.identity.claims import check_claims, principal_of, read_claims
from gateway.access.identity.keys import MAXIMUM_AGE, Keys
from gateway.errors import TOKEN_INVALID, TOKEN_MISSING, RequestError
from gateway.jwks import REGISTRY
from gateway.principal import Principal
from observability.events import CacheLooked
from observability.hooks import Hooks

MAXIMUM_BYTES: Final = 8 * 1024
CACHE_SIZE: Final = 10_000

_COMPACT: Final = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_SCHEME: Final = b"bearer "
_TYPES: Final = frozenset({None, "jwt", "at+jwt", "application/at+jwt"})
_HIT: Final = CacheLooked("token", hit=True)
_MISS: Final = CacheLooked("token", hit=False)


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The only header parameters that a token may carry: no keys (`jwk`, `jku`, `x5c`, `x5u`), no `crit`."""

    alg: str
    kid: str
    typ: str | None = None


_decode_header = msgspec.json.Decoder(_Header).decode


class Authenticator:
    """Turns the value of an Authorization header into a Principal.

    Ask `cached` first, which costs less than a microsecond, then `authenticate`. Only successes are
    remembered, by the whole header, the least recently used are forgotten first; all are forgotten when a
    key is withdrawn.
    """

    def __init__(
        self,
        keys: Keys,
        audience: str,
        issuer: str | None,
        hooks: Hooks,
        clock: Callable[[], float] = time.time,
        leeway: float = 0.0,
        cache_size: int = CACHE_SIZE,
    ) -> None:
        self._keys = keys
        self._audience = audience
        self._issuer = issuer
        self._emit = hooks.emitters[CacheLooked]
        self._clock = clock
        self._leeway = leeway
        self._cache: LRUCache[bytes, Principal] = LRUCache(cache_size)
        self._edition = keys.edition

    def cached(self, header: bytes) -> Principal | None:
        """Return the caller of a header that was verified before and has not expired."""
        principal = self._cache.get(header)
        if (
            principal is None
            or self._edition != self._keys.edition
            or not self._clock() < principal.expires_at
        ):
            self._emit(_MISS)
            return None
        if self._keys.clock() >= self._keys.renewed_at + MAXIMUM_AGE:
            self._keys.renew_if_old()
        self._emit(_HIT)
        return principal

    async def authenticate(self, header: bytes | None) -> Principal:
        """Verify the header's token and remember it; RequestError with one of the TOKEN_ codes."""
        token = _bearer(header)
        decoded = await self._verified(token)
        claims = read_claims(decoded)
        check_claims(claims, self._audience, self._issuer, self._clock(), self._leeway)
        principal = principal_of(claims, self._leeway)
        self._remember(header or b"", principal)
        return principal

    async def _verified(self, token: bytes) -> dict[str, Any]:
        """Return the claims of a token whose signature one of the keys made."""
        header = _header(token)
        key = await self._keys.find(header.kid, header.alg)
        if key is None:
            raise RequestError(TOKEN_INVALID, "It is signed with a key that is not published.")
        try:
            return jwt.decode(token, key.key, registry=REGISTRY).claims
        except (JoseError, ValueError, RecursionError):
            raise RequestError(TOKEN_INVALID, "Its signature does not hold.") from None

    def _remember(self, header: bytes, principal: Principal) -> None:
        if self._edition != self._keys.edition:
            self._cache.clear()
            self._edition = self._keys.edition
        self._cache[header] = principal


def _bearer(header: bytes | None) -> bytes:
    """Return the token of an Authorization header (RFC 6750 section 2.1)."""
    if header is None or header[: len(_SCHEME)].lower() != _SCHEME:
        raise RequestError(TOKEN_MISSING)
    # The whole header, since the whole header is remembered.
    if len(header) > MAXIMUM_BYTES:
        raise RequestError(TOKEN_INVALID, f"It is longer than {MAXIMUM_BYTES} bytes.")
    token = header[len(_SCHEME) :].strip(b" ")
    if not token:
        raise RequestError(TOKEN_MISSING)
    if not _COMPACT.fullmatch(token):
        raise RequestError(TOKEN_INVALID, "It is not a JSON Web Token in compact form.")
    return token


def _header(token: bytes) -> _Header:
    try:
        header = _decode_header(urlsafe_b64decode(token.partition(b".")[0]))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise RequestError(TOKEN_INVALID, "Its header holds more or less than alg, kid and typ.") from None
    if (header.typ.lower() if header.typ else None) not in _TYPES:
        raise RequestError(TOKEN_INVALID, "It is a token of another type.")
    return header

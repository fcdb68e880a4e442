"""Bearer tokens: verified once, remembered until they expire.

Accepted are JSON Web Tokens in compact form signed with ES256 or EdDSA over Ed25519. A token chooses a key
among the issuer's by `kid`; the key, not the token, decides on the algorithm. A signature says who wrote the
claims, not that they hold here and now: joserfc's `decode` checks no claim.
"""

import re
import time
from collections.abc import Callable
from typing import Annotated, Any, Final

import msgspec
from cachetools import LRUCache
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

from catalogue.identifiers import IdentifierError, parse_person_number
from gateway.access.identity.keys import MAXIMUM_AGE, Keys
from gateway.errors import TOKEN_EXPIRED, TOKEN_INVALID, TOKEN_MISSING, TOKEN_NOT_YET_VALID, RequestError
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
_Moment = Annotated[float, msgspec.Meta(ge=0, le=253_402_300_799)]
"""Seconds of the Unix clock up to the year 9999; neither NaN nor a number beyond a float fits."""
_Name = Annotated[str, msgspec.Meta(pattern=r"\A[^\s\x00-\x1f\x7f]{1,64}\Z")]
_Title = Annotated[str, msgspec.Meta(pattern=r"\A(?! )[^\x00-\x1f\x7f]{1,128}(?<! )\Z")]
"""A department's name may hold blanks between its words."""
_PURPOSE_PREFIX: Final = "purpose:"
_PURPOSE: Final = re.compile(r"[a-z0-9_.\-]{1,128}", re.ASCII)


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
        if self._edition != self._keys.edition:
            self._cache.clear()
            self._edition = self._keys.edition
        self._cache[header or b""] = principal
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


class Claims(msgspec.Struct, frozen=True):
    """The claims that are read here; others are passed over."""

    exp: _Moment
    aud: str | list[str]
    client_id: _Name
    department: _Title
    region: _Name
    nbf: _Moment | None = None
    iss: str | None = None
    scope: str = ""
    person: str | None = None


def read_claims(claims: dict[str, Any]) -> Claims:
    """Return the typed claims, or raise TOKEN_INVALID."""
    try:
        return msgspec.convert(claims, Claims)
    except msgspec.ValidationError:
        raise RequestError(TOKEN_INVALID, "A claim is missing or of the wrong type.") from None


def check_claims(claims: Claims, audience: str, issuer: str | None, now: float, leeway: float) -> None:
    """Check for whom, by whom and for when the token was issued."""
    if audience != claims.aud and (isinstance(claims.aud, str) or audience not in claims.aud):
        raise RequestError(TOKEN_INVALID, "It names another audience.")
    if issuer is not None and claims.iss != issuer:
        raise RequestError(TOKEN_INVALID, "It names another issuer.")
    # Asked so that a clock which gives no number lets nothing through.
    if not now < claims.exp + leeway:
        raise RequestError(TOKEN_EXPIRED)
    if claims.nbf is not None and not now + leeway >= claims.nbf:
        raise RequestError(TOKEN_NOT_YET_VALID)


def principal_of(claims: Claims, leeway: float) -> Principal:
    """Return the caller that checked claims name."""
    return Principal(
        client=claims.client_id,
        department=claims.department,
        region=claims.region,
        purposes=_purposes(claims.scope),
        subject=_person(claims.person),
        expires_at=claims.exp + leeway,
    )


def _purposes(scope: str) -> frozenset[str]:
    """Return the purposes among the scopes; an entry that is no purpose grants nothing."""
    names = (
        entry.removeprefix(_PURPOSE_PREFIX) for entry in scope.split(" ") if entry.startswith(_PURPOSE_PREFIX)
    )
    return frozenset(name for name in names if _PURPOSE.fullmatch(name))


def _person(number: str | None) -> str | None:
    if number is None:
        return None
    try:
        return parse_person_number(number)
    except IdentifierError:
        raise RequestError(TOKEN_INVALID, "Its person is not a valid identity number.") from None

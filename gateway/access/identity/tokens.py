"""Bearer tokens: verified once, remembered until they expire.

Accepted are JSON Web Tokens in compact form signed with ES256, EdDSA over Ed25519, RS256 or PS256. The claim `iss`
chooses the issuer, and `kid` one of the keys of that issuer alone. The key, not the token, decides on the algorithm.
joserfc's `decode` checks no claim: `gateway.access.identity.claims` does.
"""

import re
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
from cachetools import LRUCache
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

from gateway.access.identity.claims import FindClient, check_claims, principal_of, read_claims
from gateway.access.identity.keys import MAXIMUM_AGE, Keys
from gateway.errors import TOKEN_INVALID, TOKEN_MISSING, RequestError
from gateway.jwks import TOKEN_REGISTRY
from gateway.principal import Principal
from gateway.settings import ClaimSettings
from observability.events import CacheLooked
from observability.hooks import Hooks

MAXIMUM_BYTES: Final = 8 * 1024
CACHE_SIZE: Final = 10_000

_COMPACT: Final = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_SCHEME: Final = b"bearer "
_TYPES: Final = frozenset({"jwt", "application/jwt", "at+jwt", "application/at+jwt"})
_HIT: Final = CacheLooked("token", hit=True)
_MISS: Final = CacheLooked("token", hit=False)


class TrustedIssuer(msgspec.Struct, frozen=True, eq=False):
    """An issuer whose tokens are accepted: its keys, its audience, the names of its claims."""

    keys: Keys
    audience: str = "creditgraph"
    name: str | None = None
    """What the claim `iss` must hold; None accepts any and is for the only issuer there is."""
    claims: ClaimSettings = ClaimSettings()
    clients: frozenset[str] | None = None
    """The clients that it may name; None where it may name every client."""
    label: str = "default"
    """Its name in the settings, for the metrics."""


class _Header(msgspec.Struct, frozen=True):
    """The header parameters that are read. Unknown ones are ignored (RFC 7515 section 4)."""

    alg: str
    kid: str
    typ: str = "JWT"


class _Refused(msgspec.Struct, frozen=True):
    """Header parameters that bring a key along, or change how the token is to be read: no value is accepted."""

    crit: Any = msgspec.UNSET
    jwk: Any = msgspec.UNSET
    jku: Any = msgspec.UNSET
    x5u: Any = msgspec.UNSET
    x5c: Any = msgspec.UNSET
    b64: Any = msgspec.UNSET


class _Issuer(msgspec.Struct, frozen=True):
    iss: Any = None


class _Remembered(msgspec.Struct, frozen=True):
    """A verified caller, and the edition of the keys under which it was verified."""

    principal: Principal
    keys: Keys
    edition: int


_decode_header = msgspec.json.Decoder(_Header).decode
_decode_refused = msgspec.json.Decoder(_Refused).decode
_decode_issuer = msgspec.json.Decoder(_Issuer).decode
_UNREADABLE: Final = (msgspec.MsgspecError, ValueError, RecursionError)


def _no_client(_name: str) -> None:
    """Find no client."""


class Authenticator:
    """Turns the value of an Authorization header into a Principal.

    Ask `cached` first, which costs less than a microsecond, then `authenticate`. Only successes are remembered, by
    the whole header. The least recently used are forgotten first, and those of an issuer when one of its keys is
    withdrawn.
    """

    def __init__(
        self,
        issuers: Sequence[TrustedIssuer],
        hooks: Hooks,
        clock: Callable[[], float] = time.time,
        leeway: float = 0.0,
        cache_size: int = CACHE_SIZE,
        find_client: FindClient = _no_client,
    ) -> None:
        self._issuers = {each.name: each for each in issuers}
        self._only = issuers[0] if len(issuers) == 1 else None
        self._emit = hooks.emitters[CacheLooked]
        self._clock = clock
        self._leeway = leeway
        self._cache: LRUCache[bytes, _Remembered] = LRUCache(cache_size)
        self._find_client = find_client

    def cached(self, header: bytes) -> Principal | None:
        """Return the caller of a header that was verified before and has not expired."""
        found = self._cache.get(header)
        if found is None:
            self._emit(_MISS)
            return None
        keys, principal = found.keys, found.principal
        if found.edition != keys.edition or not self._clock() < principal.expires_at:
            self._emit(_MISS)
            return None
        if keys.clock() >= keys.renewed_at + MAXIMUM_AGE:
            keys.renew_if_old()
        self._emit(_HIT)
        return principal

    async def authenticate(self, header: bytes | None) -> Principal:
        """Verify the header's token and remember it; RequestError with one of the TOKEN_ codes."""
        token = _bearer(header)
        issuer = self._issuer_of(token)
        decoded = await _verified(token, issuer.keys)
        edition = issuer.keys.edition
        claims = read_claims(decoded, issuer.claims)
        check_claims(claims, issuer.audience, issuer.name, self._clock(), self._leeway)
        if issuer.clients is not None and claims.client not in issuer.clients:
            raise RequestError(TOKEN_INVALID, f"Its issuer may not name this {issuer.claims.client}.")
        principal = principal_of(claims, issuer.claims, self._leeway, self._find_client)
        self._cache[header or b""] = _Remembered(principal, issuer.keys, edition)
        return principal

    def _issuer_of(self, token: bytes) -> TrustedIssuer:
        """Return the issuer whose keys must have signed the token. Its `iss` is checked again once it is verified."""
        if self._only is not None:
            return self._only
        found = self._issuers.get(_read_issuer(token)) or self._issuers.get(None)
        if found is None:
            raise RequestError(TOKEN_INVALID, "It names another issuer: see the claim iss.")
        return found


async def _verified(token: bytes, keys: Keys) -> dict[str, Any]:
    """Return the claims of a token whose signature one of the keys made."""
    header = _header(token)
    key = await keys.find(header.kid, header.alg)
    if key is None:
        raise RequestError(TOKEN_INVALID, "It is signed with a key that is not published.")
    try:
        return jwt.decode(token, key.key, registry=TOKEN_REGISTRY).claims
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
        raw = urlsafe_b64decode(token.partition(b".")[0])
        header, refused = _decode_header(raw), _decode_refused(raw)
    except _UNREADABLE:
        raise RequestError(
            TOKEN_INVALID, "Its header does not hold alg and kid, and typ where it is there, as texts."
        ) from None
    present = [name for name in _Refused.__struct_fields__ if getattr(refused, name) is not msgspec.UNSET]
    if present:
        raise RequestError(TOKEN_INVALID, f"Its header holds {', '.join(present)}, which no token may have.")
    if header.typ.lower() not in _TYPES:
        raise RequestError(TOKEN_INVALID, "It is a token of another type.")
    return header


def _read_issuer(token: bytes) -> str | None:
    """Return the claim `iss` of a token that is not verified yet: it only chooses the keys that must verify it."""
    try:
        issuer = _decode_issuer(urlsafe_b64decode(token.split(b".")[1])).iss
    except _UNREADABLE:
        return None
    return issuer if isinstance(issuer, str) else None

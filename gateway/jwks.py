"""The public keys of a JSON Web Key Set (RFC 7517) that may sign tokens here: Ed25519 and P-256.

Of every entry only the public members are read. An entry of another kind is passed over, as RFC 7517
section 5 asks; a set that holds a private key, or two keys under one name, is refused as a whole.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey
from joserfc.jws import JWSRegistry

VerifyingKey: TypeAlias = ECKey | OKPKey

_ALGORITHM_OF: Final = {("OKP", "Ed25519"): "EdDSA", ("EC", "P-256"): "ES256"}


_OCTETS: Final = 32
_FIELD: Final = {"EC": 2**256 - 2**224 + 2**192 + 2**96 - 1, "OKP": 2**256}
"""What a coordinate stays below: the field of P-256 (FIPS 186-5), and 32 octets."""


class KeysError(ValueError):
    """A key set cannot be used; the text names the rule and holds nothing of the set."""


def _registry() -> JWSRegistry:
    """Return a registry without any other algorithm: `none`, HMAC and RSA are not even known to it.

    EdDSA is bound to Ed25519, the name that RFC 9864 gave it, because that one checks the key's curve.
    """
    known = JWSRegistry.algorithms
    registry = JWSRegistry(algorithms=["ES256", "EdDSA", "Ed25519"])
    registry.algorithms = {"ES256": known["ES256"], "EdDSA": known["Ed25519"], "Ed25519": known["Ed25519"]}
    return registry


REGISTRY: Final = _registry()


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that verifies tokens which name it by `kid` and sign with `algorithm`."""

    kid: str
    algorithm: str
    thumbprint: str
    """RFC 7638, SHA-256."""
    key: VerifyingKey


class _Entry(msgspec.Struct, frozen=True):
    kty: str
    crv: str = ""
    x: str = ""
    y: str | None = None
    d: str | None = None
    kid: str | None = None
    alg: str | None = None
    use: str = "sig"
    key_ops: tuple[str, ...] = ("verify",)


class _KeySet(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


def parse_jwks(raw: bytes) -> tuple[PublicKey, ...]:
    """Return the usable keys of a JWKS; KeysError where it holds none, or holds what it must not."""
    try:
        entries = msgspec.json.decode(raw, type=_KeySet).keys
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise KeysError("it is not a JSON Web Key Set") from None
    found = [key for key in map(_usable, entries) if key is not None]
    if not found:
        raise KeysError("it holds no Ed25519 and no P-256 key for signatures")
    if len({(key.kid, key.algorithm) for key in found}) < len(found):
        raise KeysError("two of its keys bear the same kid")
    return tuple(found)


def _usable(data: dict[str, Any]) -> PublicKey | None:
    """Return the key of an entry, or None where it is of a kind that is not used here."""
    try:
        entry = msgspec.convert(data, _Entry)
    except msgspec.ValidationError:
        return None
    algorithm = _ALGORITHM_OF.get((entry.kty, entry.crv))
    if algorithm is None or not _may_verify(entry, algorithm):
        return None
    if entry.d is not None:
        raise KeysError("it holds a private key; publish the public part only")
    return _import(entry, algorithm)


def _may_verify(entry: _Entry, algorithm: str) -> bool:
    named = {algorithm, entry.crv} if entry.kty == "OKP" else {algorithm}
    return entry.use == "sig" and "verify" in entry.key_ops and (entry.alg is None or entry.alg in named)


def _import(entry: _Entry, algorithm: str) -> PublicKey:
    coordinates = (entry.x, entry.y or "") if entry.kty == "EC" else (entry.x,)
    if not all(_is_canonical(each, _FIELD[entry.kty]) for each in coordinates):
        raise KeysError("a coordinate of one of its keys is not written as RFC 7518 has it")
    members: dict[str, str | list[str]] = {"kty": entry.kty, "crv": entry.crv, "x": entry.x}
    try:
        if entry.kty == "EC":
            key: VerifyingKey = ECKey.import_key({**members, "y": entry.y or ""})
        else:
            key = OKPKey.import_key(members)
    except (JoseError, ValueError, TypeError):
        raise KeysError("one of its keys is damaged") from None
    thumbprint = key.thumbprint()
    return PublicKey(entry.kid or thumbprint, algorithm, thumbprint, key)


def _is_canonical(coordinate: str, below: int) -> bool:
    """Whether a coordinate is written in the one way there is (RFC 7518 section 6.2.1.2).

    A thumbprint is of what is written: a number in two ways would be two keys, of two persons.
    """
    try:
        octets = urlsafe_b64decode(coordinate + "=")
    except ValueError:
        return False
    written = urlsafe_b64encode(octets).decode().rstrip("=")
    return len(octets) == _OCTETS and written == coordinate and int.from_bytes(octets) < below


def key_of_seed(seed: bytes) -> OKPKey:
    """Return the private Ed25519 key of a seed (RFC 8032): keys that are no secret are made of a published one."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    x, d = (urlsafe_b64encode(each).decode().rstrip("=") for each in (public, seed))
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x, "d": d})

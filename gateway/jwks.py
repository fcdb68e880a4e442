"""The public keys of a JSON Web Key Set (RFC 7517) that may sign here: Ed25519 and P-256, and RSA for tokens.

A key has one algorithm. That of an RSA key is what its entry names, or RS256 if it names none. Of every entry only the
public members are read. An entry of another kind is passed over, as RFC 7517 section 5 asks; a set that holds a private
key, or two keys under one name and algorithm, is refused as a whole.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

VerifyingKey: TypeAlias = ECKey | OKPKey | RSAKey

_ALGORITHM_OF: Final = {("OKP", "Ed25519"): "EdDSA", ("EC", "P-256"): "ES256"}
_RSA_ALGORITHMS: Final = frozenset({"RS256", "PS256"})
_RSA_BITS: Final = range(2_048, 8_192 + 1)
"""Shorter keys are too weak (NIST SP 800-131A); a signature of a longer one takes long to verify."""
_LEAST_EXPONENT: Final = 65_537
"""Of an RSA key (FIPS 186-5, appendix A.1.1)."""

_OCTETS: Final = 32
_FIELD: Final = {"EC": 2**256 - 2**224 + 2**192 + 2**96 - 1, "OKP": 2**256}
"""What a coordinate stays below: the field of P-256 (FIPS 186-5), and 32 octets."""


class KeysError(ValueError):
    """A key set cannot be used; the text names the rule and holds nothing of the set."""


def _registry() -> JWSRegistry:
    """Return a registry of ES256 and EdDSA alone: it does not know `none`, HMAC and RSA.

    EdDSA is bound to Ed25519, the name that RFC 9864 gave it, because that one checks the key's curve.
    """
    known = JWSRegistry.algorithms
    registry = JWSRegistry(algorithms=["ES256", "EdDSA", "Ed25519"])
    registry.algorithms = {"ES256": known["ES256"], "EdDSA": known["Ed25519"], "Ed25519": known["Ed25519"]}
    return registry


REGISTRY: Final = _registry()
"""For approvals and the demo's tokens."""


def _token_registry() -> JWSRegistry:
    """Return the registry of issuers' tokens: two algorithms of RSA as well, and unknown header members are ignored."""
    algorithms = {**REGISTRY.algorithms, **{name: JWSRegistry.algorithms[name] for name in _RSA_ALGORITHMS}}
    registry = JWSRegistry(algorithms=list(algorithms), strict_check_header=False)
    registry.algorithms = algorithms
    registry.header_registry = {
        name: registry.header_registry[name] for name in ("alg", "kid", "typ", "crit")
    }
    registry.max_header_length = 8 * 1024
    return registry


TOKEN_REGISTRY: Final = _token_registry()


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
    n: str = ""
    e: str = ""
    kid: str | None = None
    alg: str | None = None
    use: str = "sig"
    key_ops: tuple[str, ...] = ("verify",)


class _KeySet(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


def parse_jwks(raw: bytes, *, rsa: bool = False) -> tuple[PublicKey, ...]:
    """Return the usable keys of a JWKS, of RSA too where `rsa` allows it.

    Raises KeysError for a set that holds none, or holds what it must not.
    """
    try:
        entries = msgspec.json.decode(raw, type=_KeySet).keys
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise KeysError("it is not a JSON Web Key Set") from None
    found = [key for key in (_usable(each, rsa=rsa) for each in entries) if key is not None]
    if not found:
        also = f", and no RSA key of {_RSA_BITS[0]} to {_RSA_BITS[-1]} bits," if rsa else ""
        raise KeysError(f"it holds no Ed25519 and no P-256 key{also} for signatures")
    if len({(key.kid, key.algorithm) for key in found}) < len(found):
        raise KeysError("two of its keys bear the same kid and algorithm")
    return tuple(found)


def _usable(data: dict[str, Any], *, rsa: bool) -> PublicKey | None:
    """Return the key of an entry, or None where it is of a kind that is not used here."""
    if data.get("d") is not None:  # of any kind: what is published once is no secret any more
        raise KeysError("it holds a private key; publish the public part only")
    try:
        entry = msgspec.convert(data, _Entry)
    except msgspec.ValidationError:
        return None
    algorithm = _ALGORITHM_OF.get((entry.kty, entry.crv))
    if rsa and entry.kty == "RSA":
        algorithm = _rsa_algorithm(entry)
    if algorithm is None or not _may_verify(entry, algorithm):
        return None
    key = _import_rsa(entry) if entry.kty == "RSA" else _import_curve(entry)
    if key is None:
        return None
    thumbprint = key.thumbprint()
    return PublicKey(entry.kid or thumbprint, algorithm, thumbprint, key)


def _rsa_algorithm(entry: _Entry) -> str | None:
    """Return the one algorithm of an RSA key: the token does not choose between the two paddings."""
    if entry.alg is None:
        return "RS256"
    return entry.alg if entry.alg in _RSA_ALGORITHMS else None


def _may_verify(entry: _Entry, algorithm: str) -> bool:
    named = {algorithm, entry.crv} if entry.kty == "OKP" else {algorithm}
    return entry.use == "sig" and "verify" in entry.key_ops and (entry.alg is None or entry.alg in named)


def _import_curve(entry: _Entry) -> ECKey | OKPKey:
    coordinates = (entry.x, entry.y or "") if entry.kty == "EC" else (entry.x,)
    if not all(_is_canonical(each, _FIELD[entry.kty]) for each in coordinates):
        raise KeysError("a coordinate of one of its keys is not written as RFC 7518 has it")
    members: dict[str, str | list[str]] = {"kty": entry.kty, "crv": entry.crv, "x": entry.x}
    try:
        if entry.kty == "EC":
            return ECKey.import_key({**members, "y": entry.y or ""})
        return OKPKey.import_key(members)
    except (JoseError, ValueError, TypeError):
        raise KeysError("one of its keys is damaged") from None


def _import_rsa(entry: _Entry) -> RSAKey | None:
    """Return the key, or None where its length or its exponent makes it too weak or too slow."""
    modulus, exponent = _number(entry.n), _number(entry.e)
    if modulus is None or exponent is None:
        raise KeysError("a number of one of its RSA keys is not written as RFC 7518 has it")
    if modulus.bit_length() not in _RSA_BITS or exponent < _LEAST_EXPONENT:
        return None
    try:
        return RSAKey.import_key({"kty": "RSA", "n": entry.n, "e": entry.e})
    except (JoseError, ValueError, TypeError):
        raise KeysError("one of its keys is damaged") from None


def _number(written: str) -> int | None:
    """Return a number in the one way of writing it (RFC 7518 section 2), or None where it is written otherwise."""
    try:
        octets = urlsafe_b64decode(written + "=" * (-len(written) % 4))
    except ValueError:
        return None
    canonical = urlsafe_b64encode(octets).decode().rstrip("=") == written and octets[:1] not in (b"", b"\0")
    return int.from_bytes(octets) if canonical else None


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

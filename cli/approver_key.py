"""An approver's private key as its holder keeps it: a PEM file, best with a password."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import typer
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from joserfc.jwk import ECKey, OKPKey

from gateway.errors import StartRefused
from gateway.jwks import VerifyingKey

_KINDS: Final = "an Ed25519 or P-256 private key in PEM"


def read_private_key(file: Path) -> VerifyingKey:
    """Return the key of a PEM file, asking for its password where it has one; StartRefused for another."""
    try:
        raw = file.read_bytes()
        try:
            key = load_pem_private_key(raw, None)
        except TypeError:  # this is how cryptography says that there is a password
            key = load_pem_private_key(raw, typer.prompt("Password", hide_input=True, err=True).encode())
    except OSError as error:
        raise StartRefused(f"{file} cannot be read ({type(error).__name__}): name {_KINDS}.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise StartRefused(
            f"{file} cannot be read as {_KINDS}: it is another file, or the password another one."
        ) from None
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    if isinstance(key, Ed25519PrivateKey):
        return OKPKey.import_key(plain)
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return ECKey.import_key(plain)
    raise StartRefused(f"{file} is not {_KINDS}.")

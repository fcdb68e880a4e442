"""The key of an approver on the command line: its public half is published, and nothing of the private one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from typer.testing import CliRunner

from cli import app
from gateway.errors import StartRefused
from gateway.jwks import parse_jwks


def pem(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey, password: bytes | None = None) -> bytes:
    """A private key as its file holds it."""
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def test_a_key_is_published_by_its_public_half(tmp_path: Path):
    """`approver` prints an entry that a key set can hold, for Ed25519 and P-256, behind a password or not."""
    for key in (ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())):
        for password in (None, b"open"):
            file = tmp_path / "key.pem"
            file.write_bytes(pem(key, password))
            done = CliRunner().invoke(app, ("operations", "approver", str(file)), input="open\n")
            assert done.exit_code == 0
            entry = json.loads(done.stdout)
            assert "d" not in entry
            assert len(parse_jwks(json.dumps({"keys": [entry]}).encode())) == 1


@pytest.mark.parametrize("kind", ["none", "no PEM", "another curve", "another password"])
def test_a_key_that_cannot_be_used(tmp_path: Path, kind: str):
    """A file that is no key, or a key of another kind, is named and nothing of it is shown."""
    file = tmp_path / "key.pem"
    if kind == "no PEM":
        file.write_text("geheim")
    elif kind == "another curve":
        file.write_bytes(pem(ec.generate_private_key(ec.SECP384R1())))
    elif kind == "another password":
        file.write_bytes(pem(ed25519.Ed25519PrivateKey.generate(), b"open"))
    result = CliRunner().invoke(app, ("operations", "approver", str(file)), input="geheim\n")
    assert isinstance(result.exception, StartRefused)
    assert "an Ed25519 or P-256 private key in PEM" in str(result.exception)
    assert "geheim" not in str(result.exception)

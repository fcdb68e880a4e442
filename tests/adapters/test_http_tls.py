"""A bureau over HTTPS whose certificate is not valid, or that speaks no TLS."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from adapters.bureau_errors import BureauRefused, BureauUnavailable
from adapters.http.http_source import HttpSource
from adapters.source import SourceAddress
from tests.support.bureau_samples import ask, soon


@pytest.fixture
def own_certificate(tmp_path: Path) -> ssl.SSLContext:
    """A server's context with a certificate that it signed itself."""
    key, now = generate_private_key(SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = tmp_path / "server.pem"
    file.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def test_a_certificate_that_is_not_valid_is_named(own_certificate: ssl.SSLContext) -> None:
    """An HTTP bureau whose certificate nobody vouches for is told from one that is down, and is not asked again at once."""
    accepted = 0

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal accepted
        accepted += 1
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=own_certificate)
    async with server:
        port = server.sockets[0].getsockname()[1]
        source = HttpSource("tax", SourceAddress(url=f"https://localhost:{port}", secret="s"))
        with pytest.raises(BureauRefused) as caught:
            await source.fetch(ask(), ["one"], soon())
        await source.close()
    assert caught.value.reason == "the bureau's certificate is not valid"
    assert caught.value.__context__ is None
    assert accepted <= 1


async def test_a_service_without_tls_is_told_from_one_that_is_down() -> None:
    """An https address at which a service speaks plain HTTP has no TLS connection; where nobody listens there is none."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    reasons: list[str] = []
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        for address in (f"https://127.0.0.1:{port}", "https://127.0.0.1:1"):
            source = HttpSource("tax", SourceAddress(url=address, secret="s"))
            with pytest.raises(BureauUnavailable) as caught:
                await source.fetch(ask(), ["one"], soon())
            reasons.append(caught.value.reason)
            await source.close()
    assert reasons == ["no TLS connection", "no connection"]

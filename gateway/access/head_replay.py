"""Writes the head of a request once more, for a parser that shall read it in another way."""

from collections.abc import Iterable


def head_without_upgrade(
    method: bytes, address: bytes, version: str, headers: Iterable[tuple[bytes, bytes]]
) -> bytes:
    """Return the head of a request without its offer to speak another protocol; names of headers are in lower case."""
    lines = [b"%s %s HTTP/%s" % (method, address, version.encode())]
    for name, value in headers:
        if name == b"connection":
            others = [each for each in value.split(b",") if each.strip().lower() != b"upgrade"]
            lines.append(b"connection: " + b",".join(others))
        elif name != b"upgrade":
            lines.append(b"%s: %s" % (name, value))
    return b"\r\n".join([*lines, b"", b""])

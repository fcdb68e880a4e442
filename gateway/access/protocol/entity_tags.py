"""Entity tags (RFC 9110 section 8.8.3): a client that names the tag of what it has need not get it again."""

import hashlib
from collections.abc import Iterable


def tag_of(body: bytes) -> bytes:
    """Return the strong tag of a body."""
    return b'"%s"' % hashlib.sha256(body).hexdigest()[:32].encode()


def is_held(tag: bytes, named: Iterable[bytes]) -> bool:
    """Whether the values of If-None-Match name the tag, or any."""
    given = {part.strip().removeprefix(b"W/") for value in named for part in value.split(b",")}
    return tag in given or b"*" in given

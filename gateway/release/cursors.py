"""Cursors: a place in a list, sealed so that it tells nothing and fits nowhere else.

AES-SIV (RFC 5297) with a key of 512 bits. What is sealed is the number of a record in its list; the list, its
filter and order, the subject that the request names and the purpose are bound to it and stand nowhere in the token, which is of one
length always. One place has one token, so equal lists stay equal byte by byte.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from adapters.source import Key
from resolvers.fetch.reading import CursorRefused

REACHED: Final = ""
"""Stands for every subject that is reached through another: a cursor of its list would else tell whether it
is the one whose identifier a caller guesses.
"""
_KEY_BITS: Final = 512
_BYTES: Final = 4
"""Of the number that is sealed."""


@dataclass(frozen=True, slots=True)
class List:
    """What a cursor is bound to. `coordinate` names the list, `chosen_by` has filter and order in one form."""

    purpose: str
    coordinate: str
    chosen_by: bytes
    subject: Key

    @property
    def associated(self) -> list[bytes]:
        """The parts, each authenticated by itself."""
        return [self.purpose.encode(), self.coordinate.encode(), self.chosen_by, self.subject.encode()]


class Cursors:
    """Seals and opens cursors under one key: that of a secret, or one that lives as long as the process."""

    def __init__(self, secret: str | None = None) -> None:
        """Take a secret where several processes must understand each other's cursors."""
        key = AESSIV.generate_key(_KEY_BITS) if secret is None else _derived(secret)
        self._cipher = AESSIV(key)

    def seal(self, of: List, number: int) -> str:
        """Return the cursor behind the record with this number, which counts from 1."""
        sealed = self._cipher.encrypt(number.to_bytes(_BYTES), of.associated)
        return urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, of: List, cursor: str) -> int:
        """Return how many records stand before what the cursor asks for, or raise CursorRefused."""
        try:
            sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            number = int.from_bytes(self._cipher.decrypt(sealed, of.associated))
        except (InvalidTag, ValueError):
            raise CursorRefused from None
        if self.seal(of, number) != cursor:  # base64 has several ways to write what we write in one
            raise CursorRefused
        return number


def _derived(secret: str) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=_KEY_BITS // 8, person=b"cursors").digest()

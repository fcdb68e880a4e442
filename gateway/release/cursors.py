"""Cursors of lists: encrypted numbers of records that are valid for one list, subject and purpose only.

A cursor encrypts the number of a record by AES-SIV (RFC 5297) with a key of 512 bits. The number is made of the values
that order the list (`resolvers.fetch.list_views.with_numbers`), and not of the record's position: other records may
come and go. The list, filter, order, subject and purpose are authenticated as associated data but not contained. All
cursors have the same length. A record has always the same cursor, so equal answers are equal byte by byte.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from adapters.source import Key
from resolvers.fetch.list_views import NUMBER_BYTES
from resolvers.fetch.reading import CursorRefused

REACHED: Final = ""
"""Replaces the key of a subject reached through another one.

Otherwise a caller could test a guessed identifier against a cursor.
"""
_KEY_BITS: Final = 512


@dataclass(frozen=True, slots=True)
class List:
    """The list of a cursor: `coordinate` names it, `chosen_by` is the normal form of its filter and order."""

    purpose: str
    coordinate: str
    chosen_by: bytes
    subject: Key

    @property
    def associated(self) -> list[bytes]:
        """The associated data; AES-SIV authenticates each part by itself."""
        return [self.purpose.encode(), self.coordinate.encode(), self.chosen_by, self.subject.encode()]


class Cursors:
    """Encrypts and decrypts cursors by one key."""

    def __init__(self, secret: str | None = None) -> None:
        """Derive the key from `secret`, which several processes can share, or draw a key for this process."""
        if secret is None:
            key = AESSIV.generate_key(_KEY_BITS)
        else:
            key = hashlib.blake2b(secret.encode(), digest_size=_KEY_BITS // 8, person=b"cursors").digest()
        self._cipher = AESSIV(key)

    def seal(self, of: List, number: int) -> str:
        """Return the cursor after the record with this number."""
        sealed = self._cipher.encrypt(number.to_bytes(NUMBER_BYTES), of.associated)
        return urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, of: List, cursor: str) -> int:
        """Return the number of the record before the cursor; raises CursorRefused for a cursor of another list."""
        try:
            sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            number = int.from_bytes(self._cipher.decrypt(sealed, of.associated))
        except (InvalidTag, ValueError):
            raise CursorRefused from None
        # Several texts of base64 decode to the same bytes; we issue one of them.
        if self.seal(of, number) != cursor:
            raise CursorRefused
        return number

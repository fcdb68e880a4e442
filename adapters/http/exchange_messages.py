"""The messages of HTTP bureaus: signed requests, and answers decoded into typed rows.

Requests follow the provincial exchange platform, but the signature covers the whole request. The platform signs
only requester, service and time, so an attacker can replay a captured header with another body. Here the
signature is Base64(HMAC-SHA256(secret, canonical string)). The canonical string is these lines, joined by one
line feed and encoded as UTF-8::

    method                   POST
    path                     /v1/licence, as sent, without the query string
    hash of the body         SHA-256 in lower-case hexadecimal; without a body, of no bytes
    gjgxjhpt_rid             the requester
    gjgxjhpt_sid             the service: the name of the dataset, or "mark" or "ready"
    gjgxjhpt_rtime           milliseconds since 1970 in UTC
    gjgxjhpt_nonce           32 hexadecimal digits, never used twice
    gjgxjhpt_purpose         the purpose tag

No part may contain a line feed; otherwise two requests could have one canonical string.

The bureau signs its answers with the same secret, in the same header. Otherwise somebody on the way could replace
an answer, and an empty one erases records. The canonical string of an answer is these lines::

    ANSWER
    status                   200
    hash of the body         as above, of the body without its content coding
    gjgxjhpt_sid             the service of the request
    gjgxjhpt_nonce           the nonce of the request, so that no other request's answer fits

The declaration of a data set determines its decoder. A decoder reads a whole batch at once. Only if that
fails, it reads row by row, so that it counts the broken rows and keeps the others.
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final, Self, TypeVar

import msgspec

from adapters.bureau_errors import ContractBroken
from adapters.source import Batch, Key
from adapters.validation import Checker
from catalogue.declarations import Dataset, Kind

REQUESTER: Final = "gjgxjhpt_rid"
SERVICE: Final = "gjgxjhpt_sid"
TIME: Final = "gjgxjhpt_rtime"
NONCE: Final = "gjgxjhpt_nonce"
PURPOSE: Final = "gjgxjhpt_purpose"
SIGNATURE: Final = "gjgxjhpt_sign"
HEADERS: Final = (REQUESTER, SERVICE, TIME, NONCE, PURPOSE, SIGNATURE)
_TYPES: Final[dict[Kind, Any]] = {
    Kind.TEXT: str,
    Kind.INTEGER: Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)],
    Kind.FEN: Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)],
    Kind.DATE: date,
    Kind.BOOLEAN: bool,
}


UNREADABLE: Final = (ValueError, RecursionError)
"""The errors that msgspec raises for bytes: its own errors, invalid UTF-8 and too deep nesting."""

T = TypeVar("T")


class SignedRequest(msgspec.Struct, frozen=True):
    """The parts of a request that the signature covers."""

    method: str
    path: str
    body: bytes
    requester: str
    service: str
    time: str
    nonce: str
    purpose: str

    @classmethod
    def now(cls, method: str, path: str, body: bytes, *, requester: str, service: str, purpose: str) -> Self:
        """Make a request with the current time and a new nonce."""
        moment = str(time.time_ns() // 1_000_000)
        return cls(method, path, body, requester, service, moment, secrets.token_hex(16), purpose)

    def canonical(self) -> bytes:
        """Return the bytes to sign; raises ValueError for a part with a line feed."""
        return _canonical(self._parts())

    def signature(self, secret: str) -> str:
        """Return the value of the header gjgxjhpt_sign."""
        return _sign(secret, self._parts())

    def is_signed_by(self, secret: str, signature: str) -> bool:
        """Whether `signature` is the right one; the comparison takes constant time."""
        return hmac.compare_digest(self.signature(secret).encode(), signature.encode())

    def headers(self, secret: str) -> Mapping[str, str]:
        """Return the headers of the request."""
        return dict(zip(HEADERS, (*self._header_values(), self.signature(secret)), strict=True))

    def _parts(self) -> tuple[str, ...]:
        digest = hashlib.sha256(self.body).hexdigest()
        return self.method, self.path, digest, *self._header_values()

    def _header_values(self) -> tuple[str, str, str, str, str]:
        return self.requester, self.service, self.time, self.nonce, self.purpose


class SignedAnswer(msgspec.Struct, frozen=True):
    """The parts of an answer that its signature covers; `service` and `nonce` are those of the request."""

    status: int
    body: bytes
    service: str
    nonce: str

    def signature(self, secret: str) -> str:
        """Return the value of the header gjgxjhpt_sign; raises ValueError for a part with a line feed."""
        digest = hashlib.sha256(self.body).hexdigest()
        return _sign(secret, ("ANSWER", str(self.status), digest, self.service, self.nonce))

    def is_signed_by(self, secret: str, signature: str) -> bool:
        """Whether `signature` is the right one; the comparison takes constant time."""
        return hmac.compare_digest(self.signature(secret).encode(), signature.encode())


def _sign(secret: str, parts: Sequence[str]) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), _canonical(parts), "sha256")).decode()


def _canonical(parts: Sequence[str]) -> bytes:
    text = "\n".join(parts)
    if text.count("\n") != len(parts) - 1:
        raise ValueError("a part of a signed message holds a line feed")
    return text.encode()


class _RawAnswer(msgspec.Struct):
    rows: list[msgspec.Raw]


_RAW_ANSWER: Final = msgspec.json.Decoder(_RawAnswer)
_RAW_ROW: Final = msgspec.json.Decoder(list[msgspec.Raw])


class RowDecoder:
    """Decodes and checks `{"rows": [[key, column, …], …]}` for one data set and one choice of columns."""

    def __init__(
        self, bureau: str, dataset: Dataset, columns: Sequence[str], checker: Checker | None = None
    ) -> None:
        """Make the decoder; `checker` checks what the data set's own checker does, or more."""
        self.columns = tuple(columns)
        self._checker = checker or Checker(bureau, dataset, columns)
        self._bureau = bureau
        self._dataset = dataset.name
        declared = [dataset.by_name[name] for name in columns]
        self._faults = ("", *(f"{column.name}: not {column.kind.value}" for column in declared))
        # The decoder accepts null everywhere; the checker refuses it where it is not declared, as for every source.
        types = [str, *(_TYPES[column.kind] | None for column in declared)]
        row: Any = tuple.__class_getitem__(tuple(types))
        answer: Any = msgspec.defstruct("Answer", [("rows", list[row])])
        self._answer: msgspec.json.Decoder[Any] = msgspec.json.Decoder(answer)
        self._cells = [msgspec.json.Decoder(kind) for kind in types]

    def decode(self, body: bytes, requested: Sequence[Key]) -> Batch:
        """Decode an answer; raises ContractBroken for a body of another form and for a row without a requested key."""
        answer = decode_or_none(self._answer, body)
        if answer is None:
            return self._decode_rows(body, requested)
        return self._checker.check(requested, answer.rows)

    def _decode_rows(self, body: bytes, requested: Sequence[Key]) -> Batch:
        raw = decode_or_none(_RAW_ANSWER, body)
        if raw is None:
            raise ContractBroken(self._bureau, self._dataset, "the answer is not of the agreed form")
        rows: list[list[Any]] = []
        unread: dict[Key, ContractBroken] = {}
        for row in raw.rows:
            values, reason = self._decode_row(row)
            if reason is None:
                rows.append(values)
            elif values:
                self._checker.tally(unread, values[0], reason)
            else:
                why = "a row whose key cannot be read"
                raise ContractBroken(self._bureau, self._dataset, why, rows=len(raw.rows))
        return self._checker.check(requested, rows, unread)

    def _decode_row(self, row: msgspec.Raw) -> tuple[list[Any], str | None]:
        """Return the values before the first broken one, and the rule that it breaks."""
        cells = decode_or_none(_RAW_ROW, row) or []
        values: list[Any] = []
        for decoder, cell, fault in zip(self._cells, cells, self._faults, strict=False):
            try:
                values.append(decoder.decode(cell))
            except UNREADABLE:
                return values, fault
        return values, None if len(cells) == len(self._cells) else "the row is of another length"


def decode_or_none(decoder: msgspec.json.Decoder[T], body: bytes | msgspec.Raw) -> T | None:
    """Decode `body`, or return None; the decoder's error is dropped because it quotes the body."""
    try:
        return decoder.decode(body)
    except UNREADABLE:
        return None

"""Decodes the answers of HTTP bureaus into typed rows.

The declaration of a data set determines its decoder. A decoder reads a whole batch at once. Only if that
fails, it reads row by row, so that it counts the broken rows and keeps the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final, TypeVar

import msgspec

from adapters.bureau_errors import ContractBroken
from adapters.source import Batch, Key
from adapters.validation import Checker
from catalogue.declarations import Dataset, Kind

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


class _RawAnswer(msgspec.Struct):
    rows: list[msgspec.Raw]


_RAW_ANSWER: Final = msgspec.json.Decoder(_RawAnswer)
_RAW_ROW: Final = msgspec.json.Decoder(list[msgspec.Raw])


class RowDecoder:
    """Decodes and checks `{"rows": [[key, column, …], …]}` for one data set and one choice of columns."""

    def __init__(self, bureau: str, dataset: Dataset, columns: Sequence[str]) -> None:
        self._checker = Checker(bureau, dataset, columns)
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
            raise ContractBroken(self._bureau, self._dataset, "the answer is not of the agreed form", rows=0)
        rows: list[list[Any]] = []
        unread: dict[Key, ContractBroken] = {}
        for row in raw.rows:
            values, reason = self._decode_row(row)
            if reason is None:
                rows.append(values)
            else:
                self._checker.tally(unread, self._key_of(values, raw.rows), reason)
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

    def _key_of(self, values: list[Any], raw: list[msgspec.Raw]) -> Key:
        if values:
            return values[0]
        raise ContractBroken(self._bureau, self._dataset, "a row whose key cannot be read", rows=len(raw))


def decode_or_none(decoder: msgspec.json.Decoder[T], body: bytes | msgspec.Raw) -> T | None:
    """Decode `body`, or return None; the decoder's error is dropped because it quotes the body."""
    try:
        return decoder.decode(body)
    except UNREADABLE:
        return None

"""Answers of HTTP bureaus as typed rows.

The decoder of a dataset is built from its declaration. A batch is decoded in one go; only where that fails
are its rows decoded one by one, so that the broken ones are counted and the others are kept.
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
"""What msgspec raises over bytes: its own errors, bad UTF-8 and nesting without end."""

T = TypeVar("T")


class _RawAnswer(msgspec.Struct):
    rows: list[msgspec.Raw]


_RAW_ANSWER: Final = msgspec.json.Decoder(_RawAnswer)
_RAW_ROW: Final = msgspec.json.Decoder(list[msgspec.Raw])


class RowDecoder:
    """Decodes and checks `{"rows": [[key, column, …], …]}` for one dataset and one choice of columns."""

    def __init__(self, bureau: str, dataset: Dataset, columns: Sequence[str]) -> None:
        self._checker = Checker(bureau, dataset, columns)
        self._bureau = bureau
        self._dataset = dataset.name
        declared = [dataset.by_name[name] for name in columns]
        self._faults = ("", *(f"{column.name}: not {column.kind.value}" for column in declared))
        # Null is let through here: that a column is never null is the checker's rule, as for every source.
        types = [str, *(_TYPES[column.kind] | None for column in declared)]
        row: Any = tuple.__class_getitem__(tuple(types))
        answer: Any = msgspec.defstruct("Answer", [("rows", list[row])])
        self._answer: msgspec.json.Decoder[Any] = msgspec.json.Decoder(answer)
        self._cells = [msgspec.json.Decoder(kind) for kind in types]

    def decode(self, body: bytes, asked: Sequence[Key]) -> Batch:
        """Raise ContractBroken when the body is no answer at all, or holds a row that is nobody's."""
        answer = read(self._answer, body)
        if answer is None:
            return self._one_by_one(body, asked)
        return self._checker.check(asked, answer.rows)

    def _one_by_one(self, body: bytes, asked: Sequence[Key]) -> Batch:
        raw = read(_RAW_ANSWER, body)
        if raw is None:
            raise ContractBroken(self._bureau, self._dataset, "the answer is not of the agreed form", rows=0)
        rows: list[list[Any]] = []
        unread: dict[Key, ContractBroken] = {}
        for row in raw.rows:
            values, reason = self._row(row)
            if reason is None:
                rows.append(values)
            else:
                self._checker.tally(unread, self._owner(values, raw.rows), reason)
        return self._checker.check(asked, rows, unread)

    def _row(self, row: msgspec.Raw) -> tuple[list[Any], str | None]:
        """The values up to the first one that is broken, and the rule that it breaks."""
        cells = read(_RAW_ROW, row) or []
        values: list[Any] = []
        for decoder, cell, fault in zip(self._cells, cells, self._faults, strict=False):
            try:
                values.append(decoder.decode(cell))
            except UNREADABLE:
                return values, fault
        return values, None if len(cells) == len(self._cells) else "the row is of another length"

    def _owner(self, values: list[Any], raw: list[msgspec.Raw]) -> Key:
        if values:
            return values[0]
        raise ContractBroken(self._bureau, self._dataset, "a row whose key cannot be read", rows=len(raw))


def read(decoder: msgspec.json.Decoder[T], body: bytes | msgspec.Raw) -> T | None:
    """What `body` holds, or None: the decoder's own error quotes the body and goes no further."""
    try:
        return decoder.decode(body)
    except UNREADABLE:
        return None

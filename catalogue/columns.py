"""Columns of a bureau's declaration, one word for each kind: `day("listed_on", "发布日期", "Listed on", ORDERED)`."""

from __future__ import annotations

from typing import Any, Final, Protocol

from catalogue.classification import DataClass, Sensitivity, Use
from catalogue.declarations import Column, Kind


class _MakesColumn(Protocol):
    def __call__(
        self,
        name: str,
        zh: str,
        en: str,
        uses: frozenset[Use] = ...,
        *,
        nullable: bool = ...,
        codes: frozenset[str] = ...,
        data_class: DataClass = ...,
        sensitivity: Sensitivity = ...,
        field: str = ...,
    ) -> Column: ...


def _of(kind: Kind) -> _MakesColumn:
    def column(name: str, zh: str, en: str, uses: frozenset[Use] = frozenset(), **more: Any) -> Column:
        return Column(name, kind, zh, en, uses=uses, **more)

    return column


text: Final = _of(Kind.TEXT)
day: Final = _of(Kind.DATE)
fen: Final = _of(Kind.FEN)
number: Final = _of(Kind.INTEGER)
flag: Final = _of(Kind.BOOLEAN)

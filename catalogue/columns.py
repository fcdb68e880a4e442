"""Columns of a bureau's declaration, one word for each kind: `day("listed_on", "发布日期", "Listed on", ORDERED)`."""

from __future__ import annotations

from functools import partial
from typing import Final

from catalogue.declarations import Column, Kind

text: Final = partial(Column, kind=Kind.TEXT)
day: Final = partial(Column, kind=Kind.DATE)
fen: Final = partial(Column, kind=Kind.FEN)
number: Final = partial(Column, kind=Kind.INTEGER)
flag: Final = partial(Column, kind=Kind.BOOLEAN)

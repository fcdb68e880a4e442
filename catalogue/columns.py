"""Columns of a bureau's declaration, one word for each kind: `day("listed_on", "发布日期", "Listed on", ORDERED)`."""

from functools import partial
from typing import Final

from catalogue.declarations import Column, Kind

text: Final = partial(Column, kind=Kind.TEXT)
day: Final = partial(Column, kind=Kind.DATE)
fen: Final = partial(Column, kind=Kind.FEN)
number: Final = partial(Column, kind=Kind.INTEGER)
flag: Final = partial(Column, kind=Kind.BOOLEAN)

COUNTIES: Final = frozenset(
    map(str, (411500, 411502, 411503, 411521, 411522, 411523, 411524, 411525, 411526, 411527, 411528))
)
"""Division codes of GB/T 2260: the city's own authorities, both districts and the eight counties."""
COUNTY: Final = text("county", "县区代码", "County code, GB/T 2260", codes=COUNTIES)
"""The column of a registered table that is counted by county."""

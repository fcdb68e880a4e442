"""Columns of a bureau's declaration, one word for each kind: `day("listed_on", "发布日期", "Listed on", ORDERED)`."""

from functools import partial
from typing import Final

from catalogue.declarations import Column, Kind
from catalogue.incentives.city_files import DEMO_CITY, city_called

text: Final = partial(Column, kind=Kind.TEXT)
day: Final = partial(Column, kind=Kind.DATE)
fen: Final = partial(Column, kind=Kind.FEN)
number: Final = partial(Column, kind=Kind.INTEGER)
flag: Final = partial(Column, kind=Kind.BOOLEAN)

COUNTIES: Final = city_called(DEMO_CITY).counties
"""Division codes of GB/T 2260 in the demo's city; `adapters.bureaus.bureaus_of` puts those of an installation in their place."""
COUNTY: Final = text("county", "县区代码", "County code, GB/T 2260", codes=COUNTIES)
"""The column of a registered table that is counted by county."""

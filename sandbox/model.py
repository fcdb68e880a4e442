"""A city: a seed and a size, from which everything else follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from catalogue.incentives.city_files import DEMO_CITY, city_called, city_names

REFERENCE: Final = date(2026, 6, 30)
"""The reference date of the city; no row depends on the clock."""
EDITION: Final = "2026-06-30/12"
"""The version of the generator; it rises whenever the same seed would yield other rows."""
SEED: Final = 4115
"""The seed of the demo's city; each city's own are the first signs of its division code."""
SMALLEST: Final = 10
LARGEST: Final = 5_000_000
PERSONS_PER_ENTERPRISE: Final = 5


class CityError(Exception):
    """The city cannot be prepared; the message gives the reason and the remedy."""


@dataclass(frozen=True, slots=True)
class City:
    """A synthetic city. Persons are 0 … population-1, enterprises 0 … enterprises-1."""

    seed: int
    population: int
    enterprises: int
    edition: str
    name: str = DEMO_CITY
    """Which city it is a model of: a folder of `catalogue/cities/`."""

    @classmethod
    def of(cls, population: int, seed: int | None = None, name: str = DEMO_CITY) -> City:
        """Return the city of this size; raises CityError for a size out of bounds, or a city that is not there."""
        if name not in city_names():
            raise CityError(f"No city has this name. Cities: {', '.join(city_names())}.")
        if not SMALLEST <= population <= LARGEST:
            raise CityError(
                f"A city has between {SMALLEST} and {LARGEST:,} persons. Choose another --population."
            )
        seed = int(city_called(name).region[:4]) if seed is None else seed
        return cls(seed, population, population // PERSONS_PER_ENTERPRISE, EDITION, name)

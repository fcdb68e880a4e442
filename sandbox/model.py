"""A city: a seed and a size, from which everything else follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

REFERENCE: Final = date(2026, 6, 30)
"""The reference date of the city; no row depends on the clock."""
EDITION: Final = "2026-06-30/6"
"""The version of the generator; it rises whenever the same seed would yield other rows."""
CITY_NAME: Final = "信阳(合成)"
SEED: Final = 4115
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

    @classmethod
    def of(cls, population: int, seed: int = SEED) -> City:
        """Return the city of this size; raises CityError for a size out of bounds."""
        if not SMALLEST <= population <= LARGEST:
            raise CityError(
                f"A city has between {SMALLEST} and {LARGEST:,} persons. Choose another --population."
            )
        return cls(seed, population, population // PERSONS_PER_ENTERPRISE, EDITION)

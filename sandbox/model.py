"""What a city is: a seed and a size. Everything else follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

REFERENCE: Final = date(2026, 6, 30)
"""The day on which the city is looked at. No row depends on today's clock."""
EDITION: Final = "2026-06-30/2"
"""Names the rules of generation; raised whenever the same seed would yield other rows."""
CITY_NAME: Final = "信阳(合成)"
SEED: Final = 4115
SMALLEST: Final = 10
LARGEST: Final = 5_000_000
PERSONS_PER_ENTERPRISE: Final = 5


class CityError(Exception):
    """The city cannot be had; the message says why and what to do about it."""


@dataclass(frozen=True, slots=True)
class City:
    """A synthetic city. Persons are 0 … population-1, enterprises 0 … enterprises-1."""

    seed: int
    population: int
    enterprises: int
    edition: str

    @classmethod
    def of(cls, population: int, seed: int = SEED) -> City:
        """Return the city of this size; raise CityError for a size out of bounds."""
        if not SMALLEST <= population <= LARGEST:
            raise CityError(
                f"A city has between {SMALLEST} and {LARGEST:,} persons. Choose another --population."
            )
        return cls(seed, population, population // PERSONS_PER_ENTERPRISE, EDITION)

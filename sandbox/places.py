"""The places of a city: its districts from its own file in the catalogue, and the addresses in identity numbers."""

from dataclasses import dataclass
from functools import cache

from catalogue.incentives.city_files import City as CatalogueCity
from catalogue.incentives.city_files import city_called
from sandbox import names


@dataclass(frozen=True, slots=True)
class Places:
    """Where the subjects of a city live and are registered."""

    of: CatalogueCity
    home: tuple[str, ...]
    """The codes of its districts."""
    addresses: tuple[str, ...]
    """The first six signs of identity numbers, the usual ones repeated: most residents were born in the city."""

    @property
    def short(self) -> str:
        """The city's name in names of others."""
        return self.of.zh.removesuffix("市")

    @property
    def title(self) -> str:
        """The name under which the sources and the explorer show the city."""
        return f"{self.short}(合成)"

    @property
    def courts(self) -> tuple[tuple[str, str], ...]:
        """The courts of the districts, each with the code in its case numbers."""
        return tuple(zip((f"豫{code[2:]}" for code in self.home), self.of.courts[1:], strict=True))


@cache
def places_of(name: str) -> Places:
    """Return the places of a city by its name."""
    of = city_called(name)
    home = tuple(of.districts)
    neighbours = tuple(each for each in names.NEIGHBOURS if each[:4] != of.region[:4])
    foreign = (*names.PERMITS, *names.FOREIGN[:3], *names.FOREIGN)
    return Places(of, home, (*home * 28, *neighbours * 2, *foreign))

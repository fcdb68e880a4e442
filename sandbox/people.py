"""The persons of the city, each a pure function of (seed, index).

Identity numbers are unique by construction: the birth date is a permutation of the index over the slots of an
age pyramid, and persons with one birth date have different order codes. Every fifth person is between 20 and
70 and belongs to the pool of officers of enterprises.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import gcd
from typing import Final, Literal

from catalogue.identifiers import person_check_sign
from sandbox import names
from sandbox.draws import Draw, draw
from sandbox.model import REFERENCE, City
from sandbox.places import places_of

POOL_EVERY: Final = 5
ADULT: Final = 18
_YEAR: Final = 365.25
_BANDS: Final = ((0, 18, 6), (18, 60, 8), (60, 70, 6), (70, 80, 4), (80, 90, 2), (90, 100.9, 1))
"""Bands of ages, from and to, with the number of slots of each birth date in the band."""
_COPIES: Final = 8
_POOL_ORDERS: Final = 100
_OTHER_ORDERS: Final = 400
_POOL_FROM: Final = int(20.1 * _YEAR)
_POOL_DAYS: Final = int(49.8 * _YEAR)
_REFERENCE_DAY: Final = REFERENCE.toordinal()
_EDGES: Final = tuple(
    (int(low * _YEAR), int(high * _YEAR), copies, (int(high * _YEAR) - int(low * _YEAR)) * copies)
    for low, high, copies in _BANDS
)
_SLOTS: Final = sum(slots for *_, slots in _EDGES)


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the city; `adult_on` is the eighteenth birthday."""

    city: City
    index: int
    born: date
    adult_on: date

    @property
    def number(self) -> str:
        """The identity number (公民身份号码)."""
        return person_number(self.city, self.index)

    @property
    def adult(self) -> bool:
        """Whether the person is 18 on the reference date."""
        return self.adult_on <= REFERENCE

    @property
    def in_pool(self) -> bool:
        """Whether the person can hold offices in enterprises."""
        return self.index % POOL_EVERY == 0

    @property
    def age(self) -> int:
        """Full years on the reference date."""
        before = (REFERENCE.month, REFERENCE.day) < (self.born.month, self.born.day)
        return REFERENCE.year - self.born.year - before

    @property
    def sex(self) -> Literal["MALE", "FEMALE"]:
        """The sex, from the order code of the number."""
        return "MALE" if _address(self.city, self.index)[1] else "FEMALE"

    @property
    def deceased(self) -> bool:
        """Whether the person has died; no officer has."""
        if self.in_pool:
            return False
        permille = max((self.age - 55) * 8, 2)
        return draw(self.city.seed, "person.deceased", self.index).chance(permille)

    @property
    def name(self) -> str:
        """A Chinese name that suits the sex."""
        return _name(draw(self.city.seed, "person.name", self.index), self.sex)

    @property
    def region(self) -> str:
        """The district of residence, mostly the district in the number."""
        address = _address(self.city, self.index)[0]
        drawn = draw(self.city.seed, "person.region", self.index)
        home = places_of(self.city.name).home
        if address in home and not drawn.chance(80):
            return address
        return drawn.pick(home)


def person(city: City, index: int) -> Person:
    """Return person `index` of the city."""
    born = date.fromordinal(_REFERENCE_DAY - _birth(city.seed, index)[0])
    return Person(city, index, born, _eighteenth_birthday(born))


def person_number(city: City, index: int) -> str:
    """Return the identity number of person `index` without its other attributes."""
    days, half = _birth(city.seed, index)
    born = date.fromordinal(_REFERENCE_DAY - days)
    address, male = _address(city, index)
    body = f"{address}{born.year * 10000 + born.month * 100 + born.day}{half * 2 + male:03d}"
    return body + person_check_sign(body)


def _eighteenth_birthday(born: date) -> date:
    if (born.month, born.day) == (2, 29):
        return date(born.year + ADULT, 3, 1)
    return born.replace(year=born.year + ADULT)


def _address(city: City, index: int) -> tuple[str, bool]:
    drawn = draw(city.seed, "person.address", index)
    return drawn.pick(places_of(city.name).addresses), drawn.below(2) == 1


def _birth(seed: int, index: int) -> tuple[int, int]:
    """Return the days between birth and reference date, and half of the order code."""
    if index % POOL_EVERY == 0:
        rank = index // POOL_EVERY
        stride, offset = spread(seed, "pool", _POOL_DAYS)
        days = _POOL_FROM + (rank * stride + offset) % _POOL_DAYS
        return days, (rank // _POOL_DAYS + days) % _POOL_ORDERS
    rank = index - index // POOL_EVERY - 1
    stride, offset = spread(seed, "others", _SLOTS)
    days, copy = _slot((rank * stride + offset) % _SLOTS)
    return days, _POOL_ORDERS + (rank // _SLOTS * _COPIES + copy + days) % _OTHER_ORDERS


def _slot(slot: int) -> tuple[int, int]:
    for first, _, copies, slots in _EDGES:
        if slot < slots:
            return first + slot // copies, slot % copies
        slot -= slots
    raise ValueError("slot out of range")


@lru_cache(maxsize=64)
def spread(seed: int, stream: str, size: int) -> tuple[int, int]:
    """Return a permutation, like `permutation`, whose first members are spread evenly.

    The stride is the golden section of the size, so a city of ten has young and old persons.
    """
    stride = int(size * 0.6180339887)
    while gcd(stride, size) != 1:
        stride += 1
    return stride, draw(seed, f"spread.{stream}", size).below(size)


@lru_cache(maxsize=256)
def permutation(seed: int, stream: str, size: int) -> tuple[int, int]:
    """Return (stride, offset) such that x → (x * stride + offset) mod size is a permutation."""
    drawn = draw(seed, f"permutation.{stream}", size)
    stride = drawn.below(size) | 1
    while gcd(stride, size) != 1:
        stride += 2
    return stride % size, drawn.below(size)


def _name(drawn: Draw, sex: str) -> str:
    surname = drawn.pick(names.COMPOUND_SURNAMES) if drawn.chance(8) else drawn.pick(names.SURNAMES)
    last = drawn.pick(names.MALE if sex == "MALE" else names.FEMALE)
    return surname + (drawn.pick(names.EITHER) if drawn.chance(700) else "") + last

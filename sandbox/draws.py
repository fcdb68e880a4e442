"""Random numbers as a pure function of (seed, stream, index).

SplitMix64 (Steele, Lea and Flood, 2014): a draw costs less than half a microsecond. A `random.Random` for
each subject and data set would cost twenty times as much.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Final, TypeVar

T = TypeVar("T")
_MASK: Final = (1 << 64) - 1
_GAMMA: Final = 0x9E3779B97F4A7C15
_STEP: Final = 0xD1B54A32D192ED03
"""Separates subjects. It differs from _GAMMA; otherwise one subject's second draw would be its neighbour's first."""


class Draw:
    """The draws of one subject in one stream."""

    __slots__ = ("_state",)

    def __init__(self, state: int) -> None:
        self._state = state

    def bits(self) -> int:
        """Return 64 random bits."""
        self._state = z = (self._state + _GAMMA) & _MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def below(self, bound: int) -> int:
        """Return a whole number of 0 … bound-1."""
        return self.bits() % bound

    def between(self, low: int, high: int) -> int:
        """Return a whole number of low … high."""
        return low + self.bits() % (high - low + 1)

    def chance(self, permille: int) -> bool:
        """Return true `permille` times in a thousand."""
        return self.bits() % 1000 < permille

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices; weigh them by repeating them."""
        return choices[self.bits() % len(choices)]

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        """Return `count` different choices."""
        left = list(choices)
        return [left.pop(self.below(len(left))) for _ in range(count)]

    def day(self, first: date, last: date) -> date:
        """Return a day of first … last, or `first` if `last` is before it."""
        low = first.toordinal()
        return date.fromordinal(low + self.below(max(last.toordinal() - low, 0) + 1))


@lru_cache(maxsize=1024)
def _base(seed: int, stream: str) -> int:
    return int.from_bytes(blake2b(f"{seed}:{stream}".encode(), digest_size=8).digest())


def draw(seed: int, stream: str, index: int) -> Draw:
    """Return the draws of subject `index` in `stream`."""
    return Draw((_base(seed, stream) + index * _STEP) & _MASK)

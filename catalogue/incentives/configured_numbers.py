"""The numbers that a condition says are configuration: each is one that the condition asks for.

`configured` tells people what the owner may change, so a number that nothing asks for would mislead them.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

_FIGURE: Final = re.compile(r"[0-9]+")
_YEARS_ZH: Final = re.compile(r"([一二三四五六七八九十])年")
_YEARS_EN: Final = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten)\s+years?\b", re.IGNORECASE
)
_ZH: Final = "一二三四五六七八九十"
_EN: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def numbers_in(text: str) -> Iterator[int]:
    """Yield the numbers of a text in figures, and its years in Chinese and in English words."""
    yield from map(int, _FIGURE.findall(text))
    yield from (_ZH.index(each) + 1 for each in _YEARS_ZH.findall(text))
    yield from (_EN.index(each.lower()) + 1 for each in _YEARS_EN.findall(text))


def problems_of_configured(text: str, asked: Iterable[object]) -> Iterator[str]:
    """Yield each number of a text that is none of those that a condition asks for."""
    known = {each for each in asked if type(each) is int}
    for number in sorted({*numbers_in(text)} - known):
        yield f"says that {number} is configuration, and asks for {', '.join(map(str, sorted(known))) or 'no number'}"

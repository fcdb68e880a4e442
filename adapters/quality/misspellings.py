"""How bureaus' systems and spreadsheets often write identifiers in another form than the contract's."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from adapters.source import Key
from catalogue.identifiers import PERSON_SHAPE

Misspelling: TypeAlias = Callable[[Key], Key]
_FULL_WIDTH: Final = 0xFEE0
_BLANKS_BEHIND: Final = (" ", "\r", "\u00a0", "\u3000", "\u200b")
"""A blank, the end of a line, a blank that does not break, a wide blank, and one without width."""
_LAST_CENTURY: Final = "19"


def _full_width(key: Key) -> Key:
    return "".join(chr(ord(sign) + _FULL_WIDTH) for sign in key)


def _earlier(key: Key) -> Key:
    """Return the number of 15 digits (GB 11643-1989) or the organisation code (GB 11714) that came before a key."""
    if not PERSON_SHAPE.fullmatch(key):
        return key[8:17]
    return key[:6] + key[8:17] if key[6:8] == _LAST_CENTURY else key


def _between(before: str, behind: str) -> Misspelling:
    return lambda key: f"{before}{key}{behind}"


MISSPELLINGS: Final[Sequence[Misspelling]] = (
    str.lower,
    _full_width,
    _earlier,
    _between("'", ""),  # a spreadsheet's mark of a text
    _between(" ", ""),
    *(_between("", blank) for blank in _BLANKS_BEHIND),
)


def misspell(keys: Sequence[Key]) -> Iterator[list[Key]]:
    """Yield for each misspelling the keys as it writes them, without those that it leaves as they are."""
    for misspelling in MISSPELLINGS:
        others = [other for key in keys if (other := misspelling(key)) and other != key]
        if others:
            yield list(dict.fromkeys(others))

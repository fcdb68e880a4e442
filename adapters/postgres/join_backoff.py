"""Queries that are read one by one for a while, because by one statement they failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from adapters.source import Read

SECONDS: Final = 30.0
"""How long they stay apart: what is slow or changed then harms itself alone, and one statement is tried again."""
_Names: TypeAlias = tuple[tuple[str, tuple[str, ...], str], ...]


class Apart:
    """Which queries of a bureau are kept apart, and until which time of the loop."""

    __slots__ = ("_until",)

    def __init__(self) -> None:
        self._until: dict[_Names, float] = {}

    def keep(self, reads: Sequence[Read], now: float) -> None:
        """Keep these queries apart from now on."""
        self._until = {names: until for names, until in self._until.items() if until > now}
        self._until[_names(reads)] = now + SECONDS

    def holds(self, reads: Sequence[Read], now: float) -> bool:
        """Whether these queries are kept apart now."""
        return bool(self._until) and self._until.get(_names(reads), now) > now


def _names(reads: Sequence[Read]) -> _Names:
    return tuple([(read.query.dataset.name, read.query.columns, read.query.purpose) for read in reads])

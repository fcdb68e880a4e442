"""A bounded memory of what is made once for a key, as documents and their grants are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Remembers what was made for a key; the least recently used entry goes where there are many.

    The key is compared in full, never by a digest alone.
    """

    def __init__(self, most: int, told: Callable[[bool], None]) -> None:
        self._most = most
        self._told = told
        self._entries: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Return what was made for `key`, making it now where it is new; a failure is not remembered."""
        found = self._entries.get(key)
        self._told(found is not None)
        if found is None:
            found = self._entries[key] = make()
            if len(self._entries) > self._most:
                self._entries.popitem(last=False)
        self._entries.move_to_end(key)
        return found

"""A bureau's connections, and who takes the next one."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, TypeAlias

import msgspec

from adapters.source import Source

PATIENCE: Final = 0.025
"""Seconds that a round trip may take before another connection is taken beside it."""


NO_DATASETS: Final[frozenset[str]] = frozenset()


class Slot(msgspec.Struct, eq=False):
    """A connection slot in use, with its start as a time of the loop. Compared by identity."""

    since: float
    datasets: frozenset[str] = NO_DATASETS
    """What its round trip reads."""


Dispatch: TypeAlias = Callable[[Slot], None]
"""Sends off what waits, not before the end of this tick: what is asked for in it travels together.

It must be answered by one `Slots.release` of its slot.
"""


class Slots:
    """The connections to one bureau, handed out in the order of the requests for them.

    There is one round trip at a time, so that what comes meanwhile leaves together afterwards and statements do not
    compete for the processor. A round trip that takes longer than `PATIENCE` holds up nobody: then the next
    connection is used beside it, as many as the source has. The last free connection goes to no round trip that reads
    all that a slow one reads: where a data set is locked or slow, the others keep a connection.
    """

    def __init__(self, source: Source, patience: float = PATIENCE) -> None:
        self.source = source
        self._loop = asyncio.get_running_loop()
        self._patience = patience
        self._in_use: list[Slot] = []
        self._waiting: deque[tuple[Dispatch, frozenset[str]]] = deque()
        self._watch: asyncio.TimerHandle | None = None

    @property
    def used(self) -> int:
        """The slots in use."""
        return len(self._in_use)

    @property
    def waiting(self) -> int:
        """The dispatches that wait for a slot."""
        return len(self._waiting)

    def request(self, dispatch: Dispatch, datasets: frozenset[str] = NO_DATASETS) -> None:
        """Dispatch what waits to read `datasets`, now or as soon as it is its turn."""
        if self._in_use or self._waiting:
            self._waiting.append((dispatch, datasets))
            self._advance()
        else:
            self._dispatch(dispatch, datasets)

    def release(self, slot: Slot) -> None:
        """Take back a connection and give it to whoever has waited longest."""
        self._in_use.remove(slot)
        if self._waiting:
            self._advance()

    def _advance(self) -> None:
        while self._waiting and self._is_open():
            place = self._next_place()
            if place is None:  # until a round trip ends
                return
            dispatch, datasets = self._waiting[place]
            del self._waiting[place]
            self._dispatch(dispatch, datasets)
        if self._waiting and self._watch is None and len(self._in_use) < self.source.concurrency:
            self._watch = self._loop.call_at(self._in_use[-1].since + self._patience, self._overtake)

    def _next_place(self) -> int | None:
        """Return the place of the batch that may take a connection; None if the last one is kept from all."""
        if not self._in_use or len(self._in_use) < self.source.concurrency - 1:
            return 0
        slow = [slot.datasets for slot in self._in_use if slot.datasets]
        for place, (_, datasets) in enumerate(self._waiting):
            if not any(each <= datasets for each in slow):
                return place
        return None

    def _overtake(self) -> None:
        self._watch = None
        self._advance()

    def _is_open(self) -> bool:
        """Whether one more may be under way: none is, or all are slow and a connection is free."""
        if not self._in_use:
            return True
        if len(self._in_use) >= self.source.concurrency:
            return False
        return self._loop.time() >= self._in_use[-1].since + self._patience

    def _dispatch(self, dispatch: Dispatch, datasets: frozenset[str]) -> None:
        slot = Slot(self._loop.time(), datasets)
        self._in_use.append(slot)
        dispatch(slot)

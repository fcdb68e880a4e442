"""A bureau's connections, and who takes the next one."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Final, Protocol

from adapters.source import Source

PATIENCE: Final = 0.025
"""Seconds that a round trip may take before another connection is taken beside it."""


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """The right to one connection, since a time of the loop; the same for nobody else."""

    since: float


class Traveller(Protocol):
    """Whoever waits for a connection; `depart` must be answered by one `Lane.leave` with its ticket."""

    def depart(self, ticket: Ticket) -> None:
        """Send off what waits, not before the end of this tick: what is asked for in it travels together."""
        ...


class Lane:
    """The connections to one bureau, handed out in the order of asking.

    One round trip at a time, so that what comes meanwhile leaves together afterwards and statements side by
    side do not take the processor from each other. A round trip that takes longer than `PATIENCE` holds up nobody:
    then the next connection is used beside it, as many as the source has.
    """

    def __init__(self, source: Source, patience: float = PATIENCE) -> None:
        self.source = source
        self._loop = asyncio.get_running_loop()
        self._patience = patience
        self._under_way: list[Ticket] = []
        self._waiting: deque[Traveller] = deque()
        self._watch: asyncio.TimerHandle | None = None

    def enter(self, traveller: Traveller) -> None:
        """Let the traveller depart, now or as soon as it is its turn."""
        self._waiting.append(traveller)
        self._advance()

    def leave(self, ticket: Ticket) -> None:
        """Take back a connection and give it to whoever has waited longest."""
        self._under_way.remove(ticket)
        self._advance()

    def _advance(self) -> None:
        while self._waiting and self._open():
            self._waiting.popleft().depart(self._ticket())
        if self._waiting and self._watch is None and len(self._under_way) < self.source.concurrency:
            self._watch = self._loop.call_at(self._under_way[-1].since + self._patience, self._overtake)

    def _overtake(self) -> None:
        self._watch = None
        self._advance()

    def _open(self) -> bool:
        """Whether one more may be under way: none is, or all are slow and a connection is free."""
        if not self._under_way:
            return True
        if len(self._under_way) >= self.source.concurrency:
            return False
        return self._loop.time() >= self._under_way[-1].since + self._patience

    def _ticket(self) -> Ticket:
        ticket = Ticket(self._loop.time())
        self._under_way.append(ticket)
        return ticket

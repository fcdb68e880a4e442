"""Keeps one-sided answers silent: how often a client asks about one subject, and at which moment an answer leaves.

A one-sided answer is TRUE or null, and null does not say why. Its time would say it: records that exist take longer
to read and to judge. Such answers therefore leave on a grid, a whole number of its widths after the request began.
The time limit of a poll has the resolution of milliseconds, and the fraction that it adds depends on when the answer
was ready. So the grid uses a timer of the kernel (timerfd_create(2)), which has that of nanoseconds.
"""

import asyncio
import ctypes
import heapq
import os
import sys
import time
from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, count
from math import ceil, inf
from typing import Final, Protocol

from gateway.errors import QUOTA_EXCEEDED, RequestError

SECONDS: Final = 3_600
"""The time in which a client that has used up its requests about a subject gets as many again."""
SLOTS: Final = 1 << 18
_NANOSECONDS: Final = 1_000_000_000
_MONOTONIC: Final = 1
_FLAGS: Final = os.O_NONBLOCK | os.O_CLOEXEC


class SubjectRate:
    """Bounds how often one client asks about one subject, by the generic cell rate algorithm.

    Memory is one table of fixed size, indexed by a hash of client and subject with the process's secret. It keeps no
    key. Two subjects in one slot share a bound.
    """

    def __init__(
        self,
        most: int,
        clock: Callable[[], int] = time.monotonic_ns,
        seconds: int = SECONDS,
        slots: int = SLOTS,
    ) -> None:
        self._clock = clock
        self._span = seconds * _NANOSECONDS
        self._step = self._span // most
        self._due = array("q", bytes(8 * slots))

    def check(self, client: str, subjects: Iterable[str]) -> None:
        """Count a request about subjects, or raise QUOTA_EXCEEDED with the whole seconds to wait: it counts for none then."""
        now, due = self._clock(), self._due
        latest = now + self._span
        moments: dict[int, int] = {}
        for subject in subjects:
            slot = hash((client, subject)) % len(due)
            moment = max(moments.get(slot, due[slot]), now) + self._step
            if moment > latest:
                wait = ceil((moment - latest) / _NANOSECONDS)
                raise RequestError(
                    QUOTA_EXCEEDED, "It names one subject too often.", extensions={"retryAfter": wait}
                )
            moments[slot] = moment
        for slot, moment in moments.items():
            due[slot] = moment


class Timer(Protocol):
    """Wakes a release grid at a set moment."""

    def arm(self, seconds: float) -> None:
        """Wake once after some seconds; an earlier order is void."""
        ...

    def close(self) -> None:
        """Wake no more."""
        ...


class ReleaseGrid:
    """Wakes each waiting answer at its moment on the grid. A grid belongs to one event loop."""

    def __init__(
        self,
        width: float,
        clock: Callable[[], float] = time.perf_counter,
        make_timer: "Callable[[Callable[[], None]], Timer] | None" = None,
    ) -> None:
        """Make a grid of a width in seconds; 0 is no grid."""
        self.width = width
        self._clock = clock
        self._make_timer = make_timer or open_timer
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()
        self._armed = inf
        self._timer: Timer | None = None

    async def wait(self, since: float) -> None:
        """Return at the next point of a grid that began at `since`, a time of the grid's clock."""
        if not self.width:
            return
        now = self._clock()
        due = since + ceil((now - since) / self.width) * self.width
        loop = asyncio.get_running_loop()
        released = loop.create_future()
        heapq.heappush(self._waiting, (due, next(self._order), released))
        if due < self._armed:
            self._arm(due - now)
            self._armed = due
        await released

    def close(self) -> None:
        """Give the timer back to the system."""
        if self._timer is not None:
            self._timer.close()
            self._timer = None

    def _arm(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = self._make_timer(self._release)
        self._timer.arm(seconds)

    def _release(self) -> None:
        """Wake every answer that is due, and arm the timer for the next one."""
        now, waiting = self._clock(), self._waiting
        while waiting and waiting[0][0] <= now:
            released = heapq.heappop(waiting)[2]
            if not released.done():
                released.set_result(None)
        self._armed = waiting[0][0] if waiting else inf
        if waiting:
            self._arm(self._armed - now)


class Silence:
    """What protects the subjects of one-sided answers, and with `of_records` those whose records are withheld by their state."""

    def __init__(self, rate: SubjectRate, grid: ReleaseGrid, *, of_records: bool = False) -> None:
        self.grid = grid
        self.of_records = of_records
        self._rate = rate

    def check(self, client: str, keys: Sequence[Sequence[str]]) -> None:
        """Count a request about the subjects at all positions, or raise QUOTA_EXCEEDED."""
        self._rate.check(client, chain.from_iterable(keys))


class _KernelTimer:
    """A timer of Linux that makes a file descriptor readable."""

    def __init__(self, libc: ctypes.CDLL, descriptor: int, wake: Callable[[], None]) -> None:
        self._libc = libc
        self._descriptor = descriptor
        self._wake = wake
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(descriptor, self._fire)

    def arm(self, seconds: float) -> None:
        """Wake once after some seconds; an earlier order is void."""
        nanoseconds = max(1, int(seconds * _NANOSECONDS))
        when = array("q", (0, 0, *divmod(nanoseconds, _NANOSECONDS)))
        self._libc.timerfd_settime(self._descriptor, 0, ctypes.c_void_p(when.buffer_info()[0]), None)

    def close(self) -> None:
        """Close the descriptor."""
        if not self._loop.is_closed():
            self._loop.remove_reader(self._descriptor)
        os.close(self._descriptor)

    def _fire(self) -> None:
        try:
            os.read(self._descriptor, 8)
        except BlockingIOError:  # it was armed anew since
            return
        self._wake()


class _LoopTimer:
    """The event loop's own timer, where the system has no other: its resolution is a millisecond."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._handle: asyncio.TimerHandle | None = None

    def arm(self, seconds: float) -> None:
        """Wake once after some seconds; an earlier order is void."""
        self.close()
        self._handle = asyncio.get_running_loop().call_later(max(0.0, seconds), self._wake)

    def close(self) -> None:
        """Wake no more."""
        if self._handle is not None:
            self._handle.cancel()


def open_timer(wake: Callable[[], None]) -> Timer:
    """Return the kernel's timer where the system has it, and else the running loop's."""
    if sys.platform != "linux":
        return _LoopTimer(wake)
    libc = ctypes.CDLL(None)
    descriptor = libc.timerfd_create(_MONOTONIC, _FLAGS)
    return _LoopTimer(wake) if descriptor < 0 else _KernelTimer(libc, descriptor, wake)

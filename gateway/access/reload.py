"""Takes a changed set of rules into force while requests are answered, or refuses it and keeps the one there is."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from gateway.errors import StartRefused
from gateway.pipeline.cooperative import Steps, unhurried
from gateway.pipeline.snapshot import InForce, Ruling
from observability.events import PolicyInForce, PolicyRefused
from observability.hooks import Hooks

R = TypeVar("R")


@dataclass(slots=True)
class Reloader(Generic[R]):
    """Reads rules beside the event loop, prepares the operations on it with rests, and swaps the ruling in one step.

    `read` returns rules that are checked and proved, or raises StartRefused. `prepare` makes a ruling of
    them, step by step: loaders belong to the loop, and whoever watches hears from it alone. Whatever goes
    wrong in either, the ruling in force stays. Requests that have begun keep theirs.
    """

    in_force: InForce
    read: Callable[[], R]
    prepare: Callable[[R], Steps[Ruling]]
    hooks: Hooks
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def reload(self) -> bool:
        """Return whether the rules of the files are in force now; the hooks are told in any case.

        One reload waits for another and reads the files after it, so the last state of them decides.
        """
        async with self._turn:
            started = time.perf_counter()
            try:
                ruling = await unhurried(self.prepare(await asyncio.to_thread(self.read)))
            except StartRefused as refusal:
                self._refused(str(refusal))
                return False
            except Exception as fault:
                self._refused(f"the rules could not be read: {type(fault).__name__}")
                return False
            self.in_force.ruling = ruling
            seconds = time.perf_counter() - started
            self.hooks.told(PolicyInForce(ruling.version, ruling.rules, seconds))
            return True

    def _refused(self, why: str) -> None:
        self.hooks.told(PolicyRefused(self.in_force.ruling.version, why))


class Hearing:
    """Reloads each time the process gets the signal SIGHUP, until it is closed."""

    def __init__(self, reload: Callable[[], Coroutine[Any, Any, bool]]) -> None:
        self._reload = reload
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[bool]] = set()

    def open(self) -> None:
        """Listen from now on; a loop beside the main thread hears no signal."""
        with contextlib.suppress(RuntimeError, ValueError, NotImplementedError):
            self._loop.add_signal_handler(signal.SIGHUP, self._heard)

    def close(self) -> None:
        """Listen no more, and give up a reload that is under way."""
        with contextlib.suppress(RuntimeError, ValueError, NotImplementedError):
            self._loop.remove_signal_handler(signal.SIGHUP)
        for task in self._tasks:
            task.cancel()

    def _heard(self) -> None:
        task = self._loop.create_task(self._reload())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def hear(reloader: Reloader[R]) -> Hearing:
    """Reload at each SIGHUP from now on."""
    hearing = Hearing(reloader.reload)
    hearing.open()
    return hearing

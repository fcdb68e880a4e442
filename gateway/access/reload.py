"""Takes a changed set of rules into force while requests are answered, or refuses it and keeps the one there is."""

import asyncio
import signal
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from gateway.errors import StartRefused
from gateway.pipeline.cooperative import Steps, run_with_pauses
from gateway.pipeline.lookup import CurrentPolicy, PolicySnapshot
from observability.events import PolicyInForce, PolicyRefused
from observability.hooks import Hooks

R = TypeVar("R")


@dataclass(slots=True)
class Reloader(Generic[R]):
    """Reads rules in a thread, prepares the operations on the event loop with pauses, and swaps the snapshot at once.

    `read` returns rules that are checked and proved, or raises StartRefused. `prepare` makes a snapshot of them step by
    step on the loop, to which loaders and hooks belong. If either fails, the old snapshot stays in force. Running
    requests keep the snapshot with which they began.
    """

    current: CurrentPolicy
    read: Callable[[], R]
    prepare: Callable[[R], Steps[PolicySnapshot]]
    hooks: Hooks
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def reload(self) -> bool:
        """Return whether the rules of the files are in force now; the hooks are told in any case.

        One reload waits for another and reads the files after it, so the last state of them decides.
        """
        async with self._turn:
            started = time.perf_counter()
            try:
                snapshot = await run_with_pauses(self.prepare(await asyncio.to_thread(self.read)))
            except StartRefused as refusal:
                self._refused(str(refusal))
                return False
            except Exception as fault:
                self._refused(f"the rules could not be read: {type(fault).__name__}")
                return False
            self.current.snapshot = snapshot
            seconds = time.perf_counter() - started
            self.hooks.emit(PolicyInForce(snapshot.version, snapshot.rules, seconds))
            return True

    def _refused(self, why: str) -> None:
        self.hooks.emit(PolicyRefused(self.current.snapshot.version, why))


@contextmanager
def reload_at_hangup(reloader: Reloader[R]) -> Generator[None]:
    """Reload each time the process gets the signal SIGHUP; the end gives up a reload that is under way."""
    loop, tasks = asyncio.get_running_loop(), set[asyncio.Task[bool]]()

    def reload() -> None:
        task = loop.create_task(reloader.reload())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    loop.add_signal_handler(signal.SIGHUP, reload)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
        for task in tasks:
            task.cancel()

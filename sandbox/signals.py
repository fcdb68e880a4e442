"""Signals that wait: a stop is noticed between two steps and never in the middle of one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

_STOPS: Final = (signal.SIGINT, signal.SIGTERM)
_Handler: TypeAlias = Callable[[int, Any], Any] | int | None


@dataclass(slots=True)
class Held:
    """What came while signals were held: the number of the last one, or none."""

    came: int | None = None

    def __call__(self, number: int, _frame: object) -> None:
        """Remember the signal; Python calls this as a signal's handler."""
        self.came = number


@contextmanager
def held_signals() -> Generator[Held]:
    """Hold SIGINT and SIGTERM until the block ends, then do what they ask for.

    A handler that raises does so between any two instructions, also where a lock of the standard library is
    taken and not yet marked for release, or where a process is started and not yet remembered: the one leaves
    a thread that waits for ever, the other a process of nobody. Blocks may stand in each other; an inner one
    passes its signal on to the outer. Outside of the main thread nothing is held, for no signal is heard there.
    A signal that would end the process on the spot raises SystemExit instead, so that what was started is stopped.
    """
    held = Held()
    if threading.current_thread() is not threading.main_thread():
        yield held
        return
    # A handler that is not Python's own cannot be put back, and an ignored signal stays ignored.
    found = {number: signal.getsignal(number) for number in _STOPS}
    formers = {number: former for number, former in found.items() if former not in (None, signal.SIG_IGN)}
    _handle(dict.fromkeys(formers, held))
    try:
        yield held
    finally:
        _handle(formers)
        if held.came is not None:
            _obey(held.came, formers[signal.Signals(held.came)])


def _handle(handlers: Mapping[signal.Signals, _Handler]) -> None:
    """Set all handlers, and let no signal come between two of them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _obey(number: int, former: object) -> None:
    if callable(former):
        former(number, None)
    else:
        raise SystemExit(128 + number)

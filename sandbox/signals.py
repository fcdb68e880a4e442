"""Holds SIGINT and SIGTERM back until a step has ended, and ends processes by signals."""

import signal
import subprocess
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

_STOPS: Final = (signal.SIGINT, signal.SIGTERM)
_Handler: TypeAlias = Callable[[int, Any], Any] | int | None


@dataclass(slots=True)
class HeldSignal:
    """The number of the last signal while signals were held, or None."""

    number: int | None = None

    def __call__(self, number: int, _frame: object) -> None:
        """Store the number; Python calls this object as the signal's handler."""
        self.number = number


@contextmanager
def held_signals() -> Generator[HeldSignal]:
    """Hold SIGINT and SIGTERM until the block ends, then handle them.

    A handler can raise between any two instructions. If a lock of the standard library was just taken, a thread
    would wait for it for ever; if a process was just started, no code would stop it. Blocks can be nested: an
    inner block passes its signal on to the outer one. Threads other than the main thread receive no signals, so
    they hold none. A signal that would end the process at once raises SystemExit instead, so that the caller
    stops the started processes.
    """
    held = HeldSignal()
    if threading.current_thread() is not threading.main_thread():
        yield held
        return
    # A handler from outside Python cannot be restored, and an ignored signal stays ignored.
    found = {number: signal.getsignal(number) for number in _STOPS}
    formers = {number: former for number, former in found.items() if former not in (None, signal.SIG_IGN)}
    _handle(dict.fromkeys(formers, held))
    try:
        yield held
    finally:
        _handle(formers)
        if held.number is not None:
            former = formers[signal.Signals(held.number)]
            if not callable(former):
                raise SystemExit(128 + held.number)
            former(held.number, None)


def _handle(handlers: Mapping[signal.Signals, _Handler]) -> None:
    """Set all handlers; no signal can come between two of them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_process(process: subprocess.Popen[Any], signs: Iterable[signal.Signals], seconds: float) -> None:
    """Send one signal after the other, until the process ends within so many seconds."""
    for sign in signs:
        process.send_signal(sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return

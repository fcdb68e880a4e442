"""Signals that wait for the end of a step."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from pathlib import Path

import pytest

from sandbox import city as city_module
from sandbox.city import prepare
from sandbox.load import _run_workers
from sandbox.model import City, CityError
from sandbox.signals import HeldSignal, held_signals
from tests.support.processes import processes_of


@pytest.fixture(autouse=True)
def as_before() -> Generator[None]:
    """Whatever a test does to the handlers, they are as before afterwards."""
    formers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, former in formers.items():
        signal.signal(number, former)


def test_a_signal_waits_for_the_end_of_the_block():
    """What comes within the block interrupts nothing in it and is obeyed at its end."""
    came: list[int | None] = []

    def block() -> None:
        with held_signals() as held:
            signal.raise_signal(signal.SIGINT)
            came.append(held.number)

    with pytest.raises(KeyboardInterrupt):
        block()
    assert came == [signal.SIGINT]


def test_blocks_stand_in_each_other():
    """An inner block tells the outer one, which obeys at its own end."""
    steps: list[str] = []
    signal.signal(signal.SIGTERM, lambda *_: steps.append("obeyed"))
    with held_signals():
        with held_signals():
            signal.raise_signal(signal.SIGTERM)
        steps.append("between")
    assert steps == ["between", "obeyed"]


def test_a_signal_that_would_kill_lets_go_of_what_was_started():
    """Where nobody handles SIGTERM, the end of the block unwinds instead of ending the process on the spot."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with pytest.raises(SystemExit) as ended, held_signals():
        signal.raise_signal(signal.SIGTERM)
    assert ended.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_an_ignored_signal_stays_ignored():
    """A process that was told to ignore SIGINT ignores it here as well."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with held_signals() as held:
        signal.raise_signal(signal.SIGINT)
    assert held.number is None


def test_other_threads_hold_nothing():
    """Only the main thread hears signals, so that another one's block changes no handler."""
    before = signal.getsignal(signal.SIGINT)
    seen: list[object] = []

    def work() -> None:
        with held_signals():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]


async def test_a_load_stops_where_a_signal_came():
    """Whoever waits for the workers stops waiting once a signal came."""
    with pytest.raises(CityError, match="stopped"):
        await _run_workers([[]], City.of(20), lambda _: None, HeldSignal(signal.SIGTERM))


def test_a_city_that_is_stopped_while_it_starts_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A signal between the start of the databases and their use ends them."""

    def stopped(*_: object) -> None:
        assert processes_of(tmp_path) != []
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(city_module, "_load", stopped)
    with pytest.raises(KeyboardInterrupt):
        prepare(tmp_path, 20, quiet=True)
    assert processes_of(tmp_path) == []

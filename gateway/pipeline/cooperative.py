"""Long work in steps: all at once where nobody waits, or with rests in which the event loop answers."""

import asyncio
import time
from collections.abc import Generator
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Steps: TypeAlias = Generator[None, None, T]
"""Pauses after each step and returns the result with the last one."""


def run_to_end(steps: Steps[T]) -> T:
    """Take all steps and return the result."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value


async def run_with_pauses(steps: Steps[T]) -> T:
    """Take the steps on the event loop, with a rest after each that is as long as the step took.

    A step may use all that belongs to the loop. Whoever asks meanwhile waits for one step, and not for all.
    """
    while True:
        started = time.perf_counter()
        try:
            next(steps)
        except StopIteration as done:
            return done.value
        await asyncio.sleep(time.perf_counter() - started)

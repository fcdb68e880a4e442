"""How many subjects an argument names, and what one of them weighs in the answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CountedSubjects:
    """The subjects that one argument names: one, or as many as its list holds."""

    argument: int
    many: bool
    weigh: Callable[[Sequence[Any]], int]
    """Returns the most values under one subject, from the values of the arguments."""
    weight: int | None = None
    """What `weigh` returns for every request; None where a variable bounds a list."""

"""z3's functions under the types that they have; its own annotations tell a type checker nothing.

z3 keeps one context for the whole process, which is not safe to share: `LOCK` is held around every use of it.
"""

from collections.abc import Callable, Iterable
from importlib import import_module
from threading import RLock
from typing import Any, Final, TypeAlias

Term: TypeAlias = Any
"""A formula or a number of the solver. Two of the same name are the same unknown."""
LOCK: Final = RLock()

_z3: Any = import_module("z3")


truth: Final[Callable[[str], Term]] = _z3.Bool
"""Makes an unknown truth value. Truth values are joined by `&` and `|`, and `~` is the opposite of one."""
number: Final[Callable[[str], Term]] = _z3.Int
"""Makes an unknown whole number."""
fixed: Final[Callable[[bool], Term]] = _z3.BoolVal
"""Makes a truth value that is known."""
constant: Final[Callable[[int], Term]] = _z3.IntVal
"""Makes a number that is known."""
choice: Final[Callable[[Term, Term, Term], Term]] = _z3.If
"""Makes the first formula where a condition holds, and the second where it does not."""


def every(terms: Iterable[Term]) -> Term:
    """Return whether all of the formulas hold; without any, that is so."""
    return _z3.And(_z3.BoolVal(True), *terms)


def some(terms: Iterable[Term]) -> Term:
    """Return whether one of the formulas holds; without any, that is not so."""
    return _z3.Or(_z3.BoolVal(False), *terms)


class Case:
    """Values under which the formulas asked about hold."""

    def __init__(self, model: Any) -> None:
        """Take z3's model."""
        self._model = model

    def number(self, term: Term) -> int:
        """Return the value of a number."""
        return self._model.eval(term, model_completion=True).as_long()

    def holds(self, term: Term) -> bool:
        """Return whether a formula holds."""
        return bool(_z3.is_true(self._model.eval(term, model_completion=True)))


class Solver:
    """Looks for values under which formulas hold, always within what is assumed."""

    def __init__(self, assumed: Iterable[Term]) -> None:
        """Assume formulas for good."""
        self._solver = _z3.Solver()
        self._solver.add(*assumed)

    def find(self, *terms: Term) -> Case | None:
        """Return values under which all the formulas hold, or None where there are none.

        RuntimeError where the solver cannot tell, which must count as a failed proof.
        """
        self._solver.push()
        try:
            self._solver.add(*terms)
            answer = self._solver.check()
            if answer == _z3.unknown:
                raise RuntimeError("the solver cannot tell")
            return Case(self._solver.model()) if answer == _z3.sat else None
        finally:
            self._solver.pop()

"""z3's functions under the types that they have; its own annotations tell a type checker nothing.

z3 keeps one context for the whole process, which is not safe to share: `LOCK` is held around every use of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from threading import RLock
from typing import Any, Final, TypeAlias

Term: TypeAlias = Any
"""A formula or a number of the solver. Two of the same name are the same unknown."""
LOCK: Final = RLock()

_z3: Any = import_module("z3")


def truth(name: str) -> Term:
    """Return an unknown truth value."""
    return _z3.Bool(name)


def number(name: str) -> Term:
    """Return an unknown whole number."""
    return _z3.Int(name)


def fixed(value: bool) -> Term:
    """Return a truth value that is known."""
    return _z3.BoolVal(value)


def constant(value: int) -> Term:
    """Return a number that is known."""
    return _z3.IntVal(value)


def every(terms: Iterable[Term]) -> Term:
    """Return whether all of the formulas hold; without any, that is so."""
    return _z3.And(_z3.BoolVal(True), *terms)


def some(terms: Iterable[Term]) -> Term:
    """Return whether one of the formulas holds; without any, that is not so."""
    return _z3.Or(_z3.BoolVal(False), *terms)


def no(term: Term) -> Term:
    """Return whether a formula does not hold."""
    return _z3.Not(term)


def choice(condition: Term, then: Term, otherwise: Term) -> Term:
    """Return one formula where the condition holds, and the other where it does not."""
    return _z3.If(condition, then, otherwise)


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

"""No small change of the rules of a record's life goes unnoticed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from catalogue import record_faults, record_states
from tests.catalogue import test_mark_states, test_record_faults, test_record_states, test_states_by_law
from tests.support.code_mutants import code_mutants
from tests.support.effort import FULL, spread

STATED = (test_mark_states, test_record_faults, test_record_states, test_states_by_law)
"""The tests of what a record is."""
SAME: Mapping[str, str] = {}
"""Changes that change no answer, each with the reason."""


def stated() -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield each test of the states with each of its inputs, but those that draw theirs."""
    tests = {name: each for module in STATED for name, each in vars(module).items()}
    for name, test in tests.items():
        if not name.startswith("test_") or hasattr(test, "hypothesis"):
            continue
        marks = [mark.args for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
        named = [(names.split(",") if isinstance(names, str) else names, values) for names, values in marks]
        for drawn in product(*(list(values) for _, values in named)):
            inputs: dict[str, Any] = {}
            for (names, _), values in zip(named, drawn, strict=True):
                inputs |= dict(zip(names, values if len(names) > 1 else (values,), strict=True))
            yield test, inputs


def notices(inputs: list[tuple[Any, dict[str, Any]]]) -> bool:
    """Whether some test fails."""
    for test, values in inputs:
        try:
            test(**values)
        except (Exception, pytest.fail.Exception):
            return True
    return False


def test_every_mutant_of_the_states_is_caught(monkeypatch: pytest.MonkeyPatch):
    """Whatever is changed in how a state is computed, a stated case is answered otherwise."""
    inputs = list(stated())
    assert not notices(inputs)
    lived: set[str] = set()
    for mutant in spread(code_mutants(record_states)):
        made = mutant.load()
        if made:
            monkeypatch.setattr(test_record_states, "LifeReader", made.LifeReader)
        if made and not notices(inputs):
            lived.add(mutant.change)
    assert lived <= set(SAME)
    assert lived == set(SAME) or not FULL


def test_every_mutant_of_the_faults_is_caught(monkeypatch: pytest.MonkeyPatch):
    """Whatever is changed in how a record is found to be impossible, a stated case is answered otherwise."""
    inputs = list(stated())
    lived: set[str] = set()
    for mutant in spread(code_mutants(record_faults)):
        made = mutant.load()
        for name in ("FaultFinder", "says_nothing", "whose") if made else ():
            monkeypatch.setattr(record_states, name, getattr(made, name))
        if made:
            monkeypatch.setattr(test_record_faults, "FAULTS_OF_COURSE", made.FAULTS_OF_COURSE)
            if not notices(inputs):
                lived.add(mutant.change)
    assert lived == set()

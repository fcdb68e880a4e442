"""The suite's own rules: what it takes first, and who says how many examples are drawn."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.conftest import HERE, LONGEST

NUMBERS = "effort.py"


def test_files_that_are_taken_first_are_there():
    """Each file that the order of the suite names is there, once."""
    assert [name for name in LONGEST if not (HERE / name).is_file()] == []
    assert len(set(LONGEST)) == len(LONGEST)


def test_numbers_of_examples_are_drawn_by_effort_alone():
    """No test fixes how many examples it draws: the profile scales each number, and CI draws all of them."""
    named = [
        path.name
        for path in sorted(HERE.rglob("*.py"))
        if path.name != NUMBERS
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "max_examples"
    ]
    assert named == []


def test_ci_runs_at_full_strength(root: Path):
    """What CI runs draws every example and decides every case."""
    assert "HYPOTHESIS_PROFILE=full make test" in (root / ".ci" / "run").read_text("utf-8")

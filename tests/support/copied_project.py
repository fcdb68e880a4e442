"""A copy of the project to which a test adds what an operator would add."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree, ignore_patterns

from tests.support.command_line import ROOT


def copied_project(folder: Path) -> Path:
    """Copy what the command line needs to a folder, and return it."""
    left_out = ignore_patterns(".*", "tests", "benchmarks", "tools", "build", "node_modules")
    return Path(copytree(ROOT, folder, ignore=left_out))

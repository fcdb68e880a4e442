"""The pages of the documentation, by name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.docs_page import Page
from tests.support.shell_command import shell_command

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def pages() -> dict[str, Page]:
    """README, CONTRIBUTING, CHANGELOG and everything in docs/, by path from the root."""
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    return {str(file.relative_to(ROOT)): Page(file, file.read_text("utf-8")) for file in sorted(files)}


@pytest.fixture(scope="session")
def shell_path() -> Iterator[str]:
    """A value for PATH by which a shell finds the command `creditgraph` first."""
    with shell_command() as folder:
        yield f"{folder}{os.pathsep}{os.environ['PATH']}"

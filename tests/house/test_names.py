"""A name means one thing in the whole house."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOMS = {"adapters", "catalogue", "explorer", "gateway", "observability", "resolvers", "schema", "store"}
EVERYWHERE = {"__init__.py", "__main__.py"}


@pytest.fixture(scope="module")
def production(tracked: list[Path], root: Path) -> list[Path]:
    """The Python files of the rooms whose names are unique; the command line and the sandbox are aside."""
    paths = [path for path in tracked if path.suffix == ".py"]
    return [path for path in paths if path.relative_to(root).parts[0] in ROOMS]


def test_a_file_name_stands_in_one_room(production: list[Path], root: Path) -> None:
    """No two production files have the same name."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in production:
        if path.name not in EVERYWHERE:
            places[path.name].append(str(path.relative_to(root)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_a_type_name_has_one_meaning(production: list[Path], root: Path) -> None:
    """No two modules declare a public type of the same name."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in production:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path.relative_to(root)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}

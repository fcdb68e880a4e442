"""The page of attacks names tests that exist, and at least one test for each attack."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from tests.support.docs_page import Page

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
ATTACKS = ("tests/system/test_ways_in.py", "tests/system/test_ways_through.py", "tests/system/test_faults.py")


@cache
def names_in(file: Path) -> frozenset[str]:
    """Return the names of the tests of a file; none where it is not there."""
    if not file.is_file():
        return frozenset()
    nodes = ast.walk(ast.parse(file.read_text("utf-8")))
    found = (node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(name for name in found if name.startswith("test_"))


def test_every_test_that_the_page_names_is_there(pages: dict[str, Page]) -> None:
    """Each test on the page exists."""
    named = NAMED.findall(pages["docs/security.md"].text)
    assert len(named) > 40
    gone = [
        f"{file}::{name}"
        for file, name in named
        if not names_in(ROOT / file) or (name and name not in names_in(ROOT / file))
    ]
    assert gone == []


def test_every_attack_has_its_test(pages: dict[str, Page]) -> None:
    """Each row of the page has a test, and each test of an attack over HTTP has a row."""
    page = pages["docs/security.md"]
    rows = [row for attack, row in page.rows().items() if attack not in ("attack", "dependency")]
    assert [row[0] for row in rows if "`tests/" not in row[-1] and "the same two" not in row[-1]] == []
    named = set(NAMED.findall(page.text))
    attacks = {(file, name) for file in ATTACKS for name in names_in(ROOT / file)}
    assert attacks - named == set()

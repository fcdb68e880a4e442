"""Which tests show which rule of the documents and the law: `@pytest.mark.rule("R20", "HN-37")`, read without importing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parents[1]
MARK: Final = "pytest.mark.rule"


@dataclass(frozen=True, slots=True)
class MarkedTest:
    """One test, its file below `tests/`, the sentence that it states, and the rules that it shows."""

    file: str
    name: str
    sentence: str
    rules: tuple[str, ...]

    @property
    def stem(self) -> str:
        """The name of its file, without what every file of tests has in it."""
        return Path(self.file).stem.removeprefix("test_")


@cache
def marked_tests() -> tuple[MarkedTest, ...]:
    """Return every test with a mark, by file and in the order in which they stand."""
    found = [each for file in sorted(TESTS.rglob("test_*.py")) for each in _marked_in(file)]
    return tuple(found)


def showing(rule: str) -> list[MarkedTest]:
    """Return the tests that show a rule."""
    return [each for each in marked_tests() if rule in each.rules]


def _marked_in(file: Path) -> Iterator[MarkedTest]:
    text = file.read_text("utf-8")
    if MARK not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            rules = tuple(_rules(node))
            if rules:
                sentence = " ".join((ast.get_docstring(node) or "").split())
                yield MarkedTest(file.relative_to(TESTS).as_posix(), node.name, sentence, rules)


def _rules(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """Yield the rules that the marks of a test name; anything but a text is a mistake of the mark."""
    for each in node.decorator_list:
        if isinstance(each, ast.Call) and ast.unparse(each.func) == MARK:
            yield from (ast.literal_eval(argument) for argument in each.args)

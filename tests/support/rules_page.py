"""What of docs/rules.md is made from the marks of the tests: the last cell of each rule, and the list of marked tests."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from tests.support.rule_marks import MarkedTest, marked_tests, showing

NUMBER: Final = re.compile(r"R\d\d|HN-\d+(?:\.\d)?|C\d+")
ROW: Final = re.compile(rf"^\| ({NUMBER.pattern}) \|(.*)\|[^|]*\|$", re.MULTILINE)
NONE: Final = "–"


def with_tests(text: str) -> str:
    """Return the page with the tests of each rule behind its row."""
    return ROW.sub(lambda found: f"| {found[1]} |{found[2]}| {files_of(found[1])} |", text)


def files_of(rule: str) -> str:
    """Return the files of the tests that show a rule, each with the number of tests where it has several."""
    counts = Counter((each.stem, each.file) for each in showing(rule))
    return (
        ", ".join(
            f"[{stem}](../tests/{file})" + (f" × {count}" if count > 1 else "")
            for (stem, file), count in sorted(counts.items())
        )
        or NONE
    )


def list_of_tests() -> str:
    """Return a table of every marked test: its place, the rules, and what it states."""
    rows = "".join(map(_row, marked_tests()))
    return f"\n| test | shows | what it states |\n| --- | --- | --- |\n{rows}\n"


def _row(test: MarkedTest) -> str:
    place = f"[{test.stem}](../tests/{test.file}) `{test.name.removeprefix('test_')}`"
    return f"| {place} | {', '.join(test.rules)} | {test.sentence.replace('|', chr(92) + '|')} |\n"

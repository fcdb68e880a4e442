"""The page of rules is whole and true: each rule has a state, and what is said to be held has a test that shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.docs_page import Page
from tests.support.rule_marks import marked_tests, showing
from tests.support.rules_page import NUMBER, files_of, with_tests

ARTICLES = (
    *(3, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 24, 25, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 39),
    *(40, 41, 42, 43, 44, 45, 46, 58, 60, 61, 65, 66, 67, 68, 69),
)
"""The articles of 河南省社会信用条例 that bind a gateway. HN-13 is the third paragraph of its article, HN-13.1 the others.

HN-19 is the first three paragraphs of its article, HN-19.4 the fourth.
"""
NUMBERS = [
    *(f"R{number:02}" for number in range(1, 51)),
    *(f"HN-{number}" for number in ARTICLES),
    "HN-13.1",
    "HN-19.4",
    *(f"C{number}" for number in range(1, 20)),
]
STATES = ("held", "partly", "not yet")


@pytest.fixture
def rows(pages: dict[str, Page]) -> list[list[str]]:
    """The rows of the rules, in the order in which they stand."""
    lines = [line for line in pages["docs/rules.md"].text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if NUMBER.fullmatch(row[0])]


def test_every_rule_has_its_row(rows: list[list[str]]) -> None:
    """Rules of the documents, articles of the regulation and conflicts are listed once each, without a gap."""
    assert sorted(row[0] for row in rows) == sorted(NUMBERS)


def test_a_row_is_complete(rows: list[list[str]]) -> None:
    """A row has number, rule, state, how and tests, and says what is missing where the rule is held in part."""
    for row in rows:
        number, rule, state, how, _ = row
        assert rule
        assert state in STATES, number
        assert ("Missing: " in how) is (state == "partly"), number


def test_what_is_held_has_a_test(rows: list[list[str]]) -> None:
    """A rule that is said to be held has a test that shows it, and one that is not held yet has none."""
    shown = {rule for test in marked_tests() for rule in test.rules}
    assert [row[0] for row in rows if row[2] == "held" and row[0] not in shown] == []
    assert [row[0] for row in rows if row[2] == "not yet" and row[0] in shown] == []


def test_every_mark_names_a_rule() -> None:
    """A test is marked by numbers of the page alone, each once."""
    for test in marked_tests():
        assert set(test.rules) <= set(NUMBERS), f"{test.file}::{test.name}"
        assert len(set(test.rules)) == len(test.rules), f"{test.file}::{test.name}"
        assert test.name.startswith("test_")


def test_marks_are_read_as_pytest_reads_them(request: pytest.FixtureRequest) -> None:
    """What the page takes from the text of the tests is what pytest finds at them."""
    root = Path(__file__).parents[1]
    read = {(root / each.file, each.name): set(each.rules) for each in marked_tests()}
    for item in request.session.items:
        marks = {rule for mark in item.iter_markers("rule") for rule in mark.args}
        name = getattr(item, "originalname", item.name)
        assert read.get((item.path, name), set()) == marks, item.nodeid


def test_the_tests_of_a_rule_are_named_behind_it() -> None:
    """The last cell of a row is made anew from the marks, whatever stood there."""
    test = marked_tests()[0]
    row = f"| {test.rules[0]} | A rule. | held | By a test. | "
    assert with_tests(row + "an old test |") == row + files_of(test.rules[0]) + " |"
    assert test in showing(test.rules[0])
    assert with_tests("| R99 | No rule. | not yet | | x |").endswith("| – |")

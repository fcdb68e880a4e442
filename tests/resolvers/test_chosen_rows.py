"""Rows of a list as its arguments choose them."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bureau_errors import BureauUnavailable, ContractBroken
from resolvers.fetch.list_views import choose_rows, conditions_of, ordered
from resolvers.fetch.reading import CursorRefused, Table

OLD, NEW = date(2020, 1, 1), date(2024, 1, 1)
ROWS = st.lists(st.tuples(st.integers(), st.none() | st.integers(0, 5)))


class Kind(Enum):
    """A code as GraphQL's coercion gives it."""

    LAND = "LAND"
    VALUE = "VALUE"


@pytest.mark.parametrize(
    ("condition", "value", "met"),
    [
        ({"eq": NEW}, NEW, True),
        ({"eq": NEW}, OLD, False),
        ({"in": [OLD, NEW]}, NEW, True),
        ({"in": []}, NEW, False),
        ({"from": NEW}, NEW, True),
        ({"from": NEW}, OLD, False),
        ({"until": OLD}, OLD, True),
        ({"until": OLD}, NEW, False),
        ({"from": OLD, "until": OLD}, NEW, False),
        ({"isNull": True}, None, True),
        ({"isNull": True}, OLD, False),
        ({"isNull": False}, None, False),
        ({"isNull": False}, OLD, True),
        ({"eq": NEW}, None, False),
        ({"in": [NEW]}, None, False),
        ({"from": OLD}, None, False),
        ({"until": NEW}, None, False),
        ({"eq": Kind.LAND}, "LAND", True),
        ({"in": [Kind.LAND]}, "VALUE", False),
        ({}, None, True),
    ],
)
def test_a_condition_holds_for_the_values_that_it_says(condition: dict[str, Any], value: object, met: bool):
    """Bounds are inclusive, a list of no values is met by nothing, and so is a missing value unless asked for."""
    assert all(meets(("key", value)) for meets in conditions_of({"field": condition}, {"field": 1})) is met


@given(rows=ROWS, descending=st.booleans())
def test_an_order_keeps_the_rows_that_it_cannot_tell_apart(rows: list[Any], descending: bool):
    """Rows come by value, equal ones as they were, and those without a value last in either direction."""
    found = ordered(rows, 1, descending=descending)
    sign = -1 if descending else 1
    by_rank = sorted(
        enumerate(rows), key=lambda each: (each[1][1] is None, sign * (each[1][1] or 0), each[0])
    )
    assert found == [row for _, row in by_rank]


def test_a_refused_cursor_fails_its_own_key():
    """One subject's cursor is none of another's; the other's list is made all the same."""

    def choose(key: str, rows: Any) -> Any:
        if key == "b":
            raise CursorRefused
        return rows[:1]

    table = choose_rows(Table({"a": [("a", 1), ("a", 2)]}), ["a", "b", "c"], choose)
    assert table.rows == {"a": [("a", 1)], "c": ()}
    assert isinstance(table.broken["b"], CursorRefused)
    assert table.failure is None


def test_what_failed_to_be_read_fails_in_the_list():
    """A bureau that is down and a key that is broken are not chosen from, and never answered by nothing."""
    down = Table(failure=BureauUnavailable("tax", "arrears"))
    broken = Table({"a": []}, {"b": ContractBroken("tax", "arrears", rows=1)})
    assert choose_rows(down, ["a"], lambda _, rows: rows) is down
    assert set(choose_rows(broken, ["a", "b"], lambda _, rows: rows).rows) == {"a"}
    assert set(choose_rows(broken, ["a", "b"], lambda _, rows: rows).broken) == {"b"}

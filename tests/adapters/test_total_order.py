"""Chance never decides which record comes first, nor which one is the latest, whatever source a bureau has."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import permutations
from typing import Any

import asyncpg
import httpx2
import pytest

from adapters.bureau_errors import ContractBroken
from adapters.http.http_source import HttpSource
from adapters.postgres.postgres_source import PostgresSource
from adapters.source import Batch, Query, Read, SourceAddress
from adapters.validation import EQUAL_IN_ORDER
from tests.adapters.test_http import signed
from tests.support.bureau_samples import GRADE, LATEST, ask, soon

TWICE = replace(GRADE, name="twice", relation="share.twice")
LATEST_OF_TWICE = replace(LATEST, name="latest_of_twice", relation="share.twice")
BY_DAY = {"order": ("-year", "-assessed_on")}
TEXTS = replace(TWICE, name="texts", order=("grade", "-year"))
VOID = "UPDATE share.twice SET year = year WHERE grade = 'A'"
"""Changes nothing but the place of rows in the table."""


@pytest.fixture
async def twice(owner: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """A table with two grades of one subject and year, of two days, beside a subject that has one of each year."""
    await owner.execute(
        "CREATE TABLE share.twice (LIKE share.grade); GRANT SELECT ON share.twice TO reader;"
        "INSERT INTO share.twice VALUES ('one', 2024, 'A', 90, 0, '2025-01-01', true),"
        "('one', 2024, 'B', 50, 0, '2025-02-01', true), ('one', 2023, 'A', 90, 0, '2024-01-01', true),"
        "('two', 2024, 'A', 95, 0, '2025-01-01', true), ('two', 2023, 'B', 95, 0, '2025-01-01', true)"
    )
    yield owner
    await owner.execute("DROP TABLE share.twice")


async def read(source: PostgresSource, query: Query) -> Batch:
    """Read two keys alone, and see that a joined statement gives the same."""
    alone = await source.fetch(query, ["one", "two"], soon())
    other = ask(GRADE, "points")
    joined, _ = await source.fetch_joined([Read(query, ["one", "two"]), Read(other, ["two"])], soon())
    assert isinstance(joined, Batch)
    assert plain(joined) == plain(alone)
    return alone


def plain(batch: Batch) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the rows of a batch as they are, and why its other keys are broken."""
    rows = {
        key: list(map(tuple, found)) if isinstance(found, list) else tuple(found)
        for key, found in batch.rows.items()
    }
    faults = {key: fault for key, fault in batch.broken.items() if isinstance(fault, ContractBroken)}
    return rows, {key: f"{fault.reason} {fault.rows}" for key, fault in faults.items()}


@pytest.mark.parametrize("columns", [("grade",), ("grade", "year"), ("points", "grade")])
@pytest.mark.parametrize("dataset", [TWICE, LATEST_OF_TWICE], ids=["list", "latest"])
async def test_rows_that_the_order_leaves_equal_break_the_contract(
    source: PostgresSource, twice: asyncpg.Connection, dataset: Any, columns: tuple[str, ...]
):
    """Which of two grades of one year is the latest is no matter of chance, whether the year is asked or not."""
    for _ in range(2):
        rows, broken = plain(await read(source, ask(dataset, *columns)))
        assert set(rows) == {"two"}
        assert broken == {"one": f"{EQUAL_IN_ORDER} {2 if dataset.latest else 3}"}
        await twice.execute(VOID)


async def test_a_further_column_of_the_order_decides(source: PostgresSource, twice: asyncpg.Connection):
    """Two grades of one year come by the day of their assessment, before and after rows moved in their table."""
    for _ in range(2):
        rows, broken = plain(await read(source, ask(replace(TWICE, **BY_DAY), "grade")))
        assert (rows["one"], broken) == ([("one", "B"), ("one", "A"), ("one", "A")], {})
        rows, broken = plain(await read(source, ask(replace(LATEST_OF_TWICE, **BY_DAY), "grade")))
        assert (rows["one"], broken) == (("one", "B"), {})
        await twice.execute(VOID)


@pytest.mark.parametrize(
    ("year", "day", "reason"),
    [("NULL", "2025-02-01", "year: null"), ("2024", "infinity", "assessed_on: not date")],
)
@pytest.mark.parametrize("unordered", [False, True])
async def test_a_row_that_comes_first_by_no_value_is_not_the_latest(
    source: PostgresSource, twice: asyncpg.Connection, year: str, day: str, reason: str, unordered: bool
):
    """A missing year or a day that never comes makes no grade the latest, even if neither is asked for."""
    await twice.execute(f"INSERT INTO share.twice VALUES ('two', {year}, 'B', 50, 0, '{day}', true)")  # noqa: S608 a text of this test
    query = replace(ask(replace(LATEST_OF_TWICE, **BY_DAY), "grade"), unordered=unordered)
    rows, broken = plain(await read(source, query))
    assert (rows, broken) == ({"one": ("one", "B")}, {"two": f"{reason} 1"})


async def test_a_service_s_latest_row_has_the_values_of_its_order():
    """The latest row of a bureau over HTTP is answered without the columns of its order, and refused without their values."""
    batch, _ = await answered(LATEST_OF_TWICE, [["one", "B", 2024]], "grade")
    assert plain(batch) == ({"one": ("one", "B")}, {})
    batch, _ = await answered(LATEST_OF_TWICE, [["one", "B", None]], "grade")
    assert plain(batch) == ({}, {"one": "year: null 1"})


async def test_rows_that_are_equal_in_all_that_is_asked_are_answered(
    source: PostgresSource, twice: asyncpg.Connection
):
    """Where the order decides nothing that the answer shows, no contract is broken."""
    rows, broken = plain(await read(source, ask(TWICE, "final")))
    assert (rows["one"], broken) == ([("one", True)] * 3, {})
    rows, broken = plain(await read(source, ask(LATEST_OF_TWICE, "final")))
    assert (rows["one"], broken) == (("one", True), {})
    unordered = replace(ask(TWICE, "grade"), unordered=True)
    rows, broken = plain(await read(source, unordered))
    assert (sorted(rows["one"]), broken) == ([("one", "A"), ("one", "A"), ("one", "B")], {})


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_a_service_s_rows_are_put_in_order(order: tuple[int, ...]):
    """A bureau over HTTP may give its rows in any order: they are put in that of the data set."""
    rows = [["one", "B", 2024], ["one", "A", 2024], ["one", "B", 2022]]
    batch, asked = await answered(TEXTS, [rows[number] for number in order], "grade")
    assert plain(batch) == ({"one": [("one", "A"), ("one", "B"), ("one", "B")]}, {})
    assert asked == {"columns": ["grade", "year"], "keys": ["one"]}


async def test_a_service_s_rows_that_the_order_leaves_equal_break_the_contract():
    """A bureau over HTTP is held to the order as well, for lists and for latest records."""
    rows = [["one", "A", 2024], ["one", "B", 2024]]
    batch, _ = await answered(TWICE, rows, "grade")
    assert plain(batch) == ({}, {"one": f"{EQUAL_IN_ORDER} 2"})
    batch, asked = await answered(LATEST_OF_TWICE, rows, "grade")
    assert plain(batch) == ({}, {"one": f"{EQUAL_IN_ORDER} 2"})
    assert asked["columns"] == ["grade", "year"]
    batch, _ = await answered(TWICE, [["one", None, "A"], ["one", 2024, "A"]], "year", "grade")
    assert plain(batch) == ({}, {"one": "year: null 1"})


async def answered(dataset: Any, rows: list[list[Any]], *columns: str) -> tuple[Batch, Any]:
    """Return the batch for one key of a service that answers with these rows, and what it was asked."""
    bodies: list[bytes] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        bodies.append(request.content)
        return signed(request, httpx2.Response(200, json={"rows": rows}))

    address = SourceAddress(url="http://bureau.test/", secret="s", timeout=2.0)
    source = HttpSource("tax", address, transport=httpx2.MockTransport(answer))
    batch = await source.fetch(ask(dataset, *columns), ["one"], soon())
    await source.close()
    return batch, json.loads(bodies[0])

"""Registered tables of counts: what is read, what leaves, and for which purpose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

from adapters import bureaus
from catalogue.classification import DataClass
from gateway.authorization.engine import Question
from gateway.authorization.grant import decide, judge
from gateway.errors import RequestError
from gateway.operations.document import read_document
from gateway.release.cell_network import with_totals
from gateway.release.suppression import withheld
from gateway.settings import LimitSettings
from resolvers.plan.field_use import FieldUse
from resolvers.plan.masked_plan import mask
from resolvers.plan.nodes.denied_field import DeniedField
from tests.support.folders import copy_of_policies, read, write
from tests.support.gateway_in_memory import WIDE, InMemory, errors_of, graph, policy
from tests.support.small_city import ENTERPRISES, PERSONS, SmallCity, small_city

CITY = small_city()
SOURCE, FIELD = "tax.enterprises_by_county_and_grade", "enterprisesByCountyAndTaxGrade"
TABLE = f"query T($year: Int!) {{ {FIELD}(year: $year) {{ county grade count suppressed }} }}"
STATISTICS = "statistics.city"
FIELDS = [
    "enterprisesByCountyAndTaxGrade",
    "employersByCountyAndPaymentGrade",
    "defaultersByCourtAndConduct",
    "newEnterprisesByCountyAndKind",
]
GRADES = ("A", "B", "M", "C", "D")
COUNTIES = sorted(bureaus.discover()["tax"].tables[0].by_name["county"].codes or ())
Cells = Sequence[Mapping[str, Any]]


def held(changed: Cells) -> InMemory:
    """Return a gateway over the small city whose tax bureau counts otherwise in 2025."""
    return InMemory(SmallCity({**CITY.tables, SOURCE: {"2025": changed}}).sources())


def cell(count: int, county: str = "411502", grade: str = "A") -> Mapping[str, Any]:
    """Return one cell as the tax bureau gives it."""
    return {"year": "2025", "county": county, "grade": grade, "count": count}


def counted() -> list[list[int]]:
    """Count the tax bureau's table of 2025 by hand."""
    found = {(each["county"], each["grade"]): each["count"] for each in CITY.tables[SOURCE]["2025"]}
    return [[found.get((county, grade), 0) for grade in GRADES] for county in COUNTIES]


async def test_a_table_is_released_with_its_totals():
    """Every cell stands in its place, totals under null labels, and each released count is the bureau's."""
    cells = (await InMemory(CITY.sources()).asked(TABLE, STATISTICS, year=2025))["data"][FIELD]
    places = [(county, grade) for county in (*COUNTIES, None) for grade in (*GRADES, None)]
    assert [(each["county"], each["grade"]) for each in cells] == places
    totals = with_totals(counted())
    counts = [count for row in totals for count in row]
    assert [each["count"] for each in cells if not each["suppressed"]] == [
        count for count, each in zip(counts, cells, strict=True) if not each["suppressed"]
    ]
    hidden = [each["suppressed"] for each in cells]
    assert hidden == [(i, j) in withheld(totals, 5) for i in range(len(totals)) for j in range(6)]
    assert 0 < sum(hidden) < len(hidden)


@pytest.mark.rule("R32")
async def test_no_small_count_leaves():
    """A withheld cell has no count, and no count from one to four stands anywhere in an answer."""
    asked = InMemory(CITY.sources())
    body = (await asked.answer(asked.prepared(TABLE, STATISTICS), {"year": 2025})).body
    assert not re.findall(rb'"count":[1-4]\b', body)
    assert all((each["count"] is None) is each["suppressed"] for each in orjson.loads(body)["data"][FIELD])


async def test_a_table_is_read_whole_whatever_is_selected():
    """Labels alone are asked for and the same cells come, from the same one read of all columns."""
    asked = InMemory(CITY.sources())
    text = f"{{ {FIELD}(year: 2025) {{ grade }} }}"
    answer = await asked.asked(text, STATISTICS)
    assert len(answer["data"][FIELD]) == (len(COUNTIES) + 1) * (len(GRADES) + 1)
    ((query, keys),) = asked.sources["tax"].asked
    assert (query.columns, keys) == (("county", "grade", "count"), ("2025",))
    assert all(source.asked == [] for name, source in asked.sources.items() if name != "tax")


async def test_two_years_are_one_read():
    """Two editions of a table in one operation share one round trip, and neither stands in the other's place."""
    asked = InMemory(CITY.sources())
    selected = "{ county grade count }"
    text = f"{{ a: {FIELD}(year: 2024) {selected} b: {FIELD}(year: 2025) {selected} }}"
    answer = (await asked.asked(text, STATISTICS))["data"]
    assert [sorted(keys) for _, keys in asked.sources["tax"].asked] == [["2024", "2025"]]
    for name, year in (("a", 2024), ("b", 2025)):
        alone = await InMemory(CITY.sources()).asked(TABLE, STATISTICS, year=year)
        assert [each["count"] for each in answer[name]] == [each["count"] for each in alone["data"][FIELD]]


@pytest.mark.parametrize("year", [1999, 2026, 0, -1, 2**31 - 1])
async def test_a_year_without_a_table_is_empty(year: int):
    """A year that is not closed, or was never counted, has no cell and no error."""
    assert await InMemory(CITY.sources()).asked(TABLE, STATISTICS, year=year) == {"data": {FIELD: []}}


async def test_the_same_counts_give_the_same_bytes():
    """However often and in whatever order a bureau gives its cells, a table leaves as the same bytes."""
    cells = CITY.tables[SOURCE]["2025"]
    bodies = set[bytes]()
    for each in (cells, cells[::-1]):
        asked = held(each)
        bodies |= {
            (await asked.answer(asked.prepared(TABLE, STATISTICS), {"year": 2025})).body for _ in range(2)
        }
    assert len(bodies) == 1


async def test_a_bureau_that_is_down_is_an_error():
    """A table that cannot be read is null with the bureau's code, beside those that can."""
    asked = InMemory(CITY.sources(frozenset({"tax"})))
    text = f"{{ {FIELD}(year: 2025) {{ count }} defaultersByCourtAndConduct(year: 2025) {{ count }} }}"
    answer = await asked.asked(text, STATISTICS)
    assert answer["data"][FIELD] is None
    assert answer["data"]["defaultersByCourtAndConduct"]
    assert errors_of(answer) == [([FIELD], "BUREAU_UNAVAILABLE")]


@pytest.mark.parametrize(
    "cells",
    [
        [cell(7), cell(9)],
        [cell(9), cell(-1, grade="B")],
        [cell(2**31 - 1), cell(1, grade="B")],
    ],
    ids=["twice", "negative", "too large"],
)
async def test_cells_that_contradict_each_other_are_not_released(cells: Cells):
    """A table with a cell twice, a count below 0 or a total beyond an Int breaks the contract as a whole."""
    answer = await held(cells).asked(TABLE, STATISTICS, year=2025)
    assert answer["data"] == {FIELD: None}
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BUREAU_CONTRACT_BROKEN"
    assert error["extensions"]["dataset"] == "enterprises_by_county_and_grade"


async def test_a_row_in_one_cell_is_withheld():
    """Where all of a county stand in one grade, that count is not released however large it is."""
    cells = [cell(60), *(cell(50, "411503", grade) for grade in GRADES)]
    answer = await held(cells).asked(TABLE, STATISTICS, year=2025)
    found = {(each["county"], each["grade"]): each["suppressed"] for each in answer["data"][FIELD]}
    assert found["411502", "A"]


async def test_a_null_year_fails_its_table_alone():
    """A null for the year leaves an error with the argument's name."""
    text = f"query T($year: Int = 2025) {{ {FIELD}(year: $year) {{ count }} __typename }}"
    answer = await InMemory(CITY.sources()).asked(text, STATISTICS, year=None)
    assert answer["data"] == {FIELD: None, "__typename": "Query"}
    assert answer["errors"][0]["extensions"]["code"] == "VARIABLE_INVALID"


@pytest.mark.parametrize(("nodes", "fits"), [(1 + 12 * 6 * (1 + 4), True), (12 * 6 * (1 + 4), False)])
async def test_a_table_counts_in_the_budget(nodes: int, fits: bool):
    """Every value of every cell counts, totals included, before anything is read."""
    asked = InMemory(CITY.sources(), LimitSettings(nodes=nodes))
    operation = asked.prepared(TABLE, STATISTICS)
    if fits:
        assert (await asked.answer(operation, {"year": 2025})).nodes == nodes
        return
    with pytest.raises(RequestError) as caught:
        await asked.answer(operation, {"year": 2025})
    assert caught.value.code.name == "TOO_MANY_NODES"
    assert all(source.asked == [] for source in asked.sources.values())


async def test_a_table_counts_beside_a_list_that_a_variable_bounds():
    """Where the budget is made up for each request, a table weighs the same."""
    text = (
        f'query Q($n: Count!) {{ {FIELD}(year: 2025) {{ count }} person(id: "{PERSONS[0]}") '
        "{ offices(first: $n) { role } } }"
    )
    asked = InMemory(CITY.sources())
    answer = await asked.answer(asked.prepared(text), {"n": 3})
    assert answer.nodes == (1 + 12 * 6 * (1 + 1)) + (1 + 1 + 1 + 3 * 2)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("kind", ["statistics_office", "credit_office", "auditor"])
async def test_every_table_is_covered_by_statistics(field: str, kind: str):
    """Whoever may hold the purpose reads each table whole, with nothing denied."""
    asked = InMemory(CITY.sources())
    text = f"{{ {field}(year: 2025) {{ count suppressed }} }}"
    answer = orjson.loads((await asked.answer(asked.prepared(text, STATISTICS, kind=kind))).body)
    assert "errors" not in answer
    assert answer["data"][field]


@pytest.mark.parametrize(
    "text",
    [
        f'{{ person(id: "{PERSONS[0]}") {{ name }} }}',
        f'{{ enterprise(id: "{ENTERPRISES[0]}") {{ region kind taxGrades {{ year grade }} }} }}',
        f'{{ subjects(by: [{{person: "{PERSONS[0]}"}}]) {{ judgmentDefaults {{ court }} }} }}',
        f'{{ standing(of: {{person: "{PERSONS[0]}"}}) {{ __typename }} }}',
    ],
)
async def test_statistics_read_nobodys_record(text: str):
    """Under a purpose of statistics every way to a subject is denied, and no bureau is asked."""
    asked = InMemory(CITY.sources())
    answer = orjson.loads(
        (await asked.answer(asked.prepared(text, STATISTICS, kind="statistics_office"))).body
    )
    assert list(answer["data"].values()) == [None]
    assert answer["errors"][0]["extensions"]["code"] == "FIELD_DENIED"
    assert all(source.asked == [] for source in asked.sources.values())


def test_statistics_see_no_field_of_a_record():
    """Under a purpose of statistics nobody may see a field of any class but tables and the catalogue."""
    rules = policy()
    open_to_it = {DataClass.STATISTIC, DataClass.OPEN}
    for kind in rules.purposes.leaves[STATISTICS].holders:
        for name, each in rules.fields.items():
            if each.classification.data_class not in open_to_it:
                for use in ("read", "filter", "sort", "argument", "exists", "join_key", "derive"):
                    assert not judge(rules, Question(kind, STATISTICS, use, name)).allowed


def test_incentive_data_is_never_counted():
    """No kind of caller may aggregate incentive data under any purpose."""
    rules = policy()
    incentive = [
        name for name, each in rules.fields.items() if each.classification.data_class is DataClass.INCENTIVE
    ]
    assert incentive
    for purpose, leaf in rules.purposes.leaves.items():
        for kind in leaf.holders:
            for name in incentive:
                assert not judge(rules, Question(kind, purpose, "aggregate", name)).allowed


@pytest.mark.parametrize("field", FIELDS)
def test_no_other_purpose_reads_a_table(field: str):
    """Tables serve statistics: under every other purpose, for every kind that holds it, a table is denied."""
    rules = policy()
    for purpose, leaf in rules.purposes.leaves.items():
        if not purpose.startswith("statistics."):
            for kind in leaf.holders:
                assert not judge(rules, Question(kind, purpose, "read", f"Query.{field}")).allowed


def test_a_table_needs_the_right_to_count_its_fields(tmp_path: Path):
    """Where no rule lets statistics count records, the permit for tables alone does not give one out."""
    folder = copy_of_policies(tmp_path)
    file = folder / "permits" / "statistics.cedar"
    text = file.read_text("utf-8")
    file.write_text(text[: text.index('@id("statistics-counts-records")')], "utf-8")
    grant = decide(read(folder), "auditor", STATISTICS, [FieldUse(f"Query.{FIELD}", "read")])
    ((place, denials),) = grant.denied.items()
    assert place == (f"Query.{FIELD}", "asked")
    assert denials[0].verdict.rule == "default-deny"


def test_a_table_is_granted_whole_or_not_at_all(tmp_path: Path):
    """A rule against one field of a cell takes the whole table away, and nothing is read for it."""
    folder = copy_of_policies(tmp_path)
    write(folder, 'forbid(principal, action, resource == Field::"EnterprisesByCountyAndTaxGrade.count");')
    document = read_document(
        graph(), f"{{ {FIELD}(year: 2025) {{ county }} }}", None, WIDE, introspection=False
    )
    plan = document.plan
    grant = decide(read(folder), "auditor", STATISTICS, plan.uses(graph(), "asked"))
    masked = mask(graph(), plan, grant.denied, STATISTICS)
    assert [type(each) for each in masked.roots] == [DeniedField]
    assert masked.reading.levels == ()

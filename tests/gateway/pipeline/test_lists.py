"""Filters, orders and cursors give the records that they say, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import bureaus
from catalogue.declarations import adverse_datasets
from sandbox.expected.shown import may_be_shown
from tests.support.effort import examples
from tests.support.gateway_in_memory import TODAY, InMemory, errors_of
from tests.support.list_documents import ARREARS, CITY, RECORDS, answered, city_of, listed
from tests.support.plain_choices import born_of
from tests.support.rows_source import Record
from tests.support.small_city import BY_ENTERPRISE, ENTERPRISES, PERSONS, SmallCity

ADVERSE_DATASETS = adverse_datasets(bureaus.discover().values())
JUDGMENTS = "courts.judgment_defaulter"
DISTINCT = RECORDS.map(lambda found: [*{each["since"]: each for each in found}.values()])
"""Records of different days."""
CHOICES = (
    "",
    "where: { tax: { eq: LAND_USE } }",
    "orderBy: { field: AMOUNT_FEN, direction: DESC }",
    "where: { clearedOn: { isNull: false } }, orderBy: { field: SINCE }",
)


@examples(60)
@given(records=RECORDS, choice=st.sampled_from(CHOICES), size=st.integers(1, 4))
async def test_pages_are_the_list(records: list[Record], choice: str, size: int):
    """Continued behind the last record of each page, a list comes whole, in its order, each record once."""
    city, selection = city_of(records), "tax amountFen since clearedOn cursor"
    whole = await answered(city, listed(f"{choice} first: 100", selection))
    pages: list[Any] = []
    after = "null"
    while True:
        page = await answered(city, listed(f"{choice} first: {size}, after: {after}", selection))
        pages += page
        if len(page) < size:
            break
        after = f'"{page[-1]["cursor"]}"'
    assert pages == whole
    assert len({each["cursor"] for each in whole}) == len(whole)


@examples(80)
@given(
    records=DISTINCT,
    others=DISTINCT,
    gone=st.integers(0, 7),
    size=st.integers(1, 3),
    choice=st.sampled_from(CHOICES),
)
async def test_records_that_come_and_go_between_pages_move_none(
    records: list[Record], others: list[Record], gone: int, size: int, choice: str
):
    """What is listed before and after a change stands on the pages once; only a cursor whose record is gone is refused."""
    selection = "tax amountFen since clearedOn cursor"
    before = await answered(city_of(in_order(records)), listed(f"{choice} first: {size}", selection))
    if len(before) < size:
        return
    days = [each["since"] for each in records]
    kept = [each for at, each in enumerate(records) if at != gone]
    changed = city_of(in_order([*kept, *(each for each in others if each["since"] not in days)]))
    after = f'{choice} first: 100, after: "{before[-1]["cursor"]}"'
    rest = await answered(changed, listed(after, selection))
    whole = [plain(each) for each in await answered(changed, listed(f"{choice} first: 100", selection))]
    shown = [plain(each) for each in before]
    if rest == "CURSOR_INVALID":
        assert shown[-1] not in whole
        return
    assert [plain(each) for each in rest] == whole[whole.index(shown[-1]) + 1 :]
    assert not [each for each in rest if plain(each) in shown]


@pytest.mark.parametrize("change", ["a newer record", "the cursor's record is gone"])
async def test_a_page_goes_on_behind_the_record_of_its_cursor(change: str):
    """A record that was inserted moves no page, and a cursor whose record is gone is refused."""
    records = [
        {"tax": "LAND_USE", "amount_fen": 1, "since": date(year, 1, 1), "cleared_on": None}
        for year in range(2024, 2018, -1)
    ]
    text = listed("orderBy: { field: SINCE, direction: DESC }, first: 2%s", "since cursor")
    first = await answered(city_of(records), text % "")
    newer = {**records[0], "since": date(2025, 1, 1)}
    changed = [newer, *records] if change == "a newer record" else [records[0], *records[2:]]
    found = await answered(city_of(changed), text % f', after: "{first[-1]["cursor"]}"')
    if change == "a newer record":
        assert [each["since"] for each in found] == ["2022-01-01", "2021-01-01"]
    else:
        assert found == "CURSOR_INVALID"


@pytest.mark.parametrize(("left", "rest"), [(1, [3, 4, 5]), (2, "CURSOR_INVALID")])
async def test_offices_of_one_day_are_told_apart(left: int, rest: Any):
    """Where one of several officers of one day leaves and another comes, the next page skips none and repeats none."""
    text = f'{{ enterprise(id: "{ENTERPRISES[0]}") {{ officers(first: %s) {{ until cursor }} }} }}'

    def gateway(numbers: list[int]) -> InMemory:
        held = [
            {
                "person_number": PERSONS[0],
                "credit_code": ENTERPRISES[0],
                "role": "DIRECTOR",
                "since": date(2020, 1, 1),
                "until": date(2030, 1, number),
                "office_number": str(number),
            }
            for number in numbers
        ]
        return InMemory(
            replace(CITY, tables={**CITY.tables, BY_ENTERPRISE: {ENTERPRISES[0]: held}}).sources()
        )

    first = await gateway([1, 2, 3, 4]).asked(text % 2)
    cursor = first["data"]["enterprise"]["officers"][-1]["cursor"]
    now = [number for number in (1, 2, 3, 4, 5) if number != left]
    answer = await gateway(now).asked(text % f'100, after: "{cursor}"')
    codes = [code for _, code in errors_of(answer)]
    found = (
        codes[0] if codes else [int(each["until"][-2:]) for each in answer["data"]["enterprise"]["officers"]]
    )
    assert found == rest


def in_order(records: list[Record]) -> list[Record]:
    """Return records in the order that the tax bureau states for them."""
    by_amount = sorted(records, key=lambda each: each["amount_fen"], reverse=True)
    return sorted(
        sorted(by_amount, key=lambda each: each["tax"]), key=lambda each: each["since"], reverse=True
    )


def plain(record: Any) -> tuple[Any, ...]:
    """Return what a record shows but for its cursor."""
    return record["since"], record["tax"], record["amountFen"], record["clearedOn"]


async def test_what_is_left_out_of_a_list_is_not_followed():
    """A person whose office the filter leaves out, or the bound cuts off, is not read."""
    text = """{ enterprise(id: "%s") {
      officers(where: { until: { isNull: false } }, orderBy: { field: SINCE, direction: DESC }, first: 1) {
        person { identityNumber }
      }
    } }"""
    for code in ENTERPRISES[:-1]:
        gateway = InMemory(CITY.sources())
        held = [each for each in CITY.tables[BY_ENTERPRISE].get(code, ()) if each["until"] is not None]
        latest = [max(held, key=lambda each: each["since"])["person_number"]] if held else []
        answer = await gateway.asked(text % code)
        read = gateway.sources["registry"].asked
        asked = [keys for query, keys in read if query.dataset.name == "person"]
        assert len(answer["data"]["enterprise"]["officers"]) == len(latest)
        of_age = [each for each in latest if may_be_shown("adults", born_of(each), TODAY)]
        assert asked == [(each,) for each in of_age]


async def test_one_read_serves_every_list_of_a_data_set():
    """However often a list is chosen from, its data set is read once, with the columns of all of them."""
    gateway = InMemory(CITY.sources())
    await gateway.asked(
        f"""{{ person(id: "{PERSONS[0]}") {{
          taxArrears(where: {{ clearedOn: {{ isNull: true }} }}) {{ tax }}
          latest: taxArrears(orderBy: {{ field: SINCE, direction: DESC }}, first: 1) {{ cursor }}
          all: taxArrears {{ amountFen }}
        }} }}"""
    )
    assert [query.columns for query, _ in gateway.sources["tax"].asked] == [
        ("tax", "amount_fen", "since", "cleared_on")
    ]


async def test_a_record_that_stands_in_no_list_of_its_own_has_no_cursor():
    """A single record, and one gathered from several lists, cannot be continued from."""
    graded = next(key for key in ENTERPRISES if key in CITY.tables["tax.latest_taxpayer_grade"])
    one = await InMemory(CITY.sources()).asked(
        f'{{ enterprise(id: "{graded}") {{ latestTaxGrade {{ cursor }} }} }}'
    )
    assert one["data"]["enterprise"] == {"latestTaxGrade": {"cursor": None}}
    text = f'{{ person(id: "{PERSONS[0]}") {{ adverseRecords(first: 1) {{ ... on TaxArrears {{ cursor }} }} }} }}'
    gathered = await InMemory(city_of([{}]).sources()).asked(text)
    assert gathered["data"]["person"]["adverseRecords"][0] == {"cursor": None}


@pytest.mark.parametrize("first", [1, 2, 20, 100])
@pytest.mark.parametrize("many", [25, 105])
async def test_many_records_of_one_kind_hide_none_of_another(first: int, many: int):
    """However many arrears were cleared long ago, every bound of the list shows the one judgment, and the latest arrears."""
    text = (
        f'{{ person(id: "{PERSONS[0]}") {{ adverseRecords(first: {first}) {{'
        " __typename ... on TaxArrears { amountFen } } } }"
    )
    answer = await InMemory(in_arrears(many).sources()).asked(text)
    found = answer["data"]["person"]["adverseRecords"]
    assert [each["amountFen"] for each in found[:-1]] == list(range(many, 0, -1))[:first]
    assert found[-1] == {"__typename": "JudgmentDefault"}


@pytest.mark.parametrize(("many", "first", "cut"), [(25, 24, True), (25, 25, False), (1, 1, False)])
async def test_records_that_a_list_of_several_kinds_leaves_out_are_told(many: int, first: int, cut: bool):
    """Where more records of a kind are known than the list may hold, the answer names the list and the kind."""
    text = f'{{ persons(ids: ["{PERSONS[1]}", "{PERSONS[0]}"]) {{ adverseRecords(first: {first}) {{ __typename }} }} }}'
    answer = await InMemory(in_arrears(many).sources()).asked(text)
    told = answer.get("extensions", {}).get("warnings", [])
    assert [(each["code"], each["path"], each["kinds"]) for each in told] == [
        ("LIST_CUT", ["persons", 1, "adverseRecords"], ["TaxArrears"])
    ] * cut
    listed_ = [each["__typename"] for each in answer["data"]["persons"][1]["adverseRecords"]]
    assert listed_ == ["TaxArrears"] * min(many, first) + ["JudgmentDefault"]


def in_arrears(many: int) -> SmallCity:
    """Return the city in which the first person alone has adverse records: many arrears of long ago, and one judgment."""
    arrears = [
        {"tax": "LAND_USE", "amount_fen": n, "since": date(2018, 1, 1), "cleared_on": date(2019, 1, 1)}
        for n in range(many, 0, -1)
    ]
    judgments = {PERSONS[0]: CITY.tables[JUDGMENTS][judged(CITY)][:1]}
    kinds = {name: {} for name in ADVERSE_DATASETS}
    tables = {**CITY.tables, **kinds, ARREARS: {PERSONS[0]: arrears}, JUDGMENTS: judgments}
    return replace(CITY, tables=tables)


def judged(city: SmallCity) -> str:
    """Return a subject with a judgment default."""
    return next(key for key, rows in city.tables[JUDGMENTS].items() if rows)

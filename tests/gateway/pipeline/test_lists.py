"""Filters, orders and cursors give the records that they say, each once."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.effort import examples
from tests.support.gateway_in_memory import InMemory
from tests.support.list_documents import CITY, RECORDS, answered, city_of, listed
from tests.support.rows_source import Record
from tests.support.small_city import BY_ENTERPRISE, ENTERPRISES, PERSONS

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
        assert asked == [(each,) for each in latest]


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
    graded = next(key for key in PERSONS if key in CITY.tables["tax.latest_taxpayer_grade"])
    one = await InMemory(CITY.sources()).asked(
        f'{{ person(id: "{graded}") {{ latestTaxGrade {{ cursor }} }} }}'
    )
    assert one["data"]["person"] == {"latestTaxGrade": {"cursor": None}}
    text = f'{{ person(id: "{PERSONS[0]}") {{ adverseRecords(first: 1) {{ ... on TaxArrears {{ cursor }} }} }} }}'
    gathered = await InMemory(city_of([{}]).sources()).asked(text)
    assert gathered["data"]["person"] == {"adverseRecords": [{"cursor": None}]}

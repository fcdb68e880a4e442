"""The ways into hidden fields by filters, orders, cursors and variables, each of them closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from gateway.authorization.policy import Policy
from gateway.errors import RequestError
from gateway.operations.document import read_document
from gateway.pipeline.prepare import Operation, Preparer, Terms
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from tests.support.drawn_arguments import choosing
from tests.support.effort import examples
from tests.support.folders import bare, read, write
from tests.support.gateway_in_memory import EVERYTHING, WIDE, InMemory, errors_of, graph
from tests.support.list_documents import CITY, DAYS, RECORDS, answered, city_of, listed
from tests.support.rows_source import Record
from tests.support.small_city import BY_PERSON, ENTERPRISES, PERSONS, SmallCity

DAY = {"day": "2020-01-01"}
SINCE = "where: { since: { from: $day } }"
THREE: list[Record] = [
    {
        "tax": "LAND_USE",
        "amount_fen": amount,
        "since": date(2020, 1, amount),
        "cleared_on": None,
        "state": "EFFECTIVE",
    }
    for amount in (3, 2, 1)
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(("2020-01-01", "LAND_USE", "SINCE", "")),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(("since", "clearedOn", "eq", "in", "from", "isNull", "field")), below
        )
    ),
    max_leaves=6,
)


def forbidding(folder: Path, use: str, field: str) -> Policy:
    """Return a policy that permits everything but one use of one field."""
    made = bare(folder)
    write(made, "permit(principal, action, resource);", "everything")
    write(made, f'forbid(principal, action == Action::"{use}", resource == Field::"{field}");', "hidden")
    return read(made)


def prepared(gateway: InMemory, rules: Policy, text: str) -> Operation:
    """Prepare a document under a policy."""
    document = read_document(graph(), text, None, WIDE, introspection=False)
    preparer = Preparer(graph(), rules, Loaders(gateway.sources, Hooks()), Hooks())
    return preparer.prepare("test", document, Terms("developer", EVERYTHING, 10))


@pytest.mark.parametrize(
    ("use", "field", "declared", "arguments", "variables"),
    [
        ("filter", "TaxArrears.since", "($day: Date!)", SINCE, DAY),
        ("filter", "TaxArrears.clearedOn", "", "where: { clearedOn: {} }", {}),
        ("filter", "TaxArrears.clearedOn", "($w: TaxArrearsWhere!)", "where: $w", {"w": {}}),
        ("sort", "TaxArrears.since", "", "orderBy: { field: SINCE }", {}),
        (
            "sort",
            "TaxArrears.amountFen",
            "($f: TaxArrearsOrderField!)",
            "orderBy: { field: $f }",
            {"f": "SINCE"},
        ),
        ("sort", "TaxArrears.amountFen", "($o: TaxArrearsOrder!)", "orderBy: $o", {"o": {"field": "SINCE"}}),
        ("sort", "TaxArrears.since", "($day: Date!)", f"{SINCE}, orderBy: {{ field: SINCE }}", DAY),
    ],
)
async def test_a_list_chosen_by_a_hidden_field_is_refused(
    tmp_path: Path, use: str, field: str, declared: str, arguments: str, variables: Mapping[str, Any]
):
    """A denied filter or order denies the list and reads nothing, if only a variable could name the field."""
    gateway = InMemory(CITY.sources())
    operation = prepared(gateway, forbidding(tmp_path, use, field), listed(arguments, "tax", declared))
    answer = orjson.loads((await gateway.answer(operation, variables)).body)
    assert answer["data"] == {"person": {"taxArrears": None}}
    told = [(each["extensions"]["code"], each["extensions"]["use"]) for each in answer["errors"]]
    assert told == [("FIELD_DENIED", use)]
    assert gateway.sources["tax"].asked == []


@pytest.mark.parametrize(
    "choice", ["where: { clearedOn: { isNull: true } }", "orderBy: { field: CLEARED_ON }"]
)
async def test_a_field_that_chooses_need_not_be_read(tmp_path: Path, choice: str):
    """Reading, filtering and ordering are decided each by itself: a list is chosen by what it does not show."""
    gateway = InMemory(CITY.sources())
    rules = forbidding(tmp_path, "read", "TaxArrears.clearedOn")
    answer = await gateway.answer(prepared(gateway, rules, listed(choice, "tax")))
    assert "errors" not in orjson.loads(answer.body)
    assert [query.columns for query, _ in gateway.sources["tax"].asked] == [("tax", "cleared_on")]


@pytest.mark.parametrize(
    ("arguments", "selection"), [("", "tax cursor"), (', after: "x"', "tax"), (", after: null", "tax")]
)
async def test_an_order_by_what_may_not_be_read_is_not_continued(
    tmp_path: Path, arguments: str, selection: str
):
    """A cursor of such an order would tell when a value changed that does not change the order: its list is denied."""
    gateway = InMemory(CITY.sources())
    rules = forbidding(tmp_path, "read", "TaxArrears.clearedOn")
    text = listed(f"orderBy: {{ field: CLEARED_ON }}{arguments}", selection)
    answer = orjson.loads((await gateway.answer(prepared(gateway, rules, text))).body)
    assert answer["data"] == {"person": {"taxArrears": None}}
    (error,) = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"]["use"]) == ("FIELD_DENIED", "read")
    assert gateway.sources["tax"].asked == []


async def test_incentive_data_offers_no_filter():
    """No document filters, orders or continues a list of incentive data, under any purpose."""
    for arguments in ("where: {}", "orderBy: { field: UNTIL }", 'after: "x"'):
        text = listed(arguments, "__typename").replace("taxArrears", "redLists")
        with pytest.raises(RequestError) as caught:
            read_document(graph(), text, None, WIDE, introspection=False)
        assert caught.value.code.name == "DOCUMENT_INVALID"


@examples(40)
@given(records=RECORDS, days=st.lists(st.none() | DAYS, min_size=8, max_size=8))
async def test_a_cursor_tells_of_the_list_s_order_alone(records: list[Record], days: list[Any]):
    """Cursors depend on the values by which the list is ordered, and on no other value nor on what a filter left out."""
    text = listed("first: 100", "cursor")
    changed = [{**each, "cleared_on": new} for each, new in zip(records, days, strict=False)]
    assert await answered(city_of(records), text) == await answered(city_of(changed), text)
    kept = listed("first: 2, where: { tax: { eq: LAND_USE } }", "cursor")
    taxed = [each for each in records if each["tax"] == "LAND_USE"]
    assert await answered(city_of(records), kept) == await answered(city_of(taxed), kept)


@pytest.mark.parametrize(
    ("subject", "purpose", "arguments"),
    [
        (PERSONS[1], "supervision.tax", "first: 1"),
        (PERSONS[0], "supervision.inspection", "first: 1"),
        (PERSONS[0], "supervision.tax", "first: 1, where: {}"),
        (PERSONS[0], "supervision.tax", "first: 1, orderBy: { field: SINCE }"),
    ],
)
async def test_a_cursor_of_another_list_is_refused(subject: str, purpose: str, arguments: str):
    """A cursor continues the list of its own subject, purpose, filter and order, and fails any other."""
    city = city_of(THREE, THREE)
    own = (await answered(city, listed("first: 1", "cursor"), "supervision.tax"))[0]["cursor"]
    text = listed(f'{arguments}, after: "{own}"', "cursor").replace(PERSONS[0], subject)
    assert await answered(city, text, purpose) == "CURSOR_INVALID"
    assert (
        await answered(city, listed(f'first: 1, after: "{own}"', "cursor"), "supervision.tax")
        != "CURSOR_INVALID"
    )


async def test_a_cursor_of_one_subject_fails_the_others_alone():
    """Where several subjects are asked for, the list of the cursor's own is continued and the others' are not."""
    city = city_of(THREE, THREE)
    cursor = (await answered(city, listed("first: 1", "cursor")))[0]["cursor"]
    text = (
        f'{{ persons(ids: ["{PERSONS[1]}", "{PERSONS[0]}"]) {{ taxArrears(after: "{cursor}") {{ tax }} }} }}'
    )
    answer = await InMemory(city.sources()).asked(text)
    assert answer["data"]["persons"][0]["taxArrears"] is None
    assert answer["data"]["persons"][1]["taxArrears"] is not None
    (error,) = answer["errors"]
    assert error["path"] == ["persons", 0, "taxArrears"]
    assert error["extensions"]["code"] == "CURSOR_INVALID"
    assert cursor not in str(error)


WIDENED = """
query Q($day: Date!, $days: [Date!]!, $open: Boolean!, $to: OrderDirection!, $after: Cursor) {
  person(id: "%s") {
    taxArrears(
      where: { tax: { eq: LAND_USE }, since: { from: $day, in: $days }, clearedOn: { isNull: $open } }
      orderBy: { field: SINCE, direction: $to }
      after: $after
    ) { tax since clearedOn }
  }
}
"""
VARIABLES = st.fixed_dictionaries({}, optional=dict.fromkeys(("day", "days", "open", "to", "after"), JSON))


async def answered_or_refused(city: SmallCity, text: str, variables: Mapping[str, Any]) -> Any:
    """Return the list, or the code of the error in its place or of the refusal."""
    try:
        return await answered(city, text, **variables)
    except RequestError as error:
        return error.code.name


@examples(150)
@given(records=RECORDS, sent=VARIABLES)
async def test_variables_widen_no_filter(records: list[Record], sent: Mapping[str, Any]):
    """Whatever is sent or left out, every record meets every condition that the document states, or none is answered."""
    good = {"day": "2016-01-01", "days": [str(each["since"]) for each in records], "open": True, "to": "ASC"}
    for given_ in (good | sent, sent):
        found = await answered_or_refused(city_of(records), WIDENED % PERSONS[0], given_)
        if isinstance(found, str):
            assert found in ("VARIABLE_INVALID", "CURSOR_INVALID")
            continue
        days = given_["days"] if isinstance(given_["days"], list) else [given_["days"]]
        for each in found:
            assert each["tax"] == "LAND_USE"
            assert each["since"] >= given_["day"]
            assert each["since"] in days
            assert (each["clearedOn"] is None) is given_["open"]


async def test_a_cursor_does_not_tell_whom_its_list_was_reached_through():
    """Of officers whose identity numbers are hidden, records that look alike have the same cursor, whoever they are."""
    tables = {
        **CITY.tables,
        BY_PERSON: {
            key: [{**held[0], "since": date(2010, 1, 1)}] for key, held in CITY.tables[BY_PERSON].items()
        },
    }
    city = replace(CITY, tables=tables)
    text = """{ enterprise(id: "%s") { officers(first: 1) { person { offices(first: 1) { cursor } } } } }"""
    answers = [await InMemory(city.sources()).asked(text % code) for code in ENTERPRISES[:-1]]
    officers = [each["data"]["enterprise"]["officers"] for each in answers]
    cursors = [
        each["person"]["offices"][0]["cursor"] for found in officers for each in found if each["person"]
    ]
    assert len(cursors) > 2
    assert len(set(cursors)) == 1
    own = f'{{ person(id: "{PERSONS[0]}") {{ offices(first: 1, after: "{cursors[0]}") {{ role }} }} }}'
    assert [code for _, code in errors_of(await InMemory(city.sources()).asked(own))] == ["CURSOR_INVALID"]


@pytest.mark.parametrize(
    "where",
    [
        {"since": None},
        {"since": {"from": None}},
        {"since": {"in": [*["2020-01-01"] * 101]}},
        {"clearedOn": {"isNull": None}},
    ],
)
async def test_a_filter_sent_as_a_whole_holds_no_null_and_no_long_list(where: Mapping[str, Any]):
    """Where a variable is the whole filter, a null in it is no condition and refuses its list."""
    text = listed("where: $w", declared="($w: TaxArrearsWhere!)")
    assert await answered(CITY, text, w=where) == "VARIABLE_INVALID"


@pytest.mark.parametrize(
    "where", [{"since": {"from": PERSONS[1]}}, {PERSONS[1]: {}}, {"since": {PERSONS[1]: 1}}, PERSONS[1]]
)
async def test_no_error_of_a_filter_holds_what_was_sent(where: Any):
    """An identity number that was put into a filter is not repeated."""
    text = listed("where: $w", declared="($w: TaxArrearsWhere!)")
    with pytest.raises(RequestError) as caught:
        await answered(CITY, text, w=where)
    assert PERSONS[1] not in f"{caught.value} {caught.value.formatted()} {caught.value.__cause__!r}"


FIELDS = {"tax": "tax", "amountFen": "amount_fen", "since": "since", "clearedOn": "cleared_on"}
ARGUMENTS = graph().schema.type_map["Person"].fields["taxArrears"].args


@cache
def hiding(field: str) -> Policy:
    """Return a policy that permits everything but the uses of one field of tax arrears."""
    with TemporaryDirectory() as folder:
        made = bare(Path(folder))
        write(made, "permit(principal, action, resource);", "everything")
        write(made, f'forbid(principal, action, resource == Field::"TaxArrears.{field}");', "hidden")
        return read(made)


def given_out(records: list[Record]) -> list[Record]:
    """Return records in the order that the tax bureau states for them."""
    by_tax = sorted(records, key=lambda each: each["tax"])
    return sorted(by_tax, key=lambda each: each["since"], reverse=True)


@examples(100)
@given(
    field=st.sampled_from(sorted(FIELDS)),
    records=RECORDS,
    others=RECORDS,
    arguments=choosing("taxArrears", ARGUMENTS, PERSONS[:1]),
)
async def test_worlds_that_differ_in_a_hidden_field_give_equal_lists(
    field: str, records: list[Record], others: list[Record], arguments: str
):
    """A field of which no use is granted changes no byte: no value, order or length of a list, and no cursor."""
    column = FIELDS[field]
    changed = [{**one, column: other[column]} for one, other in zip(records, others, strict=False)]
    text = listed(arguments, " ".join((*FIELDS, "cursor")))
    bodies: list[bytes] = []
    for world in (records[: len(changed)], changed):
        gateway = InMemory(city_of(given_out(world)).sources())
        bodies.append((await gateway.answer(prepared(gateway, hiding(field), text))).body)
    assert bodies[0] == bodies[1]
    event(f"hidden {field}, answered {b'[{' in bodies[0]}")

"""The contenders compute the state of a record in SQL as the gateway does, so their answers are equal."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from adapters.bureaus import discover
from benchmarks.databases import SESSION
from benchmarks.standing import standing, state_of
from catalogue.ages import OF_AGE, birthday_of, years_before
from catalogue.city_clock import city_today
from catalogue.dated_rules import dated_rules
from catalogue.declarations import Column, Dataset, Kind, datasets_by_name
from catalogue.identifiers import person_check_sign
from catalogue.record_states import LifeReader
from sandbox.city import RunningCity
from tests.support.drawn_cities import drawn_row
from tests.support.drawn_records import lived
from tests.support.life_states import possible_states
from tests.support.small_city import ENTERPRISES, PERSONS

REACHED = (
    "tax.tax_arrears",
    "tax.serious_violation",
    "courts.judgment_defaulter",
    "courts.closed_enforcement",
    "credit_office.red_list",
)
"""The data sets whose states the questions reach."""
DRAWN = 500
TERMS = (2, 5, OF_AGE)
"""Years after which something about a record changes."""


def dataset_of(name: str) -> Dataset:
    """Return a data set by its full name."""
    return datasets_by_name(discover().values())[name]


def reader_of(dataset: Dataset) -> LifeReader:
    """Return what reads the lives of a data set."""
    assert dataset.life is not None
    return LifeReader(dataset.life, dated_rules(), columns=[each.name for each in dataset.stored])


async def connect(city: RunningCity, name: str) -> asyncpg.Connection[Any]:
    """Return a connection to the bureau of a data set with the settings of the contenders."""
    return await asyncpg.connect(city.dsns[name.partition(".")[0]], server_settings=SESSION)


@pytest.mark.parametrize("name", REACHED)
async def test_the_city_s_records_have_in_sql_the_state_that_the_gateway_computes(
    city: RunningCity, name: str
):
    """Each record of a city has the same state in SQL and in the gateway, and stands in both or in none."""
    dataset, connection = dataset_of(name), await connect(city, name)
    rows = await connection.fetch(
        f"SELECT *, {state_of(name)} AS in_sql, {standing(name)} AS stands FROM {dataset.relation}"  # noqa: S608 our own
    )
    await connection.close()
    reader = reader_of(dataset)
    states = [reader.state(dict(row), row[dataset.key], city_today()) for row in rows]
    assert [row["in_sql"] for row in rows] == states
    assert [row["stands"] for row in rows] == [each == "EFFECTIVE" for each in states]
    assert len({*states}) > 1


def on_the_verge(years: int, days: int) -> str:
    """Return the number of a person who was born so many years before today, and some days later."""
    body = f"410402{years_before(city_today(), years) + timedelta(days):%Y%m%d}001"
    return body + person_check_sign(body)


def drawn_records(name: str) -> Iterator[Mapping[str, Any]]:
    """Yield records that can be, most of whose days are on the verge of a term."""
    dataset, rng = dataset_of(name), random.Random(name)
    assert dataset.life is not None
    begins, reader, today = dataset.life.begins, reader_of(dataset), city_today()
    verge = [years_before(today, years) + timedelta(by) for years in (0, *TERMS) for by in (-1, 0, 1)]
    keys = (*PERSONS, *ENTERPRISES, *(on_the_verge(years, by) for years in (20, 23) for by in (-1, 0, 1)))
    while True:
        key = rng.choice(keys)
        row, born = drawn_row(rng, dataset, key), birthday_of(key)
        begun = rng.choice((row[begins], *verge))
        if begun <= today and (born is None or born <= begun):
            row = lived(rng, dataset, key, row | {begins: begun})
        days = [each for each in dataset.stored if each.kind is Kind.DATE]
        for column in rng.sample(days, rng.randint(0, 3)):
            row[column.name] = rng.choice([*verge, *((None,) if column.nullable else ())])
        if reader.fault(row, key, today) is None:
            yield {each.name: row[each.name] for each in (Column(dataset.key), *dataset.stored)}


@pytest.mark.parametrize("name", REACHED)
async def test_every_state_that_a_record_can_have_is_computed_in_sql(city: RunningCity, name: str):
    """Of records in every state, with days on the verge of each term, SQL says what the gateway says."""
    dataset, drawn = dataset_of(name), drawn_records(name)
    records = [next(drawn) for _ in range(DRAWN)]
    connection = await connect(city, name)
    found = await connection.fetch(
        f"SELECT {state_of(name)} FROM jsonb_populate_recordset(NULL::{dataset.relation}, $1)"  # noqa: S608 our own
        " WITH ORDINALITY ORDER BY ordinality",
        json.dumps(records, default=date.isoformat),
    )
    await connection.close()
    reader = reader_of(dataset)
    states = [reader.state(record, record[dataset.key], city_today()) for record in records]
    assert [state for (state,) in found] == states
    assert {*states} == possible_states(dataset)


async def test_a_day_in_sql_is_the_city_s(city: RunningCity):
    """The sessions of the contenders are eight hours ahead of UTC, as the city is."""
    connection = await connect(city, "tax.tax_arrears")
    offset = await connection.fetchval("SELECT extract(timezone FROM now())::int")
    await connection.close()
    assert timedelta(seconds=offset) == timedelta(hours=8)


@pytest.mark.parametrize("name", ["transport.transport_violation", "registry.person"])
def test_of_no_other_record_a_state_is_computed_in_sql(name: str):
    """Penalties, whose states hang on finality, and records without a life have no expression."""
    with pytest.raises(ValueError, match="reach"):
        state_of(name)

"""Concurrent requests share round trips, and none of them can harm another."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bureau_errors import (
    BureauError,
    BureauRefused,
    BureauTimedOut,
    BureauUnavailable,
    ContractBroken,
)
from adapters.bureaus import tax
from adapters.source import Key, Query
from observability.hooks import Hooks
from observability.redaction import Written
from resolvers.fetch.batching import MOST_KEYS, Loader, Loaders
from resolvers.fetch.reading import Table
from tests.support.hearing_observer import Hearing
from tests.support.held_source import HeldSource, turns

DATASETS = {dataset.name: dataset for dataset in tax.BUREAU.datasets}
KEYS = tuple(f"k{number}" for number in range(20_000))
ROWS = {"year": 2024, "grade": "A", "points": 91, "assessed_on": None, "tax": "LAND_USE"}
TABLES = {name: {key: [ROWS | {"points": number}] for number, key in enumerate(KEYS)} for name in DATASETS}
GRADE = Query("tax", DATASETS["taxpayer_grade"], ("points",), "subject.access")
ARREARS = Query("tax", DATASETS["tax_arrears"], ("tax",), "subject.access")


def loaders_of(source: HeldSource, told: Hearing | None = None) -> Loaders:
    """Return the loaders of a gateway with one bureau."""
    return Loaders({"tax": source}, Hooks([told] if told else []))


def load(loader: Loader, *keys: Key, origin: object = None) -> asyncio.Future[Table]:
    """Ask for keys with a minute of time."""
    return loader.load(keys, asyncio.get_running_loop().time() + 60, origin)


async def busy(source: HeldSource, loaders: Loaders) -> asyncio.Future[Table]:
    """Take the bureau's only connection, so that whoever comes next has to wait."""
    future = load(loaders.of(ARREARS), "k0")
    await turns()
    assert len(source.calls) == 1
    return future


async def test_a_load_at_rest_leaves_at_once():
    """Nothing waits for company where a connection is free."""
    source = HeldSource(TABLES)
    future = load(loaders_of(source).of(GRADE), "k1", "k2")
    await turns()
    source.calls[0].answer()
    assert (await future).rows == {"k1": [("k1", 1)], "k2": [("k2", 2)]}


async def test_two_callers_share_one_round_trip():
    """Loads that wait for the connection leave together, each key once, and each caller gets its own rows."""
    source = HeldSource(TABLES)
    loaders = loaders_of(source)
    await busy(source, loaders)
    first, second = load(loaders.of(GRADE), "k1", "k2"), load(loaders.of(GRADE), "k2", "k3")
    source.calls[0].answer()
    await turns()
    assert [call.keys for call in source.calls[1:]] == [("k1", "k2", "k3")]
    source.calls[1].answer()
    assert set((await first).rows) == {"k1", "k2"}
    assert set((await second).rows) == {"k2", "k3"}


async def test_nobody_gets_rows_of_others():
    """Whatever loads meet in a round trip, a table holds rows of the caller's own keys and of no other."""
    source = HeldSource(TABLES)
    loaders = loaders_of(source)
    await busy(source, loaders)
    asked = [KEYS[number : number + 7] for number in range(0, 40, 3)]
    futures = [load(loaders.of(GRADE), *keys) for keys in asked]
    source.calls[0].answer()
    await turns()
    source.calls[1].answer()
    for keys, future in zip(asked, futures, strict=True):
        assert (await future).rows == {key: [(key, KEYS.index(key))] for key in keys}


@pytest.mark.parametrize(
    "other",
    [
        Query("tax", DATASETS["taxpayer_grade"], ("points",), "financing.credit"),
        Query("tax", DATASETS["taxpayer_grade"], ("points", "grade"), "subject.access"),
        Query("tax", DATASETS["latest_taxpayer_grade"], ("points",), "subject.access"),
    ],
    ids=["purpose", "columns", "dataset"],
)
async def test_callers_with_other_grants_never_share(other: Query):
    """Another purpose, other columns or another dataset make another round trip, for the same key as well."""
    source = HeldSource(TABLES)
    loaders = loaders_of(source)
    await busy(source, loaders)
    futures = [load(loaders.of(query), "k1") for query in (GRADE, other)]
    for number in range(3):
        source.calls[number].answer()
        await turns()
    assert [call.query for call in source.calls[1:]] == [GRADE, other]
    assert (await futures[0]).rows == {"k1": [("k1", 1)]}
    assert loaders.of(other) is not loaders.of(GRADE)
    assert loaders.of(Query(GRADE.bureau, GRADE.dataset, GRADE.columns, GRADE.purpose)) is loaders.of(GRADE)


@pytest.mark.parametrize("when", ["waiting", "under way"])
async def test_a_caller_that_leaves_harms_no_sibling(when: str):
    """A timeout or a disconnect of one caller leaves the others' futures and rows as they are."""
    source = HeldSource(TABLES)
    loaders = loaders_of(source)
    await busy(source, loaders)
    waits = [asyncio.ensure_future(_awaited(load(loaders.of(GRADE), key))) for key in ("k1", "k2", "k3")]
    await turns()
    if when == "under way":
        source.calls[0].answer()
        await turns()
    waits[0].cancel()
    await turns()
    if when == "waiting":
        source.calls[0].answer()
        await turns()
    source.calls[1].answer()
    assert [set((await wait).rows) for wait in waits[1:]] == [{"k2"}, {"k3"}]
    assert waits[0].cancelled()
    assert ("k1" in source.calls[1].keys) is (when == "under way")


async def _awaited(future: asyncio.Future[Table]) -> Table:
    return await future


async def test_a_queue_that_everybody_left_asks_nothing():
    """Where all callers are gone before the connection is free, the bureau is not asked, and it stays free."""
    source = HeldSource(TABLES)
    loaders = loaders_of(source)
    await busy(source, loaders)
    load(loaders.of(GRADE), "k1").cancel()
    source.calls[0].answer()
    await turns()
    assert len(source.calls) == 1
    load(loaders.of(GRADE), "k2")
    await turns()
    assert [call.keys for call in source.calls[1:]] == [("k2",)]


async def test_an_exception_reaches_exactly_those_who_asked():
    """Everyone in the failed round trip hears the bureau's error; those before and after do not."""
    source = HeldSource(TABLES)
    loaders = loaders_of(source)
    before = await busy(source, loaders)
    failed = [load(loaders.of(GRADE), "k1"), load(loaders.of(GRADE), "k2")]
    source.calls[0].answer()
    await turns()
    after = load(loaders.of(GRADE), "k1")
    error = BureauRefused("tax", "taxpayer_grade")
    source.calls[1].fail(error)
    await turns()
    source.calls[2].answer()
    assert [(await future).failure for future in failed] == [error, error]
    early = await before
    assert (early.failure, early.broken) == (None, {})
    assert (await after).rows == {"k1": [("k1", 1)]}


async def test_a_broken_key_reaches_only_those_who_asked_for_it():
    """A key whose rows break the contract is told to its own callers, who keep their other rows."""
    source = HeldSource(TABLES)
    loaders = loaders_of(source)
    await busy(source, loaders)
    futures = [load(loaders.of(GRADE), *keys) for keys in (("k1", "k2"), ("k2", "k3"), ("k3",))]
    source.calls[0].answer()
    await turns()
    broken = {"k2": ContractBroken("tax", "taxpayer_grade", rows=1)}
    source.calls[1].answer(dict(broken))
    tables = [await future for future in futures]
    assert [table.broken for table in tables] == [broken, broken, {}]
    assert [set(table.rows) for table in tables] == [{"k1"}, {"k3"}, {"k3"}]
    assert [bool(table.failure or table.broken) for table in tables] == [True, True, False]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (asyncio.CancelledError(), BureauUnavailable),
        (TimeoutError(), BureauTimedOut),
        (RuntimeError("411502197101010013"), BureauUnavailable),
    ],
)
async def test_whatever_happens_in_a_batch_its_callers_hear_of_it(
    fault: BaseException, kind: type[BureauError]
):
    """A cancellation, a timeout or a fault of the adapter is told as a bureau's error, without its text."""
    source, told = HeldSource(TABLES), Hearing()
    loaders = loaders_of(source, told)
    future = load(loaders.of(GRADE), "k1")
    await turns()
    source.calls[0].fail(fault)
    failure = (await future).failure
    assert [trip.outcome for trip in told.facts] == [kind.code]
    assert type(failure) is kind
    assert "411502" not in str(failure)
    assert failure is not None
    assert failure.__cause__ is None


@pytest.mark.parametrize("early", [True, False], ids=["before its first step", "under way"])
async def test_nothing_hangs_when_a_batch_is_cancelled(early: bool):
    """Whoever cancels a batch's task, its callers are answered and the connection is free again."""
    source = HeldSource(TABLES)
    loader = loaders_of(source).of(GRADE)
    future = load(loader, "k1")
    await turns(1)
    assert loader.batch._under_way
    if not early:
        await turns()
    for task in list(loader.batch._under_way):
        task.cancel()
    async with asyncio.timeout(30):
        assert isinstance((await future).failure, BureauUnavailable)
    again = load(loader, "k2")
    await turns()
    source.calls[-1].answer()
    assert set((await again).rows) == {"k2"}


async def test_a_free_connection_goes_to_whoever_waits_longest():
    """Two loaders of a bureau take turns, however many loads one of them has."""
    source = HeldSource(TABLES)
    loaders = loaders_of(source)
    await busy(source, loaders)
    load(loaders.of(GRADE), "k1")
    load(loaders.of(ARREARS), "k2")
    load(loaders.of(GRADE), "k3")
    order: list[tuple[Key, ...]] = []
    for number in range(3):
        source.calls[number].answer()
        await turns()
        order.append(source.calls[-1].keys)
        load(loaders.of(GRADE), f"k{number + 10}")
    assert order == [("k1", "k3"), ("k2",), ("k10", "k11")]


@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3), st.booleans()), min_size=1, max_size=25),
)
async def test_a_bureau_never_has_more_round_trips_than_connections(
    concurrency: int, steps: list[tuple[int, int, bool]]
):
    """In any order of loads and answers the limit holds, and everybody is answered with own rows."""
    source = HeldSource(TABLES, concurrency=concurrency)
    loaders = loaders_of(source)
    queries = [
        Query("tax", DATASETS["taxpayer_grade"], ("points",), f"purpose.p{number}") for number in range(4)
    ]
    futures: list[tuple[tuple[Key, ...], asyncio.Future[Table]]] = []
    for number, (query, count, answered) in enumerate(steps):
        keys = KEYS[number : number + count]
        futures.append((keys, load(loaders.of(queries[query]), *keys)))
        await turns(3)
        if answered:
            _answer_one(source)
    while not all(future.done() for _, future in futures):
        await turns(3)
        _answer_one(source)
    assert source.most_under_way <= concurrency
    for keys, future in futures:
        assert future.result().rows == {key: [(key, KEYS.index(key))] for key in keys}
    await turns()
    assert source.under_way == 0


def _answer_one(source: HeldSource) -> None:
    waiting = [call for call in source.calls if not call.reply.done()]
    if waiting:
        waiting[0].answer()


async def test_a_long_queue_leaves_in_several_round_trips():
    """No round trip carries more keys than one may, unless a single caller asks for them."""
    source = HeldSource(TABLES)
    loaders = loaders_of(source)
    await busy(source, loaders)
    futures = [load(loaders.of(GRADE), *KEYS[start : start + 2_000]) for start in range(0, 14_000, 2_000)]
    for number in range(5):
        source.calls[number].answer()
        await turns()
    assert [len(call.keys) for call in source.calls[1:]] == [4_000, 4_000, 4_000, 2_000]
    assert max(len(call.keys) for call in source.calls) <= MOST_KEYS
    assert [len((await future).rows) for future in futures] == [2_000] * 7


async def test_a_round_trip_has_the_longest_deadline_of_its_callers():
    """A caller with little time does not take time from the others in the batch."""
    source = HeldSource(TABLES)
    loaders = loaders_of(source)
    await busy(source, loaders)
    now = asyncio.get_running_loop().time()
    for seconds in (5, 60, 1):
        loaders.of(GRADE).load(("k1",), now + seconds)
    source.calls[0].answer()
    await turns()
    assert source.calls[1].deadline == now + 60


async def test_a_round_trip_is_told_with_its_callers_and_outcome():
    """Whoever watches hears of each round trip once: its callers' origins, its keys, and how it ended."""
    source, told = HeldSource(TABLES), Hearing()
    loaders = loaders_of(source, told)
    await busy(source, loaders)
    futures = [load(loaders.of(GRADE), "k1", "k2", origin="a"), load(loaders.of(GRADE), "k2", origin="b")]
    source.calls[0].answer()
    await turns()
    source.calls[1].answer({"k2": ContractBroken("tax", "taxpayer_grade", "year: null", 3)})
    await asyncio.gather(*futures)
    failing = load(loaders.of(GRADE), "k9")
    await turns()
    source.calls[2].fail(BureauTimedOut("tax"))
    await failing
    trips = told.facts[1:]
    assert [(trip.callers, trip.keys, trip.origins) for trip in trips] == [(2, 2, ("a", "b")), (1, 1, ())]
    assert [(trip.outcome, trip.broken_rows) for trip in trips] == [("ok", 3), ("BUREAU_TIMED_OUT", 0)]
    assert [trip.broken_by for trip in trips] == [(("year: null", 3),), ()]
    assert isinstance(trips[0].broken_by[0][0], Written)


async def test_nothing_is_cached():
    """The same key is read again for the next caller."""
    source = HeldSource(TABLES)
    loader = loaders_of(source).of(GRADE)
    for number in range(2):
        future = load(loader, "k1")
        await turns()
        source.calls[number].answer()
        await future
    assert [call.keys for call in source.calls] == [("k1",), ("k1",)]

"""What a level of a plan asks of one bureau travels together, and each keeps to its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, permutations

from hypothesis import given
from hypothesis import strategies as st

from adapters.bureau_errors import BureauError, BureauRefused, BureauUnavailable
from adapters.source import Batch, JoiningSource, Query, Read
from observability.hooks import Hooks
from resolvers.fetch.batching import MOST_JOINED, Loaders
from tests.resolvers.test_loaders import ARREARS, GRADE, KEYS, TABLES, load
from tests.support.hearing_observer import Hearing
from tests.support.held_source import HeldSource, turns
from tests.support.rows_source import rows_of


@dataclass(slots=True, eq=False)
class Joining(HeldSource):
    """A source that joins; each joined round trip answers at once, with what fails in place of rows."""

    trips: list[list[Read]] = field(default_factory=list)
    failing: dict[str, BureauError] = field(default_factory=dict)
    fault: BaseException | None = None
    short: bool = False

    async def fetch_joined(self, reads: Sequence[Read], deadline: float) -> list[Batch | BureauError]:  # noqa: ARG002 the contract's
        """Answer from the tables."""
        self.trips.append(list(reads))
        await asyncio.sleep(0)
        if self.fault is not None:
            raise self.fault
        answers = [self.failing.get(read.query.dataset.name) or self._batch(read) for read in reads]
        return answers[1:] if self.short else answers

    def _batch(self, read: Read) -> Batch:
        table = self.tables[read.query.dataset.name]
        return Batch({key: rows_of(read.query, key, table[key]) for key in read.keys if key in table})


def loaders_of(source: HeldSource, told: Hearing | None = None) -> Loaders:
    """Return the loaders of a gateway with one bureau."""
    return Loaders({"tax": source}, Hooks([told] if told else []))


async def test_what_a_level_asks_travels_together():
    """Loads of several data sets make one round trip, and each gets the rows of its own."""
    source = Joining(TABLES)
    assert isinstance(source, JoiningSource)
    grade, arrears = loaders_of(source).loaders_of([GRADE, ARREARS])
    tables = await asyncio.gather(load(grade, "k1"), load(arrears, "k2"), load(arrears, "k3"))
    assert source.trips == [[Read(GRADE, ("k1",)), Read(ARREARS, ["k2", "k3"])]]
    assert [dict(table.rows) for table in tables] == [
        {"k1": [("k1", 1)]},
        {"k2": [("k2", "LAND_USE")]},
        {"k3": [("k3", "LAND_USE")]},
    ]


async def test_a_data_set_that_nobody_asks_for_keeps_its_place():
    """A load of one of them takes the whole round trip, so that its shape tells nothing of whom it is for."""
    source, told = Joining(TABLES), Hearing()
    grade, _ = loaders_of(source, told).loaders_of([GRADE, ARREARS])
    await load(grade, "k1")
    assert source.trips == [[Read(GRADE, ("k1",)), Read(ARREARS, ())]]
    assert [(trip.dataset, trip.keys, trip.callers) for trip in told.facts] == [("taxpayer_grade", 1, 1)]


async def test_one_failure_is_of_one_data_set():
    """What fails of a round trip fails for its data set alone, and observers hear of each."""
    refused, told = BureauRefused("tax", "tax_arrears"), Hearing()
    source = Joining(TABLES, failing={"tax_arrears": refused})
    loaders = loaders_of(source, told).loaders_of([GRADE, ARREARS])
    good, bad = await asyncio.gather(*(load(each, "k1") for each in loaders))
    assert (good.failure, good.broken) == (None, {})
    assert bad.failure is refused
    assert [(trip.dataset, trip.outcome) for trip in told.facts] == [
        ("taxpayer_grade", "ok"),
        ("tax_arrears", "BUREAU_REFUSED"),
    ]


async def test_the_time_of_a_round_trip_is_told_once():
    """One event of a joined round trip stands for its time: that of a failure, if there is one."""
    for failing, lead in (
        ({}, "taxpayer_grade"),
        ({"tax_arrears": BureauRefused("tax", "x")}, "tax_arrears"),
    ):
        told = Hearing()
        loaders = loaders_of(Joining(TABLES, failing=failing), told).loaders_of([GRADE, ARREARS])
        await asyncio.gather(*(load(each, "k1") for each in loaders))
        assert [trip.joined for trip in told.facts] == [True, True]
        assert [trip.dataset for trip in told.facts if not trip.repeated] == [lead]
        alone = Hearing()
        await load(loaders_of(Joining(TABLES), alone).loaders_of([GRADE, ARREARS])[0], "k1")
        assert [(trip.joined, trip.repeated) for trip in alone.facts] == [(False, False)]


async def test_a_fault_answers_every_caller():
    """Whatever an adapter does wrong, nobody waits for ever."""
    source = Joining(TABLES, fault=RuntimeError("a fault"))
    loaders = loaders_of(source).loaders_of([GRADE, ARREARS])
    tables = await asyncio.gather(*(load(each, "k1") for each in loaders))
    failures = [table.failure for table in tables]
    assert [type(each) for each in failures] == [BureauUnavailable, BureauUnavailable]
    assert [each.dataset for each in failures if each] == ["taxpayer_grade", "tax_arrears"]


async def test_a_source_that_answers_too_few_leaves_nobody_waiting():
    """An adapter that breaks its contract fails every data set that was asked."""
    source = Joining(TABLES, short=True)
    loaders = loaders_of(source).loaders_of([GRADE, ARREARS])
    tables = await asyncio.gather(*(load(each, "k1") for each in loaders))
    assert [type(table.failure) for table in tables] == [BureauUnavailable, BureauUnavailable]


async def test_a_query_that_is_named_twice_is_asked_once():
    """Two slots of one query share its place in the round trip."""
    source = Joining(TABLES)
    first, arrears, second = loaders_of(source).loaders_of([GRADE, ARREARS, GRADE])
    assert first is second
    await asyncio.gather(load(first, "k1"), load(arrears, "k1"), load(second, "k2"))
    assert source.trips == [[Read(GRADE, ["k1", "k2"]), Read(ARREARS, ("k1",))]]


async def test_the_same_level_shares_and_another_does_not():
    """Requests of one operation share round trips; another purpose, order or company has its own."""
    loaders = loaders_of(Joining(TABLES))
    first = loaders.loaders_of([GRADE, ARREARS])
    assert all(a is b for a, b in zip(first, loaders.loaders_of([GRADE, ARREARS]), strict=True))
    other = Query("tax", ARREARS.dataset, ARREARS.columns, "financing.credit")
    for queries in ([ARREARS, GRADE], [GRADE], [GRADE, other]):
        assert not {id(each) for each in loaders.loaders_of(queries)} & {id(each) for each in first}


async def test_a_source_that_cannot_join_is_asked_one_by_one():
    """Each data set of such a source has a round trip of its own, the same that it has alone."""
    source = HeldSource(TABLES)
    loaders = loaders_of(source)
    grade, arrears = loaders.loaders_of([GRADE, ARREARS])
    assert grade is loaders.of(GRADE)
    waits = [load(grade, "k1"), load(arrears, "k1")]
    for number in range(2):
        await turns()
        source.calls[number].answer()
    assert not any([(table := await each).failure or table.broken for each in waits])


async def test_purposes_never_travel_together():
    """A statement tells the bureau one purpose, so that another purpose makes another round trip."""
    source = Joining(TABLES)
    other = Query("tax", ARREARS.dataset, ARREARS.columns, "financing.credit")
    waits = [load(each, "k1") for each in loaders_of(source).loaders_of([GRADE, other, ARREARS])]
    await turns()
    source.calls[0].answer()
    assert not any([(table := await each).failure or table.broken for each in waits])
    assert [[read.query for read in trip] for trip in source.trips] == [[GRADE, ARREARS]]
    assert [call.query for call in source.calls] == [other]


async def test_a_round_trip_is_bounded():
    """More data sets than a statement may carry travel in several."""
    source = Joining(TABLES)
    names = [column.name for column in GRADE.dataset.columns]
    queries = [
        Query("tax", GRADE.dataset, columns, GRADE.purpose)
        for columns in islice(chain.from_iterable(permutations(names, size) for size in range(1, 9)), 40)
    ]
    waits = [load(each, "k1") for each in loaders_of(source).loaders_of(queries)]
    await asyncio.gather(*waits)
    assert [len(trip) for trip in source.trips] == [MOST_JOINED, MOST_JOINED, 40 - 2 * MOST_JOINED]


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 30), st.integers(1, 5)), min_size=1, max_size=20))
async def test_nobody_gets_rows_of_others(asked: list[tuple[int, int, int]]):
    """However loads of two data sets meet, each has exactly the rows of its own keys."""
    source = Joining(TABLES)
    loaders = loaders_of(source).loaders_of([GRADE, ARREARS])
    waits: list[asyncio.Future[object]] = []
    for place, first, count in asked:
        waits.append(load(loaders[place], *KEYS[first : first + count]))
        if first % 3 == 0:
            await turns(first % 5)
    for (place, first, count), wait in zip(asked, waits, strict=True):
        keys = KEYS[first : first + count]
        rows = {key: [(key, KEYS.index(key) if place == 0 else "LAND_USE")] for key in keys}
        assert (await wait).rows == rows

import asyncio
import logging

import uvloop

from adapters.bureaus import tax
from adapters.source import Batch, Query
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from resolvers.fetch.connection_slots import Slots

GRADE = Query("tax", tax.BUREAU.datasets[0], ("points",), "subject.access")


class Waiting:
    """A waiter that notes its slots."""

    def __init__(self) -> None:
        self.slots = []

    def dispatch(self, slot) -> None:
        self.slots.append(slot)


class Connections:
    """A source of which only the number of connections counts."""

    bureau = "tax"

    def __init__(self, concurrency: int) -> None:
        self.concurrency = concurrency


async def test_a_quick_round_trip_travels_alone():
    """While one round trip is under way and quick, the next waits, however many connections are free."""
    slots, first, second = Slots(Connections(4)), Waiting(), Waiting()
    slots.request(first.dispatch)
    slots.request(second.dispatch)
    assert (len(first.slots), len(second.slots)) == (1, 0)
    slots.release(first.slots[0])
    assert len(second.slots) == 1


async def test_a_slow_round_trip_is_overtaken():
    """A round trip that outlasts the patience holds nobody up while a connection is free."""
    slots, first, second, third = Slots(Connections(2), patience=0.0), Waiting(), Waiting(), Waiting()
    for each in (first, second, third):
        slots.request(each.dispatch)
    await asyncio.sleep(0.01)
    assert [len(each.slots) for each in (first, second, third)] == [1, 1, 0]
    slots.release(second.slots[0])
    assert len(third.slots) == 1


async def test_a_data_set_that_waits_never_takes_the_last_connection():
    """While a round trip is slow, what reads all that it reads leaves the last connection to others."""
    slots = Slots(Connections(2), patience=0.0)
    slow, same, wider, other = Waiting(), Waiting(), Waiting(), Waiting()
    arrears, grade = frozenset({"tax_arrears"}), frozenset({"taxpayer_grade"})
    for each, datasets in ((slow, arrears), (same, arrears), (wider, arrears | grade)):
        slots.request(each.dispatch, datasets)
        await asyncio.sleep(0.01)
    slots.request(other.dispatch, grade)
    assert [len(each.slots) for each in (slow, same, wider, other)] == [1, 0, 0, 1]
    slots.release(other.slots[0])
    assert [len(each.slots) for each in (same, wider)] == [0, 0]
    slots.release(slow.slots[0])
    assert [len(each.slots) for each in (same, wider)] == [1, 0]


async def test_the_only_connection_is_taken_by_everybody():
    """Where a bureau has one connection, every data set takes its turn."""
    slots, first, second = Slots(Connections(1), patience=0.0), Waiting(), Waiting()
    slots.request(first.dispatch, frozenset({"tax_arrears"}))
    slots.request(second.dispatch, frozenset({"tax_arrears"}))
    slots.release(first.slots[0])
    assert len(second.slots) == 1


class Instant:
    """A source that answers at once."""

    bureau = "tax"
    concurrency = 1

    async def fetch(self, _query, keys, _deadline):
        await asyncio.sleep(0)
        return Batch({key: [] for key in keys})


def test_round_trips_within_one_tick_of_a_coarse_clock_are_told_apart(caplog):
    """Uvloop's clock counts milliseconds: many round trips of one moment end well each."""

    async def many() -> None:
        loader = Loaders({"tax": Instant()}, Hooks()).of(GRADE)
        for number in range(300):
            await loader.load((f"k{number}",), asyncio.get_running_loop().time() + 5)

    with caplog.at_level(logging.ERROR):
        uvloop.run(many())
    assert not caplog.records

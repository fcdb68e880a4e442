import asyncio
import logging

import uvloop

from adapters.bureaus import tax
from adapters.source import Batch, Query
from observability.hooks import Hooks
from resolvers.fetch.batching import Load, Loaders
from resolvers.fetch.connection_slots import Lane

GRADE = Query("tax", tax.BUREAU.datasets[0], ("points",), "subject.access")


class Waiting:
    """A traveller that notes its tickets."""

    def __init__(self) -> None:
        self.tickets = []

    def depart(self, ticket) -> None:
        self.tickets.append(ticket)


class Connections:
    """A source of which only the number of connections counts."""

    bureau = "tax"

    def __init__(self, concurrency: int) -> None:
        self.concurrency = concurrency


async def test_a_quick_round_trip_travels_alone():
    """While one round trip is under way and quick, the next waits, however many connections are free."""
    lane, first, second = Lane(Connections(4)), Waiting(), Waiting()
    lane.enter(first)
    lane.enter(second)
    assert (len(first.tickets), len(second.tickets)) == (1, 0)
    lane.leave(first.tickets[0])
    assert len(second.tickets) == 1


async def test_a_slow_round_trip_is_overtaken():
    """A round trip that outlasts the lane's patience holds nobody up while a connection is free."""
    lane, first, second, third = Lane(Connections(2), patience=0.0), Waiting(), Waiting(), Waiting()
    for each in (first, second, third):
        lane.enter(each)
    await asyncio.sleep(0.01)
    assert [len(each.tickets) for each in (first, second, third)] == [1, 1, 0]
    lane.leave(second.tickets[0])
    assert len(third.tickets) == 1


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
            await loader.load(Load((f"k{number}",), asyncio.get_running_loop().time() + 5, None))

    with caplog.at_level(logging.ERROR):
        uvloop.run(many())
    assert not caplog.records

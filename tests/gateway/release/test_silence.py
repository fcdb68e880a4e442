"""The moment of a one-sided answer and the number of questions say nothing about a subject."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from gateway.errors import RequestError
from gateway.pipeline.request import Answerer
from gateway.release.silence import ReleaseGrid, Silence, SubjectRate
from tests.support.gateway_in_memory import principal
from tests.support.seams import City
from tests.support.small_city import PERSONS

STANDING = "query Q($of: SubjectKey!) { standing(of: $of) { depositFree: pds028 } }"
PERSON = "query Q($id: PersonNumber!) { person(id: $id) { name } }"
RECORDS = "query Q($id: PersonNumber!) { person(id: $id) { taxArrears { since } } }"
HOUR = 3_600 * 10**9


class Turning:
    """A clock and a timer in the hands of a test."""

    def __init__(self) -> None:
        self.now = 100.0
        self.armed: list[float] = []
        self.wake: Callable[[], None] = lambda: None

    def clock(self) -> float:
        return self.now

    def timer(self, wake: Callable[[], None]) -> Turning:
        self.wake = wake
        return self

    def arm(self, seconds: float) -> None:
        self.armed.append(self.now + seconds)

    def close(self) -> None:
        self.armed.clear()

    async def turn(self, now: float) -> None:
        self.now = now
        self.wake()
        await asyncio.sleep(0)


async def test_answers_that_took_different_times_leave_at_one_moment():
    """Whatever the work took within a width of the grid, the answer leaves at the end of the width."""
    world = Turning()
    grid = ReleaseGrid(0.5, world.clock, world.timer)
    waiting: list[asyncio.Task[None]] = []
    for took in (0.125, 0.25, 0.375):
        world.now = 100.0 + took
        waiting.append(asyncio.create_task(grid.wait(100.0)))
        await asyncio.sleep(0)
    assert set(world.armed) == {100.5}
    await world.turn(100.46875)
    assert not any(each.done() for each in waiting)
    await world.turn(100.5)
    assert all(each.done() for each in waiting)


async def test_an_answer_that_is_late_leaves_at_the_next_moment():
    """Work of more than a width leaves a whole number of widths after its request, and nobody waits for it."""
    world = Turning()
    grid = ReleaseGrid(0.5, world.clock, world.timer)
    world.now = 101.125
    late = asyncio.create_task(grid.wait(100.0))
    await asyncio.sleep(0)
    early = asyncio.create_task(grid.wait(101.0))
    await asyncio.sleep(0)
    gone = asyncio.create_task(grid.wait(101.0))
    await asyncio.sleep(0)
    gone.cancel()
    await world.turn(101.5)
    assert (late.done(), early.done(), gone.cancelled()) == (True, True, True)


async def test_the_timer_of_the_system_wakes_every_answer():
    """Over the real timer each of many waiting answers leaves, also those that began later."""
    grid = ReleaseGrid(0.001)
    await asyncio.gather(*(grid.wait(time.perf_counter() - part / 10_000) for part in range(100)))
    await grid.wait(time.perf_counter())
    grid.close()


class CountingGrid(ReleaseGrid):
    """Counts the answers that wait."""

    def __init__(self) -> None:
        super().__init__(0.0)
        self.waits = 0

    async def wait(self, since: float) -> None:
        del since
        self.waits += 1


async def ask(answerer: Answerer, text: str, purpose: str | None, **variables: object) -> None:
    """Answer one request over rows in memory."""
    deadline = asyncio.get_running_loop().time() + 60
    await answerer.answer(City().prepared(text, purpose), variables, principal(), deadline)


async def test_one_sided_answers_alone_wait_for_the_grid():
    """A scene's answer waits whatever is found of its subject; another operation and the subject itself do not."""
    grid = CountingGrid()
    answerer = replace(City().answerer(), silence=Silence(SubjectRate(100), grid))
    for number, person in enumerate((*PERSONS, "11010519491231002X"), start=1):
        await ask(answerer, STANDING, "reward.reading", of={"person": person})
        assert grid.waits == number
    before = grid.waits
    await ask(answerer, PERSON, "supervision.inspection", id=PERSONS[0])
    await ask(answerer, STANDING, "subject.access", of={"person": PERSONS[0]})
    assert grid.waits == before


@pytest.mark.parametrize("of_records", [True, False])
async def test_answers_that_withhold_records_wait_where_the_operator_wants_it(of_records: bool):
    """An answer without the records that do not stand waits, if that is set; one that shows history or reads none does not."""
    grid = CountingGrid()
    silence = Silence(SubjectRate(100), grid, of_records=of_records)
    answerer = replace(City().answerer(), silence=silence)
    await ask(answerer, RECORDS, "supervision.tax", id=PERSONS[0])
    assert grid.waits == of_records
    await ask(answerer, RECORDS, "subject.access", id=PERSONS[0])
    await ask(answerer, PERSON, "supervision.tax", id=PERSONS[0])
    assert grid.waits == of_records


async def test_one_client_asks_about_one_subject_a_bounded_number_of_times():
    """Above the bound a one-sided question about this subject is refused, known or not, and others are answered."""
    answerer = replace(City().answerer(), silence=Silence(SubjectRate(3), CountingGrid()))
    for person in (PERSONS[0], "11010519491231002X"):
        for _ in range(3):
            await ask(answerer, STANDING, "reward.reading", of={"person": person})
        with pytest.raises(RequestError) as refused:
            await ask(answerer, STANDING, "reward.reading", of={"person": person})
        assert refused.value.code.name == "QUOTA_EXCEEDED"
        assert refused.value.extensions == {"retryAfter": 1_200}
        assert person not in str(refused.value.formatted())
    await ask(answerer, STANDING, "reward.reading", of={"person": PERSONS[1]})


def test_a_list_that_is_refused_counts_for_none_of_its_subjects():
    """One subject that is asked about too often takes no question about the others of the list away."""
    rate = SubjectRate(2, lambda: HOUR)
    for _ in range(2):
        rate.check("library", ["b"])
    for _ in range(3):
        with pytest.raises(RequestError):
            rate.check("library", ["a", "b"])
    for _ in range(2):
        rate.check("library", ["a"])
    with pytest.raises(RequestError):
        rate.check("library", ["a"])


def test_the_bound_returns_with_time_and_counts_clients_apart():
    """After its pace a subject may be asked about once more, and the questions of another client do not count."""
    now = HOUR
    rate = SubjectRate(2, lambda: now)
    for _ in range(2):
        rate.check("library", ["a"])
        rate.check("parking", ["a", "b"])
    with pytest.raises(RequestError):
        rate.check("library", ["a"])
    now += HOUR // 2
    rate.check("library", ["a"])
    with pytest.raises(RequestError):
        rate.check("library", ["a"])

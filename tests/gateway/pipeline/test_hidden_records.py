"""A record that does not stand is like no record, to whoever may not see history: bytes, calls and size of the answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given

from catalogue.record_life import RECORD_STATE
from gateway.pipeline.prepare import Operation
from sandbox.expected.shown import sees_history
from tests.support.agreeing_city import Pair
from tests.support.drawn_cities import City, Held, drawn_city
from tests.support.effort import FULL, few
from tests.support.gateway_in_memory import graph
from tests.support.observed_request import (
    Installation,
    Observed,
    Request,
    Town,
    authorised,
    honestly,
    observed,
)
from tests.support.records_by_state import LIVES, OUT, one_record, states_of
from tests.support.request_samples import CASES, SEEDS, registered
from tests.support.small_city import ENTERPRISES, PERSONS

VIOLATION = "transport.transport_violation"
INSTALLATION = Installation()


def test_every_state_is_drawn_in_both_cities():
    """Each data set has records of every state in the first city and in the second, and some that the law keeps out."""
    met: Counter[tuple[str, str]] = Counter()

    def look(request: Request, seed: int) -> None:
        pair = INSTALLATION.pair(seed, request, frozenset(graph().sources))
        for side, city in (("first", pair.first), ("second", pair.second)):
            for name in LIVES:
                for key in (*PERSONS, *ENTERPRISES):
                    held = city.held(name, key)
                    met.update((side, name, each["state"]) for each in held.rows)
                    met[side, name, OUT] += len(held.out)

    few(12)(given(request=registered("inspection", "organ"), seed=SEEDS)(look))()
    for side in ("first", "second"):
        for name in LIVES:
            assert {state for at, of, state in met if (at, of) == (side, name)} - {OUT} == states_of(name)
            assert all(met[side, name, state] >= 2 for state in states_of(name)), (side, name, met)
        assert met[side, VIOLATION, OUT] >= 2


def without_records(city: City) -> City:
    """Return a city in which nobody has a record with a life."""
    nobody = {(name, key): Held() for name in LIVES for key in (*PERSONS, *ENTERPRISES)}
    working = {name: error for name, error in city.failing.items() if name not in LIVES}
    return replace(city, failing=working, drawn=city.drawn | nobody)


def with_one(city: City, name: str, state: str) -> City:
    """Return a city in which everybody whom it concerns has one record of a data set, in this state."""
    having = PERSONS if state == OUT else (*PERSONS, *ENTERPRISES)
    return replace(city, drawn=city.drawn | {(name, key): one_record(name, key, state) for key in having})


@pytest.mark.rule("R18", "R20", "HN-13", "HN-19", "HN-37", "HN-42", "HN-43", "HN-66", "C10", "C16")
def test_a_record_that_does_not_stand_is_like_none():
    """Ended, repaired, disputed, withdrawn, sealed, not final, incomputable or kept out: the answer is that of none.

    These are the registered operations; `test_states_by_purpose.py` asks every data set for every purpose.
    """
    alike: Counter[tuple[str, str]] = Counter()
    shown: Counter[tuple[str, str]] = Counter()

    async def compare(request: Request, seed: int) -> None:
        none = without_records(drawn_city(seed, graph()))
        town = Town(none, honestly)
        operation = INSTALLATION.prepared(town, request)
        plain = await ask(town, operation, request, none)
        read = {f"{each.query.bureau}.{each.query.dataset.name}" for each in plain.calls}
        for name in sorted(LIVES.keys() & read):
            for state in (*sorted(states_of(name) - {"EFFECTIVE"}), *([OUT] if name == VIOLATION else [])):
                found = await ask(town, operation, request, with_one(none, name, state))
                if state == OUT or not sees_history(request.purpose):
                    assert found == plain, f"a record of {name} tells that it is {state}"
                    alike[name, state] += 1
                else:
                    shown[name, state] += found.body != plain.body

    def look(request: Request, seed: int) -> None:
        runner.run(compare(request, seed))

    with asyncio.Runner() as runner:
        for case in CASES:
            few(4 if FULL else 1)(given(request=registered(*case), seed=SEEDS)(look))()
    asked = {name for name, _ in alike}
    assert {VIOLATION, "tax.serious_violation", "courts.judgment_defaulter"} <= asked
    assert {(name, state) for name in asked for state in states_of(name) - {"EFFECTIVE"}} <= alike.keys()
    assert {state for (_, state), count in shown.items() if count} == set(RECORD_STATE) - {"EFFECTIVE"}


async def ask(town: Town, operation: Operation, request: Request, city: City) -> Observed:
    """Answer a request over a city; a lender is authorised in it."""
    lent = request.purpose.startswith("financing.")
    town.city = authorised(Pair(city, city, {}), request.all_variables).first if lent else city
    town.calls = []
    return await observed(town, operation, request)

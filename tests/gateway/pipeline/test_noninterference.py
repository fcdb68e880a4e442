"""Whatever a caller may not know of a city changes nothing in what it is answered, nor in how it is read."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from adapters.contract import Key
from tests.gateway.pipeline.agreeing import Pair
from tests.gateway.pipeline.effort import examples
from tests.gateway.pipeline.gateway_in_memory import graph
from tests.gateway.pipeline.observed import Installation, Request
from tests.gateway.pipeline.requests import CASES, SEEDS, free, redrawn_datasets, registered

INSTALLATION = Installation()


@pytest.mark.parametrize(("name", "kind"), CASES)
@examples(50)
@given(data=st.data(), seed=SEEDS, redrawn=redrawn_datasets())
async def test_a_registered_operation_tells_nothing_but_what_its_caller_may_know(
    name: str, kind: str, data: st.DataObject, seed: int, redrawn: frozenset[str]
):
    """Two cities that agree on what a caller may know are answered by the same bytes after the same calls."""
    request = data.draw(registered(name, kind))
    found = await INSTALLATION.check(seed, request, redrawn)
    event(f"calls: {len(found.calls)}")


@examples(120)
@given(request=free(), seed=SEEDS, redrawn=redrawn_datasets())
async def test_a_free_document_tells_nothing_but_what_its_caller_may_know(
    request: Request, seed: int, redrawn: frozenset[str]
):
    """Whatever is asked in the explorer, under any purpose, masked values influence nothing."""
    found = await INSTALLATION.check(seed, request, redrawn)
    event(f"calls: {len(found.calls)}")


def test_the_cities_differ_where_nothing_is_known():
    """The properties above are about answers with data in them, over cities that share little else."""
    met: Counter[str] = Counter()

    @settings(
        max_examples=120,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.sampled_from(CASES).flatmap(lambda case: registered(*case)), seed=SEEDS)
    def look(case: Request, seed: int) -> None:
        found = runner.run(INSTALLATION.check(seed, case, frozenset(graph().sources)))
        pair = INSTALLATION.pair(seed, case, frozenset(graph().sources))
        read = {
            (f"{each.query.bureau}.{each.query.dataset.name}", key)
            for each in found.calls
            for key in each.keys
        }
        met["requests"] += 1
        met["data"] += len(found.body) > 300
        met["errors"] += bool(found.codes)
        met["TRUE"] += b'"TRUE"' in found.body
        met["moved"] += bool(pair.moved)
        met["read and differing"] += any(differs(pair, *each) for each in read)

    with asyncio.Runner() as runner:
        look()
    assert met["requests"] >= 100
    assert min(met[each] for each in ("data", "errors", "TRUE", "moved")) >= 5, met
    assert met["read and differing"] > met["requests"] * 3 // 4, met


def differs(pair: Pair, name: str, key: Key) -> bool:
    """Whether a dataset holds something else of a subject in the second city."""
    return pair.first.held(name, key) != pair.second.held(name, pair.moved.get(key, key))

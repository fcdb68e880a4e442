"""Whatever a caller may not know of a city changes nothing in what it is answered, nor in how it is read."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from tests.support.agreeing_city import Pair
from tests.support.effort import FULL, examples, few
from tests.support.gateway_in_memory import graph
from tests.support.observed_request import Call, Installation, Request
from tests.support.request_samples import CASES, SEEDS, free, redrawn_datasets, registered

INSTALLATION = Installation()
EVERYTHING = frozenset(graph().sources)


@pytest.mark.rule("R07")
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

    def look(request: Request, seed: int) -> None:
        found = runner.run(INSTALLATION.check(seed, request, EVERYTHING))
        pair = INSTALLATION.pair(seed, request, EVERYTHING)
        met["requests"] += 1
        met["data"] += len(found.body) > 300
        met["errors"] += bool(found.codes)
        met["TRUE"] += b'"TRUE"' in found.body
        met["moved"] += bool(pair.moved)
        met["read and differing"] += any(differs(pair, each) for each in found.calls)

    with asyncio.Runner() as runner:
        for name, kind in CASES:
            few(12 if FULL else 8)(given(request=registered(name, kind), seed=SEEDS)(look))()
    assert met["requests"] >= (10 if FULL else 4) * len(CASES)
    assert min(met[each] for each in ("data", "errors", "TRUE", "moved")) >= 5, met
    assert met["read and differing"] > met["requests"] * 3 // 4, met


def differs(pair: Pair, call: Call) -> bool:
    """Whether what a call asked for is something else in the second city."""
    name = f"{call.query.bureau}.{call.query.dataset.name}"
    return any(
        pair.first.held(name, key) != pair.second.held(name, pair.moved.get(key, key)) for key in call.keys
    )

"""Whatever a caller may not know of a city changes nothing in what it is answered, nor in how it is read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from tests.gateway.pipeline.effort import examples
from tests.gateway.pipeline.observed import Installation
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


@examples(200)
@given(request=free(), seed=SEEDS, redrawn=redrawn_datasets())
async def test_a_free_document_tells_nothing_but_what_its_caller_may_know(
    request: Any, seed: int, redrawn: frozenset[str]
):
    """Whatever is asked in the explorer, under any purpose, masked values influence nothing."""
    found = await INSTALLATION.check(seed, request, redrawn)
    event(f"calls: {len(found.calls)}")

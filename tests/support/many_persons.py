"""The one-sided answers about many persons by one reading, as requests that arrive together share it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

from adapters.source import Key
from gateway.pipeline.prepare import Operation
from resolvers.eligibility.facts import Circumstances
from resolvers.fetch.levels import ReadRequest, read
from resolvers.plan.nodes.standing_root import StandingRoot


async def standings_of(
    operation: Operation, persons: Sequence[Key], today: date, client: str
) -> list[dict[str, Any]]:
    """Read what the answers rest on for all persons at once, and derive the answers about each of them."""
    variant = operation.variant({})
    plan = variant.plan
    (root,) = plan.roots
    assert isinstance(root, StandingRoot)
    keys: list[Sequence[Key]] = [() for _ in range(plan.reading.positions)]
    keys[root.positions["person"]] = persons
    deadline = asyncio.get_running_loop().time() + 60
    tables = await read(plan.reading, variant.loaders, ReadRequest(keys, (), deadline, today), None)
    assert not any(each.failure for each in tables)
    rows, reader = [each.rows for each in tables], root.reader(plan, "person")
    return [reader.answers(rows, key, Circumstances(today, client)) for key in persons]

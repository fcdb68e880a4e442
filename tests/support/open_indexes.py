"""The open index of each city, built as a gateway builds it, and a server that answers with it alone."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import cache

from catalogue.open_index import IndexIncentive, OpenIndex
from gateway.access.open_endpoint import OpenIndexEndpoint
from gateway.installation import Rules, read_rules
from gateway.openness.build_index import build_open_index
from gateway.operations.operation_gate import QuotaMemory, RegisterGate
from gateway.pipeline.free_documents import NoFreeDocuments
from gateway.pipeline.lookup import CurrentPolicy, PolicySnapshot, RegisteredOperations
from gateway.settings import Settings
from observability.hooks import Hooks
from tests.support.admissions import Turned
from tests.support.served_app import Served, served_app


@cache
def rules_of(city: str) -> Rules:
    """Return the rules of a city's installation."""
    return read_rules(Settings(city=city))


@cache
def index_of(city: str) -> OpenIndex:
    """Return the open index of a city's installation."""
    return build_open_index(rules_of(city), city)


def incentives_of(index: OpenIndex) -> dict[str, IndexIncentive]:
    """Return every incentive of an index by its number."""
    return {each.id: each for scene in index.scenes for each in scene.incentives}


def current_of(index: OpenIndex | None) -> CurrentPolicy:
    """Return rules in force that have the index, and no operation."""
    gate = RegisterGate(Turned(), QuotaMemory())
    registered = RegisteredOperations({}, {}, gate)
    return CurrentPolicy(PolicySnapshot("v", 0, registered, NoFreeDocuments(), open_index=index))


@contextmanager
def served_index(city: str) -> Generator[Served]:
    """Serve the open index of a city over HTTP."""
    with served_app(OpenIndexEndpoint(current_of(index_of(city)), Hooks()), seconds=20) as served:
        yield served

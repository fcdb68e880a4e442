"""A new store for each test."""

from __future__ import annotations

import pytest

from sandbox.city import RunningCity
from tests.support.own_stores import empty_store


@pytest.fixture
def dsn(city: RunningCity) -> str:
    """The address of an empty database of the test's own."""
    return empty_store(city)

"""What every test may ask for: one small synthetic city, running."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from sandbox.city import RunningCity, prepare

# No test asserts a time: a busy machine is no failure.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCity]:
    """A running city of 600 persons and 120 enterprises."""
    with prepare(tmp_path_factory.mktemp("city"), 600, quiet=True) as running:
        yield running

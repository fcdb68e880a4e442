"""What every test may ask for: one small synthetic city, running."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.city import RunningCity, prepare


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCity]:
    """A running city of 600 persons and 120 enterprises."""
    with prepare(tmp_path_factory.mktemp("city"), 600, quiet=True) as running:
        yield running

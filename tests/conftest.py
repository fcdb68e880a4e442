"""What every test may ask for, one small synthetic city that runs, and the order in which files of tests are taken.

Every worker of `make test` has a city, folders and ports of its own, and takes one file after the other; files that
share a gateway or a demo are taken by one worker.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from sandbox.city import RunningCity, prepare
from tests.support.tested_city import TESTED_CITY, set_city

set_city()

# No test asserts a time: a busy machine is no failure.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
# A shell starts what runs in the background with Ctrl-C ignored, and the processes of the tests would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

HERE = Path(__file__).parent
LONGEST = (
    "explorer/test_matrix.py",
    "gateway/proofs/test_mutants.py",
    "system/test_decisions.py",
    "gateway/pipeline/test_equals_reference.py",
    "system/test_demo.py",
    "explorer/test_browser.py",
    "gateway/pipeline/test_noninterference.py",
    "sandbox/test_running_city.py",
    "docs/test_examples.py",
    "benchmarks/test_contenders.py",
    "cli/test_register.py",
    "cli/test_no_echo.py",
    "gateway/pipeline/test_planted_leaks.py",
    "gateway/proofs/test_enumeration.py",
)
"""The files that take longest, as measured: taken first, so that all workers end together.

The first of a group stands for all files of the group.
"""
SHARED = {
    "the demo": ("tests/system/test_demo.py", "tests/system/test_browser.py"),
    "the gateways": ("tests/system/",),
    "the decisions": (
        "tests/explorer/test_matrix.py",
        "tests/explorer/test_matrix_answers.py",
        "tests/gateway/authorization/test_matrix.py",
        "tests/cli/test_matrix.py",
        "tests/gateway/pipeline/test_explaining.py",
        "tests/gateway/authorization/test_explain.py",
        "tests/gateway/pipeline/test_spies.py",
    ),
    "the explorer": ("tests/explorer/",),
}
"""What the tests of some files and folders share, and takes long to make; a file belongs to the first that fits."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors, up to five: each waits a third of its time for what it started."""
    return min((os.cpu_count() or 1) + 1, 5)


class BySharedThings(LoadFileScheduling):
    """Gives a worker one file, or all files that share something."""

    def _split_scope(self, nodeid: str) -> str:
        """Return the name of the group that a test belongs to."""
        file = super()._split_scope(nodeid)
        return next((name for name, files in SHARED.items() if file.startswith(files)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BySharedThings:
    """Give tests to workers by what they share."""
    return BySharedThings(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first; all others stay in their order."""
    places = {HERE / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCity]:
    """A running city of 600 persons and 120 enterprises."""
    with prepare(tmp_path_factory.mktemp("city"), 600, name=TESTED_CITY, quiet=True) as running:
        yield running

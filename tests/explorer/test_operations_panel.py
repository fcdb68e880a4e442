"""The panel of the client's registered operations and of sample subjects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, expect

from tests.support.explorer_page import ANSWERED_WITHIN, LOOKED_EVERY, ExplorerPage
from tests.support.stand_in import BORROW, LOAN, LOANS, SUBJECT


async def holds(explorer: ExplorerPage, variables: dict[str, object]) -> None:
    """Wait until the variables' editor holds these."""
    async with asyncio.timeout(ANSWERED_WITHIN):
        while await explorer.variables() != variables:
            await explorer.page.wait_for_timeout(LOOKED_EVERY)


@pytest.fixture
async def panel(explorer: ExplorerPage) -> AsyncIterator[Locator]:
    """The panel, open beside the editors for one test."""
    await explorer.page.get_by_role("button", name="Show Operations and samples").click()
    yield explorer.page.get_by_role("region", name="操作与样本 · Operations and samples")
    await explorer.page.get_by_role("button", name="Hide Operations and samples").click()


async def test_an_operation_and_a_subject_are_a_press_away(explorer: ExplorerPage, panel: Locator):
    """An operation opens in its own tab, under its purpose, with a sample; a subject goes into the variables."""
    await panel.get_by_role("button", name="贷款审批 · Loans").click()
    await holds(explorer, {"ids": [SUBJECT]})
    assert await explorer.query() == LOANS.document
    await expect(explorer.purpose).to_have_value(LOAN.name)
    assert (await explorer.run())["data"] == {"persons": [{"income": 800_000}]}

    await explorer.set_variables({"ids": [], "gone": 1})
    await panel.get_by_role("group", name="企业 · Enterprises").get_by_role("button").click()
    await holds(explorer, {"ids": []})
    await panel.get_by_role("group", name="自然人 · Persons").get_by_role("button").click()
    await holds(explorer, {"ids": [SUBJECT]})

    await explorer.close_tab()
    await expect(explorer.purpose).to_have_value(BORROW.name)
    await explorer.choose_client("library")
    await expect(panel).to_contain_text("无 · None")
    await explorer.page.set_viewport_size({"width": 390, "height": 844})
    root = "document.documentElement"
    assert await explorer.page.evaluate(f"[{root}.scrollWidth, {root}.scrollHeight]") == [390, 844]
    assert await explorer.violations() == []
    assert explorer.record.console == []

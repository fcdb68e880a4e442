"""An answer says as whom and for what it was given, and the pickers are remembered with their tab."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from tests.support.explorer_page import ANSWERED_WITHIN, LOOKED_EVERY, ExplorerPage
from tests.support.stand_in import BORROW, LOAN, QUERY, SUBJECT

SHORT = "query Ask($id: String!) { person(id: $id) { name } }"


async def ask(explorer: ExplorerPage, document: str = QUERY) -> None:
    """Ask for the sample subject."""
    await explorer.set_query(document)
    await explorer.set_variables({"id": SUBJECT})
    await explorer.run()


async def test_an_answer_names_its_question(explorer: ExplorerPage):
    """Beneath an answer stand the client, the purpose and the operation; without an answer nothing does."""
    await expect(explorer.answered).to_have_count(0)
    await ask(explorer)
    await expect(explorer.answered).to_contain_text("开发者 · Developer")
    await expect(explorer.answered).to_contain_text(f"{BORROW.zh} · {BORROW.en}")
    await expect(explorer.answered).to_contain_text("Ask")
    await expect(explorer.answered).to_have_attribute("data-stale", "false")


async def test_a_changed_question_makes_its_answer_stale(explorer: ExplorerPage):
    """Another client, purpose, document or variables grey the answer and are named; what is put back revives it."""
    await ask(explorer)
    await explorer.choose_purpose(LOAN.name)
    await expect(explorer.answered).to_contain_text("已过时 · Stale")
    await expect(explorer.answered).to_contain_text("目的 · purpose")
    await expect(explorer.answered).to_contain_text(BORROW.en)
    window = explorer.page.locator(".result-window")
    assert await window.evaluate("(one) => getComputedStyle(one).opacity") < "1"
    await explorer.choose_purpose(BORROW.name)
    await expect(explorer.answered).to_have_attribute("data-stale", "false")
    await explorer.choose_client("library")
    await expect(explorer.answered).to_contain_text("客户端 · client")
    await explorer.choose_client("developer")
    await explorer.set_variables({"id": "another"})
    await expect(explorer.answered).to_contain_text("变量 · variables")
    await explorer.set_variables({"id": SUBJECT})
    await explorer.set_query(SHORT)
    await expect(explorer.answered).to_contain_text("文档 · document")
    await explorer.run()
    await expect(explorer.answered).to_have_attribute("data-stale", "false")


STORED = """() => ({
  tabs: JSON.parse(sessionStorage.getItem('graphiql:tabState')).tabs,
  editors: { query: sessionStorage.getItem('graphiql:query'), variables: sessionStorage.getItem('graphiql:variables') },
})"""
"""The tabs and the words in the editors as GraphiQL keeps them, half a second after a change."""


async def last_question_is_stored(explorer: ExplorerPage) -> bool:
    """Whether a reload finds the last tab: GraphiQL opens the last one whose question is the one in the editors."""
    stored = await explorer.page.evaluate(STORED)
    editors, last = (
        (each["query"], each["variables"]) for each in (stored["editors"], stored["tabs"][LAST_TAB])
    )
    return editors == last and last[0] == SHORT and SUBJECT in (last[1] or "")


async def test_each_tab_keeps_its_pickers_and_its_answer(explorer: ExplorerPage):
    """A tab that is turned to brings back the client, the purpose and the label that it had; a reload does too."""
    await explorer.choose_client("library")
    await ask(explorer, SHORT)
    await explorer.open_tab()
    await explorer.choose_client("developer")
    await explorer.choose_purpose(LOAN.name)
    await ask(explorer, SHORT)  # the same words come back to another question
    await explorer.choose_tab("Ask")
    await expect(explorer.client).to_have_value("library")
    await expect(explorer.answered).to_contain_text("市图书馆 · City library")
    await explorer.choose_tab("Ask", -1)
    await expect(explorer.purpose).to_have_value(LOAN.name)
    await expect(explorer.answered).to_contain_text("开发者 · Developer")
    async with asyncio.timeout(ANSWERED_WITHIN):
        while not await last_question_is_stored(explorer):
            await explorer.page.wait_for_timeout(LOOKED_EVERY)
    await explorer.reload()
    await expect(explorer.client).to_have_value("developer")
    await expect(explorer.purpose).to_have_value(LOAN.name)
    await expect(explorer.answered).to_have_count(0)
    await explorer.close_tab()


LAST_TAB = 3  # after the two that the page opens with, and that of the test


@pytest.mark.parametrize("stored", ['{"": {"client": "gone", "purpose": "bank.gone"}}', "{"])
async def test_what_is_not_offered_is_not_remembered(explorer: ExplorerPage, stored: str):
    """A client that is gone gives way to the first, and what cannot be read is as if it were not there."""
    await explorer.choose_client("library")
    await explorer.page.evaluate("(text) => sessionStorage.setItem('creditgraph:pickers', text)", stored)
    await explorer.reload()
    await expect(explorer.client).to_have_value("developer")
    await expect(explorer.purpose).to_have_value(BORROW.name)

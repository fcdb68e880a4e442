"""The editor's marks on denied fields: what the gateway says of them, and how to mend the document."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.explorer_page import ANSWERED_WITHIN, LOOKED_EVERY, ExplorerPage
from tests.support.stand_in import LOAN

QUESTION = """query Ask($id: String!) {
  person(id: $id) {
    name
    income
  }
}"""
ALONE = "query Ask($id: String!) { person(id: $id) { income } again: person(id: $id) { name } }"
NOTHING_ELSE = "query Ask($id: String!) { person(id: $id) { income } }"
OWNER = "creditgraph"


async def marked(
    explorer: ExplorerPage, owner: str, text: str, model: str = "operation.graphql"
) -> list[tuple[str, str]]:
    """Wait for a mark of an owner that holds a text, and return all marks of the model."""
    async with asyncio.timeout(ANSWERED_WITHIN):
        while True:
            found = await explorer.marks(model)
            if any(name == owner and text in message for name, message in found):
                return found
            await explorer.page.wait_for_timeout(LOOKED_EVERY)


@pytest.fixture
async def library(explorer: ExplorerPage) -> ExplorerPage:
    """The explorer of a client whose schema does not show a person's income."""
    await explorer.choose_client("library")
    return explorer


async def test_a_denied_field_is_marked_with_rule_and_reason(library: ExplorerPage):
    """A field that the schema does not show is marked as denied, with the reason, and one that is not there as unknown.

    The mark of the unknown one shows that the editor's own check has come, which is later than ours. What it says of
    the denied field is taken away after it was set, so the marks may hold it for a moment.
    """
    await library.set_query(QUESTION.replace("name", "nmae"))
    await marked(library, OWNER, "Person.income")
    await marked(library, "graphql", 'Cannot query field "nmae"')
    async with asyncio.timeout(ANSWERED_WITHIN):
        while any(name != OWNER and "nmae" not in message for name, message in await library.marks()):
            await library.page.wait_for_timeout(LOOKED_EVERY)
    assert [message for name, message in await library.marks() if name == OWNER] == [
        "拒绝 · Denied: read Person.income — Income is read for credit decisions only. (test)"
    ]


async def test_a_field_that_another_purpose_allows_is_marked_too(explorer: ExplorerPage):
    """A field of the schema is marked while the chosen purpose denies it, and a quick fix switches the purpose."""
    await explorer.set_query(QUESTION)
    await marked(explorer, OWNER, "Person.income")
    assert "切换目的 · Switch the purpose" in await explorer.mend(4, 7)
    async with asyncio.timeout(ANSWERED_WITHIN):
        while await explorer.marks():
            await explorer.page.wait_for_timeout(LOOKED_EVERY)
    assert await explorer.purpose.input_value() == LOAN.name


@pytest.mark.parametrize(
    ("document", "place", "left"),
    [
        (QUESTION, (4, 7), "query Ask($id: String!) { person(id: $id) { name } }"),
        (ALONE, (1, 46), "query Ask($id: String!) { again: person(id: $id) { name } }"),
    ],
)
async def test_a_quick_fix_removes_the_field(
    library: ExplorerPage, document: str, place: tuple[int, int], left: str
):
    """The field goes, and with it a selection that would be left empty; no other client's purpose is offered."""
    await library.set_query(document)
    await marked(library, OWNER, "Person.income")
    assert "Switch" not in await library.mend(*place)
    async with asyncio.timeout(ANSWERED_WITHIN):
        while " ".join((await library.query()).split()) != left:
            await library.page.wait_for_timeout(LOOKED_EVERY)


async def test_a_field_that_is_all_there_is_stays(explorer: ExplorerPage):
    """Where nothing would be left of the document, only the purpose can be switched."""
    await explorer.set_query(NOTHING_ELSE)
    await marked(explorer, OWNER, "Person.income")
    text = await (await explorer.fixes(1, 46)).inner_text()
    assert "Remove" not in text
    await explorer.page.keyboard.press("Escape")


WITH_DEFAULT = """query Ask($id: String!, $more: Boolean! = false) {
  person(id: $id) { name region @include(if: $more) }
}"""


async def test_a_variable_with_a_default_may_be_left_out(explorer: ExplorerPage):
    """The variables' editor demands a variable that is not null, and none that has a default."""
    await explorer.set_query(WITH_DEFAULT)
    await explorer.set_variables({"gone": 1})
    marks = await marked(explorer, "json", '"id"', "variables.json")
    assert [message for _, message in marks if '"more"' in message] == []

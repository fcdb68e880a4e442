"""The panel that explains the document at hand, at a gateway in small."""

from __future__ import annotations

from playwright.async_api import Browser

from tests.support.explorer_page import ExplorerPage
from tests.support.stand_in import BORROW, LOAN, StandIn

QUESTION = "query Ask($id: String!) { person(id: $id) { name region income } }"


async def test_each_use_is_shown_with_its_rule(explorer: ExplorerPage, shared_gateway: StandIn):
    """Denied fields come first, then masked ones with what hides them, then allowed ones; each with rule and reason."""
    await explorer.choose_purpose(BORROW.name)
    await explorer.set_query(QUESTION)
    lines = await explorer.explained("1 allowed · 允许; 1 masked · 遮蔽; 1 denied · 拒绝")
    assert [(line.field, line.state) for line in lines] == [
        ("Person.income", "denied"),
        ("Person.region", "masked"),
        ("Person.name", "allowed"),
    ]
    assert lines[0].facts["rule"] == "permit-income-01"
    assert "Income is read for credit decisions only." in lines[0].facts["reason"]
    assert lines[1].facts["under"] == "Query.person"
    assert shared_gateway.explained[-1] == {"query": QUESTION, "operationName": "Ask", "purpose": BORROW.name}


async def test_it_follows_the_document_and_the_purpose(explorer: ExplorerPage, shared_gateway: StandIn):
    """A change of the document or of the purpose is explained without anything being run."""
    await explorer.choose_purpose(BORROW.name)
    await explorer.set_query(QUESTION)
    await explorer.explained("1 denied")
    await explorer.choose_purpose(LOAN.name)
    await explorer.explained("0 denied")
    await explorer.set_query("query Ask { person(id: 1) { name } }")
    await explorer.explained("1 allowed · 允许; 0 masked")
    assert [one.operation for one in shared_gateway.asked if one.operation != "IntrospectionQuery"] == []


async def test_a_document_in_the_making_is_no_failure(explorer: ExplorerPage, shared_gateway: StandIn):
    """While a document cannot be parsed the panel says so, and the browser complains of nothing."""
    await explorer.choose_purpose(BORROW.name)
    await explorer.set_query("query Ask { person(")
    assert await explorer.explained("The document cannot be parsed.") == []
    assert explorer.record.console == []
    assert explorer.record.failed == []


async def test_without_a_purpose_nothing_is_asked(explorer: ExplorerPage, shared_gateway: StandIn):
    """A client of several purposes that chose none is told to choose; nothing is explained in the dark."""
    await explorer.choose_purpose("")
    await explorer.set_query(QUESTION)
    asked = len(shared_gateway.explained)
    await explorer.page.wait_for_timeout(600)
    assert len(shared_gateway.explained) == asked
    assert await explorer.explanation.get_by_text("Choose a purpose").is_visible()


async def test_a_purpose_that_allows_is_one_press_away(explorer: ExplorerPage, shared_gateway: StandIn):
    """A purpose of the client's that would allow a denied field is chosen from its line; others are named."""
    await explorer.choose_purpose(BORROW.name)
    await explorer.set_query(QUESTION)
    await explorer.explained("1 denied")
    assert await explorer.explanation.get_by_text("tax.audit").evaluate("(one) => one.tagName") == "CODE"
    await explorer.explanation.get_by_role("button", name="信用贷款").press("Enter")
    assert await explorer.purpose.input_value() == LOAN.name
    await explorer.explained("0 denied")


async def test_an_expired_token_is_renewed(browser: Browser, gateway: StandIn):
    """A token that expired while a document was written is fetched anew without a word."""
    explorer = await ExplorerPage.open(browser, gateway.address)
    await explorer.choose_purpose(BORROW.name)
    gateway.expired.add("token-developer")
    await explorer.set_query(QUESTION)
    await explorer.explained("1 denied")

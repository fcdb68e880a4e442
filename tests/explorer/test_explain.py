"""The panel that explains the document at hand, at a gateway in small."""

from __future__ import annotations

from playwright.async_api import expect

from tests.support.explorer_page import ExplorerPage
from tests.support.stand_in import BORROW, LOAN, StandIn

QUESTION = "query Ask($id: String!) { person(id: $id) { name region income } }"


async def test_each_use_is_shown_with_its_rule(explorer: ExplorerPage, shared_gateway: StandIn):
    """Denied fields come first, then masked ones with what hides them, then allowed ones; each with rule and reason."""
    await explorer.choose_purpose(BORROW.name)
    await explorer.set_query(QUESTION)
    lines = await explorer.explained("1 允许 · allowed; 1 遮蔽 · masked; 1 拒绝 · denied")
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
    asked = len(shared_gateway.asked)
    await explorer.choose_purpose(BORROW.name)
    await explorer.set_query(QUESTION)
    await explorer.explained("1 拒绝")
    await explorer.choose_purpose(LOAN.name)
    await explorer.explained("0 拒绝")
    await explorer.set_query("query Ask { person(id: 1) { name } }")
    await explorer.explained("1 允许 · allowed; 0 遮蔽")
    assert shared_gateway.asked[asked:] == []


async def test_one_rule_is_explained_once(explorer: ExplorerPage):
    """Uses that one rule decides alike are one entry that names each of them."""
    await explorer.set_query(
        "query Ask($id: String!) { person(id: $id) { name income withheld1 withheld2 } }"
    )
    lines = await explorer.explained("3 拒绝")
    assert [line.field for line in lines if line.state == "denied"] == [
        "Person.income",
        "Person.withheld1",
        "Person.withheld2",
    ]
    assert await explorer.explanation.locator("[data-state=denied]").count() == 1


async def test_a_document_in_the_making_is_no_failure(explorer: ExplorerPage, shared_gateway: StandIn):
    """While a document cannot be parsed the panel says so, and the browser complains of nothing."""
    await explorer.choose_purpose(BORROW.name)
    await explorer.set_query("query Ask { person(")
    assert await explorer.explained("The document cannot be parsed.") == []
    assert explorer.record.console == []
    assert explorer.record.failed == []


async def test_without_a_purpose_nothing_is_asked(explorer: ExplorerPage, shared_gateway: StandIn):
    """A client of several purposes that chose none is asked to choose; nothing is explained in the dark."""
    await explorer.choose_purpose("")
    explained = len(shared_gateway.explained)
    await explorer.set_query(QUESTION)
    await expect(explorer.explanation.get_by_text("Choose a purpose")).to_be_visible()
    await explorer.choose_purpose(LOAN.name)
    await explorer.explained("0 拒绝")
    assert [one["purpose"] for one in shared_gateway.explained[explained:]] == [LOAN.name]


async def test_a_purpose_that_allows_is_one_press_away(explorer: ExplorerPage, shared_gateway: StandIn):
    """A purpose of the client's that would allow a denied field is chosen from its line; others are named."""
    await explorer.choose_purpose(BORROW.name)
    await explorer.set_query(QUESTION)
    await explorer.explained("1 拒绝")
    assert await explorer.explanation.get_by_text("tax.audit").evaluate("(one) => one.tagName") == "CODE"
    await explorer.explanation.get_by_role("button", name="信用贷款").press("Enter")
    assert await explorer.purpose.input_value() == LOAN.name
    await explorer.explained("0 拒绝")


async def test_an_expired_token_is_renewed(explorer: ExplorerPage, shared_gateway: StandIn):
    """A token that expired while a document was written is fetched anew without a word."""
    await explorer.choose_client("garage")
    shared_gateway.expired.add("token-garage")
    await explorer.set_query(QUESTION)
    await explorer.explained("1 拒绝")

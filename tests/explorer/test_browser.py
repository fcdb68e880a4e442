from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, expect

from tests.support.contrast import ICON, faint
from tests.support.explorer_page import SEEN_VIOLATIONS, ExplorerPage
from tests.support.stand_in import BORROW, LOAN, QUERY, SUBJECT, WITHHELD, StandIn


async def test_a_person_asks_and_sees_why_a_field_is_denied(explorer: ExplorerPage):
    """A person picks a client and a purpose, runs a query, sees the answer and each refusal explained."""
    await explorer.choose_client("library")
    await explorer.choose_purpose(BORROW.name)
    await explorer.set_query(QUERY)
    await explorer.set_variables({"id": SUBJECT})

    answer = await explorer.run()
    assert answer["data"] == {"person": {"name": "李小雨", "income": None, "arrears": None}}

    denial, failure = await explorer.refusals()
    assert denial.code == "FIELD_DENIED"
    assert denial.facts["field"] == "Person.income"
    assert denial.facts["path"] == "person.income"
    assert denial.facts["rule"] == "permit-income-01"
    assert denial.facts["reason"] == "Income is read for credit decisions only."
    assert BORROW.name in denial.facts["purpose"]
    assert LOAN.name in denial.facts["purposes"]
    assert failure.code == "BUREAU_UNAVAILABLE"
    assert failure.facts["bureau"] == "tax"
    assert failure.facts["dataset"] == "tax_arrears"


async def test_nothing_is_loaded_from_outside_and_nothing_is_stopped(explorer: ExplorerPage):
    """Every request of the page goes to the gateway, and its policy stops nothing that the page needs."""
    await explorer.set_query(QUERY)
    await explorer.set_variables({"id": SUBJECT})
    await explorer.run()
    for pressed in ("Show Documentation Explorer", "Prettify query", "Show History", "Hide History"):
        await explorer.page.get_by_role("button", name=pressed).click()

    record = explorer.record
    hosts = {urlsplit(asked.url).hostname for asked in record.requests if not asked.url.startswith("data:")}
    assert hosts == {"127.0.0.1"}
    assert len(explorer.page.workers) >= 2, "the editors' workers did not start"
    assert await explorer.violations() == []
    assert record.console == []
    assert record.failed == []


TRESPASS = """async () => {
  const outside = "http://localhost:9/";
  for (const [name, key] of [["script", "src"], ["img", "src"], ["iframe", "src"]]) {
    document.body.append(Object.assign(document.createElement(name), { [key]: outside }));
  }
  const inline = Object.assign(document.createElement("script"), { text: "globalThis.ran = 1" });
  document.body.append(inline);
  await fetch(outside).catch(() => 0);
  setTimeout("globalThis.ran = 2");
  await new Promise((resolve) => setTimeout(resolve, 50));
}"""


async def test_the_policy_is_in_force(chromium: Browser, shared_gateway: StandIn):
    """A script, a frame, a picture or a request from elsewhere is stopped in the page."""
    page = await chromium.new_page()
    await page.route("**/assets/**", lambda route: route.abort())  # its own scripts have no part in this
    await page.add_init_script(SEEN_VIOLATIONS)
    await page.goto(f"{shared_gateway.address}/explorer")
    await page.evaluate(TRESPASS)
    stopped = {violation.split()[0] for violation in await page.evaluate("violations")}
    assert stopped >= {"script-src-elem", "img-src", "frame-src", "connect-src", "script-src"}
    assert await page.evaluate("globalThis.ran") is None
    await page.close()


async def test_the_pickers_decide_the_headers(explorer: ExplorerPage, shared_gateway: StandIn):
    """The token is that of the chosen client, and the purpose is sent where one is chosen and only there."""
    await explorer.set_query(QUERY)
    await explorer.set_variables({"id": SUBJECT})
    await explorer.choose_purpose(LOAN.name)
    assert "income" in (await explorer.run())["data"]["person"]
    await explorer.choose_purpose("")
    await explorer.run()

    named, unnamed = [asked for asked in shared_gateway.asked if asked.operation == "Ask"][-2:]
    assert named.headers["authorization"] == "Bearer token-developer"
    assert named.headers["data-purpose"] == LOAN.name
    assert named.headers["accept"] == "application/graphql-response+json, application/json;q=0.9"
    assert named.headers["content-type"] == "application/json"
    assert "data-purpose" not in unnamed.headers


async def test_another_client_sees_its_own_purposes_and_schema(
    explorer: ExplorerPage, shared_gateway: StandIn
):
    """Choosing a client asks for the schema as that client and keeps only a purpose that it was granted."""
    await explorer.choose_purpose(LOAN.name)
    await explorer.choose_client("library")
    assert await explorer.purposes() == [BORROW.name]
    assert await explorer.purpose.input_value() == BORROW.name
    last = shared_gateway.asked[-1]
    assert last.operation == "IntrospectionQuery"
    assert last.headers["authorization"] == "Bearer token-library"


async def test_a_purpose_that_allows_is_one_press_away(explorer: ExplorerPage):
    """A purpose of the client's that would allow a denied field is chosen from the panel; others are named."""
    await explorer.set_query(QUERY)
    await explorer.set_variables({"id": SUBJECT})
    await explorer.run()
    assert await explorer.panel.get_by_text("tax.audit").evaluate("(one) => one.tagName") == "CODE"
    await explorer.panel.get_by_role("button", name="信用贷款").press("Enter")
    assert await explorer.purpose.input_value() == LOAN.name
    assert (await explorer.run())["data"]["person"]["income"] == 800_000
    assert [one.code for one in await explorer.refusals()] == ["BUREAU_UNAVAILABLE"]


async def test_one_rule_is_explained_once(explorer: ExplorerPage):
    """Fields that one rule denies, for many subjects, are one entry that names each and counts its places."""
    await explorer.set_query(
        "query Many($ids: [PersonNumber!]!) { persons(ids: $ids) { income withheld1 withheld2 } }"
    )
    await explorer.set_variables({"ids": ["a", "b", "c", "d", "e"]})
    await explorer.run()
    assert await explorer.panel.get_by_role("listitem").count() == 1
    denials = await explorer.refusals()
    assert [one.facts["field"] for one in denials] == [
        "Person.income",
        "Person.withheld1",
        "Person.withheld2",
    ]
    assert "persons[0].income" in denials[0].facts["path"]
    assert "2 more" in denials[0].facts["path"]


async def test_an_answer_without_data_is_explained(explorer: ExplorerPage):
    """A request that was refused as a whole is not shown as if nothing were missing: its error is."""
    await explorer.set_query(QUERY)
    await explorer.run()  # without its variable
    (fault,) = await explorer.refusals()
    assert "$id" in fault.facts["reason"]


async def test_the_panel_is_of_the_answer_that_is_shown(explorer: ExplorerPage):
    """The refusals belong to the tab of their answer: another tab does not show them."""
    await explorer.set_query(QUERY)
    await explorer.set_variables({"id": SUBJECT})
    await explorer.run()
    assert len(await explorer.refusals()) == 2
    await explorer.choose_tab("EnterpriseAcrossBureaus")
    await expect(explorer.panel.get_by_role("listitem")).to_have_count(0)
    await explorer.choose_tab("Ask")
    await expect(explorer.panel.get_by_role("listitem")).to_have_count(2)


async def test_the_keyboard_is_enough(explorer: ExplorerPage):
    """The pickers are reached by Tab and changed by keys, and Control-Enter runs the query."""
    keyboard = explorer.page.keyboard
    await explorer.client.focus()
    await keyboard.press("Tab")
    await keyboard.press("ArrowDown")
    assert await explorer.purpose.input_value() == LOAN.name
    await explorer.set_variables({"id": SUBJECT})
    await explorer.set_query(QUERY)
    await keyboard.press("Control+Enter")
    assert (await explorer.answer())["data"]["person"]["income"] == 800_000


async def test_a_first_visit_opens_with_a_question(
    explorer: ExplorerPage, first_sight: tuple[str, dict[str, Any]]
):
    """The first tab holds a query over several bureaus, with a sample subject as its variable."""
    document, variables = first_sight
    assert "PersonAcrossBureaus" in document
    assert variables == {"id": SUBJECT}
    assert await explorer.page.get_by_text("合成数据").is_visible()


async def test_an_expired_token_is_renewed_once(explorer: ExplorerPage, shared_gateway: StandIn):
    """A token that expired while the page was open is fetched anew without a word."""
    await explorer.choose_client("clinic")
    await explorer.set_query(QUERY)
    await explorer.set_variables({"id": SUBJECT})
    await explorer.explained("1 拒绝")
    shared_gateway.expired.add("token-clinic")
    assert (await explorer.run())["data"]["person"]["name"] == "李小雨"
    assert shared_gateway.asked[-1].headers["authorization"] == "Bearer token-clinic-renewed"


MANY_DENIED = f"query Ask($id: String!) {{ person(id: $id) {{ name {' '.join(WITHHELD)} }} }}"
SIZES = ((1280, 800), (800, 600), (390, 844))
INSIDE = """() => [".graphiql-execute-button", "[data-name=variables]", ".graphiql-response"].map((selector) => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return box.height > 0 && box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
})"""
READABLE = 100  # pixels: five lines of an answer
ROOT = "document.documentElement"


async def test_panes_scroll_inside(explorer: ExplorerPage):
    """However many fields are denied, the document is as high as its window, and what is asked with stays in it."""
    await explorer.set_query(MANY_DENIED)
    await explorer.set_variables({"id": SUBJECT})
    await explorer.run()
    await explorer.explained("14 拒绝")
    assert len(await explorer.refusals()) == len(WITHHELD)
    for width, height in SIZES:
        await explorer.page.set_viewport_size({"width": width, "height": height})
        for last in (explorer.panel, explorer.explanation):
            await last.get_by_role("listitem").last.scroll_into_view_if_needed()
            assert await explorer.page.evaluate(f"[{ROOT}.scrollHeight, {ROOT}.scrollWidth]") == [
                height,
                width,
            ]
            assert await explorer.page.evaluate(INSIDE) == [True, True, True]
        box = await explorer.page.locator(".result-window").bounding_box()
        assert box is not None
        assert box["height"] >= READABLE
        end = await explorer.page.evaluate(BEYOND_THE_END)
        assert end < READABLE


BEYOND_THE_END = """() => { const pane = document.querySelector(".graphiql-response"); pane.scrollTop = pane.scrollHeight;
  return pane.getBoundingClientRect().bottom - document.querySelector(".graphiql-footer").getBoundingClientRect().bottom;
}"""
"""How many pixels of nothing a reader comes to who scrolls to the end of an answer and what it lacks."""
NAMES = "(all) => all.map((one) => one.ariaLabel || one.labels?.[0]?.innerText || one.innerText)"


async def test_the_page_fits_its_window(explorer: ExplorerPage):
    """Every control is inside the window and named, at a desk and on a small screen."""
    for width in (1280, 800, 390):
        await explorer.page.set_viewport_size({"width": width, "height": 800})
        assert await explorer.page.evaluate(f"{ROOT}.scrollWidth") == width
        for control in (explorer.client, explorer.purpose, explorer.panel):
            box = await control.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        assert all(await explorer.page.locator("button, select, [role=tab]").evaluate_all(NAMES))


async def test_what_is_read_stands_out(explorer: ExplorerPage):
    """Text has a contrast of at least 4.5 to 1 with what is behind it, and icons of 3 to 1."""
    await explorer.set_query(MANY_DENIED)
    await explorer.set_variables({"id": SUBJECT})
    await explorer.run()
    await explorer.explained("14 拒绝")
    page = explorer.page
    assert await faint(
        page, ".top-bar h1 span", ".picker label", ".synthetic", ".graphiql-tab-button", ".answered", ".refusals h2",
        ".refusals h3", ".refusals p", ".refusals dt", ".refusals dd", ".refusals code", ".refusals button",
        ".refusals summary", ".explanation > header p",
    ) == {}  # fmt: skip
    assert await faint(page, ".graphiql-toolbar-icon", ".graphiql-chevron-icon", least=ICON) == {}
    await page.get_by_role("button", name="Show Documentation Explorer").click()
    assert await faint(page, ".graphiql-doc-explorer-type-name", ".graphiql-doc-explorer-root-type") == {}
    await page.get_by_role("button", name="Hide Documentation Explorer").click()

"""Who may see what, for what, by which law: the matrix's page asked in a reader's words."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, ViewportSize

from gateway.authorization.matrix import EVERY, MatrixRow
from tests.support.decisions import CITY, DAY, decisions
from tests.support.gateway_in_memory import policy
from tests.support.opened_matrix import AT_A_DESK, ON_A_PHONE

FIELD = "#field"
READ_ANSWERS = """(rows) => rows.map((row) => [...row.cells].slice(0, 2)
  .map((cell) => cell.innerText.split("\\n")[0]))"""
ARREARS = {name for name, field in policy().fields.items() if field.item.name[0] == "欠税信息"}


async def answers(page: Page) -> set[tuple[str, str]]:
    """Who may, and for what, as the table of three columns says it in Chinese."""
    return {(who, what) for who, what in await page.locator("#answers tr:has(td)").evaluate_all(READ_ANSWERS)}


def readers(rows: list[MatrixRow]) -> set[tuple[str, str]]:
    """The same from the table of decisions."""
    kinds, purposes = policy().kinds, policy().purposes.leaves
    return {(kinds[row.kind].zh, purposes[row.purpose].zh) for row in rows}


ALLOWED = [
    row for row in decisions() if row.field in ARREARS and row.use == "read" and row.decision == "allowed"
]


@pytest.mark.parametrize("text", ["欠税", "tax arrears", "TaxArrears", "ＴＡＸ　arrears", "税务局 欠税"])
async def test_a_readers_word_finds_who_may(page: Page, text: str):
    """A title in Chinese or in English, a field's name and a bureau each find the fields and who may see them."""
    assert ALLOWED
    await page.locator(FIELD).fill(text)
    assert await answers(page) == readers(ALLOWED)
    assert await page.locator("#answers th").all_inner_texts() == [
        "欠税信息 · Tax arrears\n市税务局 · Tax bureau · XY-TAX-002"
    ]


async def test_a_bureau_finds_its_fields(page: Page):
    """The English title of a bureau finds all groups that it provides, and no other."""
    await page.locator(FIELD).fill("tax bureau")
    provided = {each.item.name[0] for each in policy().fields.values() if each.item.provider == "市税务局"}
    heads = await page.locator("#answers th").all_inner_texts()
    assert heads
    assert {each.partition(" · ")[0] for each in heads} <= provided


@pytest.mark.parametrize("view", ["answer", "pivot", "rows"])
async def test_what_is_not_found_is_no_refusal(page: Page, view: str):
    """A word that no field holds is answered "no such field", without any row that says denied."""
    await page.locator(f"[value={view}]").check()
    await page.locator(FIELD).fill("no such thing")
    assert "没有这样的字段 · No such field" in await page.get_by_role("alert").inner_text()
    assert await page.locator("main table:visible").count() == 0
    assert await page.locator("#counts").inner_text() == ""


async def test_a_row_for_every_field_stands_beside_one_that_was_found(page: Page):
    """The refusal of a pair as a whole is shown with the fields that were found, and not without any."""
    await page.locator("[value=rows]").check()
    await page.locator(FIELD).fill("欠税")
    shown = await page.locator("#rows td:nth-child(3)").all_inner_texts()
    assert EVERY in {each.splitlines()[1] for each in shown}
    await page.locator(FIELD).fill("no such thing")
    assert await page.locator("#rows tr").count() == 0


async def test_each_cell_opens_its_rule_reason_and_source(page: Page):
    """Any cell of the answer, and of the pivot, opens the deciding rule, why it decides so, and on which source."""
    await page.locator(FIELD).fill("欠税")
    row = ALLOWED[0]
    for at in range(3):
        await page.locator("#answers tr:has(td)").first.locator("button").nth(at).click()
        text = await page.locator("#detail").inner_text()
        for said in (row.rule, row.reason, row.source, policy().purposes.leaves[row.purpose].basis):
            assert said in text
        await page.keyboard.press("Escape")
    await page.locator("[value=pivot]").check()
    await page.locator("#pivot-rows td.denied button").first.click()
    text = await page.locator("#detail").inner_text()
    assert "规则 · Rule" in text
    assert "拒绝 · denied" in text
    await page.get_by_role("button", name="关闭").click()


async def test_the_pivot_is_what_the_table_holds(page: Page):
    """A cell of purposes by groups is a tick, a part or a cross, as the widest of the kinds may read the group."""
    await page.locator("[value=pivot]").check()
    await page.locator(FIELD).fill("欠税")
    assert await page.locator("#pivot-head th").all_inner_texts() == [
        "目的 · Purpose",
        "欠税信息\nTax arrears",
    ]
    said = dict(
        zip(
            [
                each.splitlines()[0]
                for each in await page.locator("#pivot-rows th[scope=row]").all_inner_texts()
            ],
            await page.locator("#pivot-rows td").all_inner_texts(),
            strict=True,
        )
    )
    opened = {policy().purposes.leaves[row.purpose].zh for row in ALLOWED}
    assert {name for name, text in said.items() if text != "✗"} == opened


async def test_nobody_is_said_of_fields_that_exist_only(page: Page):
    """Where fields are found and no kind may use them, the page says so in words."""
    await page.locator(FIELD).fill("欠税")
    await page.get_by_label("目的 · Purpose").select_option("reward.reading")
    assert "nobody may" in await page.locator("#counts").inner_text()
    assert await page.locator("#answers tr").count() == 0


MARGINS = """() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
  .filter((rule) => rule instanceof CSSPageRule).map((rule) => rule.cssText).join("\\n")"""


async def test_a_print_is_dated_and_numbered(page: Page):
    """Each sheet bears the city, the day, the version of the rules, its number and how many there are."""
    margins = await page.evaluate(MARGINS)
    for said in (CITY, DAY.isoformat(), policy().version, "counter(page)", "counter(pages)"):
        assert said in margins
    head = await page.locator("body > header").inner_text()
    for said in (CITY, DAY.isoformat(), policy().version):
        assert said in head


ANSWER_STARTS = "document.querySelector('main').getBoundingClientRect().top"


@pytest.mark.parametrize("size", [AT_A_DESK, ON_A_PHONE], ids=["desk", "phone"])
async def test_the_window_holds_the_page(page: Page, size: ViewportSize):
    """No view is wider than the window; at a desk none is higher either, and on a phone the answer is in sight."""
    await page.set_viewport_size(size)
    await page.locator(FIELD).fill("欠税")
    for view in ("answer", "pivot", "rows"):
        await page.locator(f"[value={view}]").check()
        assert await page.evaluate("document.documentElement.scrollWidth") == size["width"]
        if size == AT_A_DESK:
            assert await page.evaluate("document.documentElement.scrollHeight") == size["height"]
        assert await page.evaluate(ANSWER_STARTS) < size["height"] - 100

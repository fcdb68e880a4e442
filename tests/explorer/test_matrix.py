"""The matrix's page in a browser: it answers who may see what, filters, counts as the table does, pages, and prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from catalogue.classification import DataClass
from gateway.authorization.matrix import EVERY, MatrixRow
from tests.support.contrast import faint
from tests.support.decisions import decisions
from tests.support.explorer_page import SEEN_VIOLATIONS

COUNTED = re.compile(r"[\d,]+")
FIELD = "谁可以看什么？"
READ_CELLS = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim()))"
DECISIONS = ("allowed", "denied", "does not exist")


async def counts(page: Page) -> list[int]:
    """How many rows the page says that it found: in all, and of each decision."""
    return [
        int(text.replace(",", "")) for text in COUNTED.findall(await page.locator("#counts").inner_text())
    ]


async def every_decision(page: Page) -> None:
    """Turn to the table of every decision."""
    await page.get_by_label("全部决定 · Every decision").check()


def wanted(*rows: MatrixRow) -> list[int]:
    """How many rows there are in all, and of each decision."""
    return [len(rows), *(sum(row.decision == each for row in rows) for each in DECISIONS)]


async def shown(page: Page) -> list[list[str]]:
    """The cells of the rows that the page shows."""
    return await page.locator("#rows tr").evaluate_all(READ_CELLS)


async def test_it_opens_with_everything(page: Page):
    """The table counts what exists, says how much does not, shows a window, turns pages, and shows all if asked to."""
    await every_decision(page)
    exists = [row for row in decisions() if row.decision != "does not exist"]
    assert await counts(page) == wanted(*exists)
    hidden = len(decisions()) - len(exists)
    assert f"{hidden:,}" in await page.locator("#hidden").inner_text()
    assert await page.locator("#rows tr").count() == 200
    assert await page.get_by_role("button", name="上一页").is_disabled()
    before = await shown(page)
    await page.get_by_role("button", name="下一页").click()
    assert await page.locator("#window").inner_text() == "201–400"
    assert await shown(page) != before
    await page.get_by_label("决定 · Decision").select_option("all")
    assert await counts(page) == wanted(*decisions())


@pytest.mark.parametrize("purpose", ["reward.reading", "reward.*"])
async def test_filters_leave_what_the_table_holds(page: Page, purpose: str):
    """Kind, purpose, class, text, use and decision together leave the rows of the table and no other."""
    await page.get_by_label("主体类型 · Kind").select_option("scene_operator")
    await page.get_by_label("目的 · Purpose").select_option(purpose)
    await page.get_by_label("数据类别 · Class").select_option("INCENTIVE")
    await page.get_by_label(FIELD).fill("creditSCORE")
    await page.get_by_label("用途 · Use").select_option("read")
    await every_decision(page)
    await page.get_by_label("决定 · Decision").select_option("denied")
    left = [
        row
        for row in decisions()
        if row.kind == "scene_operator"
        and (row.purpose.startswith("reward.") if purpose.endswith("*") else row.purpose == purpose)
        and ((row.data_class == "INCENTIVE" and "creditscore" in row.field.lower()) or row.field == EVERY)
        and row.use in ("read", EVERY)
        and row.decision == "denied"
    ]
    assert left
    assert await counts(page) == wanted(*left)
    cells = await shown(page)
    assert [each[7].partition("\n")[0] for each in cells] == [row.rule for row in left][:200]


async def test_a_row_says_rule_reason_and_source(page: Page):
    """Each row names who, for what, which field, the rule, why, and on which source, in Chinese first."""
    await page.get_by_label("主体类型 · Kind").select_option("financial_institution")
    await page.get_by_label("目的 · Purpose").select_option("financing.credit")
    await page.get_by_label(FIELD).fill("Person.scores")
    await page.get_by_label("用途 · Use").select_option("read")
    await every_decision(page)
    (cells,) = await shown(page)
    assert cells[0].splitlines() == ["金融机构", "Financial institution (financial_institution)"]
    assert cells[2].splitlines() == [
        "个人信用积分 · Score programmes that the person joined",
        "Person.scores",
    ]
    assert cells[3].startswith(DataClass.INCENTIVE.value)
    assert "拒绝 · denied" in cells[6]
    assert cells[7] == "incentive-only-rewards"
    assert "激励信息只用于激励" in cells[8]
    assert "宛信用办〔2022〕4号" in cells[8]


async def test_clearing_the_filters_brings_everything_back(page: Page):
    """After the button that clears, the page is as it opened."""
    before = await page.locator("#counts").inner_text()
    await page.get_by_label(FIELD).fill("Person.name")
    await every_decision(page)
    await page.get_by_label("决定 · Decision").select_option("allowed")
    await page.get_by_role("button", name="清除").click()
    await page.evaluate("new Promise((done) => setTimeout(done))")
    assert await page.locator("#counts").inner_text() == before
    assert await page.locator("#who").is_visible()


async def test_it_prints_all_that_was_found(page: Page, tmp_path: Path):
    """A filtered table is printed whole, with its filters in words and its head on each sheet; buttons are not."""
    await page.get_by_label("主体类型 · Kind").select_option("court")
    await page.get_by_label("目的 · Purpose").select_option("measure.enforcement")
    await page.get_by_label("用途 · Use").select_option("read")
    await every_decision(page)
    found = (await counts(page))[0]
    assert found < 2000
    await page.evaluate("addEventListener('beforeprint', () => { globalThis.printed = rows.rows.length })")
    pdf = await page.pdf(path=tmp_path / "matrix.pdf")
    assert pdf.startswith(b"%PDF")
    assert await page.evaluate("printed") == found
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type /Page>") > 1
    await page.emulate_media(media="print")
    assert await page.locator("#chosen").is_visible()
    assert "court" in await page.locator("#chosen").inner_text()
    assert await page.locator("form").is_hidden()
    assert (
        await page.evaluate("getComputedStyle(document.querySelector('#decisions thead')).display")
        == "table-header-group"
    )


async def test_too_much_to_print_says_to_narrow(page: Page):
    """What nobody could read is not printed: the page says to filter first, and prints nothing of it."""
    await every_decision(page)
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")
    notice = page.get_by_role("alert")
    assert "narrow" in await notice.inner_text()
    await page.emulate_media(media="print")
    assert await page.locator("#decisions").is_hidden()
    await page.evaluate("dispatchEvent(new Event('afterprint'))")
    await page.emulate_media(media="screen")
    assert await page.locator("#decisions").is_visible()
    assert await notice.count() == 0


async def test_every_control_is_named_and_reached_by_keys(page: Page):
    """Each control has a label, the keyboard comes to all of them, and the table's region can be scrolled."""
    await every_decision(page)
    controls = page.locator(
        "select, input, summary, #filters button, nav button:enabled, #close, main, #detail-body"
    )
    names = await controls.evaluate_all(
        "(all) => all.map((one) => one.labels?.[0]?.innerText || one.innerText || one.ariaLabel || one.id)"
    )
    assert all(names)
    await page.locator("#field").focus()
    reached = {"field"}
    for _ in range(len(names)):
        await page.keyboard.press("Tab")
        reached.add(await page.evaluate("document.activeElement.id"))
    assert {
        "kind",
        "purpose",
        "class",
        "field",
        "use",
        "reached",
        "decision",
        "print",
        "after",
        "region",
    } <= reached
    assert await page.locator("#decisions th[scope=col]").count() == 9


async def test_text_stands_out(page: Page):
    """Text has at least the contrast of 4.5 to 1 that WCAG 2.2 asks for (success criterion 1.4.3)."""
    await page.get_by_label("主体类型 · Kind").select_option("court")
    await page.get_by_label("目的 · Purpose").select_option("measure.enforcement")
    await page.get_by_label(FIELD).fill("Person.")
    await every_decision(page)
    await page.get_by_label("决定 · Decision").select_option("all")
    assert await faint(
        page, "h1", "h1 span", "label", "#decisions caption", "#decisions thead th", "td.allowed", "td.denied", "td.none",
        "#rows td small", "#counts", "#print", "#before:disabled",
    ) == {}  # fmt: skip


async def test_nothing_foreign_runs(chromium: Browser, matrix_file: Path):
    """A script that is not the page's own, though it stands in the page, does not run; the page's own does."""
    page = await chromium.new_page()
    await page.add_init_script(SEEN_VIOLATIONS)
    await page.goto(matrix_file.as_uri())
    assert await page.evaluate("violations") == []
    await page.evaluate(
        """() => document.body.append(Object.assign(document.createElement("script"), { text: "globalThis.ran = 1" }))"""
    )
    assert await page.evaluate("globalThis.ran") is None
    assert len(await page.evaluate("violations")) == 1
    await page.close()

"""The page of the open index in a browser: readable at a desk and on a phone, usable by keyboard, and silent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page

from tests.support.contrast import faint
from tests.support.explorer_page import SEEN_VIOLATIONS, Record
from tests.support.open_indexes import incentives_of, index_of, served_index

CITIES = ("xinyang", "zhengzhou", "nanyang")
WIDTHS = (1280, 390)
PROTRUDING = """() => {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll("body *:not(.skip)")]
    .filter((each) => each.getBoundingClientRect().right > width + 1 || each.scrollWidth > each.clientWidth + 1
      && getComputedStyle(each).display !== "inline")
    .map((each) => `${each.tagName} ${each.textContent.slice(0, 30)}`);
}"""
BROKEN_WORDS = """() => {
  const found = [];
  for (const cell of document.querySelectorAll("th, td, dt, h1, h2, h3, h4")) {
    for (const node of [...cell.querySelectorAll("[lang=en]")]) {
      const text = node.firstChild;
      for (const word of (text?.data ?? "").matchAll(/[A-Za-z]+/g)) {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map((each) => each.top)).size > 1) found.push(word[0]);
      }
    }
  }
  return found;
}"""


@dataclass  # without slots: Playwright leaves a mark on objects whose methods it calls
class OpenedIndex:
    """The page of a city in a window, and what the browser asked for."""

    page: Page
    record: Record
    address: str
    city: str


@pytest.fixture(scope="module", params=CITIES)
def served(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """A city, and where its open index is served."""
    with served_index(request.param) as running:
        yield request.param, f"http://127.0.0.1:{running.port}/open"


@pytest.fixture(params=WIDTHS)
async def opened(
    request: pytest.FixtureRequest, chromium: Browser, served: tuple[str, str]
) -> AsyncIterator[OpenedIndex]:
    """The page, opened at a width."""
    city, address = served
    page, record = await chromium.new_page(viewport={"width": request.param, "height": 800}), Record()
    page.on("request", record.hear_request)
    page.on("response", record.hear_response)
    page.on("console", record.hear_console)
    page.on("pageerror", record.hear_error)
    await page.add_init_script(SEEN_VIOLATIONS)
    await page.goto(address)
    yield OpenedIndex(page, record, address, city)
    await page.close()


@pytest.mark.rule("R05")
async def test_the_page_shows_the_index_and_asks_for_nothing_else(opened: OpenedIndex):
    """The page shows each incentive, asks its own host for itself alone, and the browser complains of nothing."""
    text, record = await opened.page.locator("main").inner_text(), opened.record
    assert [each for each in incentives_of(index_of(opened.city)) if each not in text] == []
    own = urlsplit(opened.address).netloc
    asked = [urlsplit(each.url) for each in record.requests]
    assert {each.netloc for each in asked} == {own}
    assert {each.path for each in asked} <= {"/open", "/favicon.ico"}
    assert (record.console, await opened.page.evaluate("violations")) == ([], [])
    assert [each for each in record.failed if "favicon" not in each] == []


async def test_nothing_is_cut_off(opened: OpenedIndex):
    """At a desk and on a phone nothing stands out of the window, and no English word of a table is broken."""
    assert await opened.page.evaluate(PROTRUDING) == []
    assert await opened.page.evaluate(BROKEN_WORDS) == []


async def test_the_page_is_told_to_who_does_not_see_it(opened: OpenedIndex):
    """A reader hears one title, landmarks, sections by their headings, tables with heads, and both languages."""
    page = opened.page
    assert await page.locator("h1").count() == 1
    assert await page.locator("html").get_attribute("lang") == "zh-CN"
    assert await page.get_by_role("main").count() == 1
    assert await page.get_by_role("navigation", name="目录 · Contents").count() == 1
    titles = await page.get_by_role("navigation").get_by_role("link").all_inner_texts()
    for each in titles:
        assert await page.get_by_role("region", name=each).count() == 1
    for table in await page.get_by_role("table").all():
        assert await table.locator("caption").count() == 1
        assert await table.get_by_role("columnheader").count() == 3
    levels = await page.locator("h1, h2, h3, h4").evaluate_all("(all) => all.map((each) => +each.tagName[1])")
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


async def test_the_keyboard_reaches_everything(opened: OpenedIndex):
    """The first key leads past the contents, each link of the contents to its section, and the focus is seen."""
    page = opened.page
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    assert await page.locator(".skip").evaluate("(each) => each.getBoundingClientRect().top") >= 0
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"
    await page.locator("nav a").last.focus()
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert await page.evaluate(outline) == "solid"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "items"


async def test_texts_stand_out(opened: OpenedIndex):
    """Every kind of text has the contrast that WCAG asks for."""
    assert await faint(opened.page, "h1", "h1 [lang]", "dt", "dd", "a", ".mark", ".number", ".skip") == {}

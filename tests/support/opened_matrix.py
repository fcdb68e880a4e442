"""The matrix's page as a reader has it open: what tests of the page ask it with."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize

from tests.support.explorer_page import SEEN_VIOLATIONS

AT_A_DESK: ViewportSize = {"width": 1280, "height": 800}
ON_A_PHONE: ViewportSize = {"width": 390, "height": 844}
RESET = """() => new Promise((done) => {
  document.getElementById("detail").close();
  document.getElementById("filters").reset();
  setTimeout(done);
})"""
"""A form tells of its reset before its fields are empty; the page looks at them a turn later, and so does this."""


class OpenedMatrix:
    """The page in a browser, with everything that it loaded and complained of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    @classmethod
    async def open(cls, browser: Browser, file: Path) -> OpenedMatrix:
        """Open the page from a disk."""
        opened = cls(await browser.new_page(viewport=AT_A_DESK), file.as_uri())
        await opened.page.add_init_script(SEEN_VIOLATIONS)
        await opened.page.goto(opened.address)
        await opened.page.locator("#answers tr").first.wait_for()
        return opened

    async def reset(self) -> Page:
        """Return the page as it opens, without filters, at a desk."""
        await self.page.set_viewport_size(AT_A_DESK)
        await self.page.emulate_media(media="null")
        await self.page.evaluate(RESET)
        return self.page

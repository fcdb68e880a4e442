"""The explorer as a person uses it: what tests of the page and of the whole system drive it with."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Error, Locator, Page, Request, Response
from playwright.async_api import TimeoutError as PlaywrightTimeout

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SEEN_VIOLATIONS = "globalThis.violations = []; addEventListener('securitypolicyviolation', (event) => \
violations.push(`${event.violatedDirective} ${event.blockedURI}`));"
READ_MODEL = "(name) => globalThis.__MONACO?.editor.getModels().find((model) => \
model.uri.path.endsWith(name))?.getValue() ?? ''"

READ_MARKS = "(name) => globalThis.__MONACO.editor.getModelMarkers({}) \
.filter((mark) => mark.resource.path.endsWith(name)).map((mark) => [mark.owner, mark.message])"
QUICK_FIX = "(place) => { const editor = globalThis.__MONACO.editor.getEditors() \
.find((one) => one.getModel().uri.path.endsWith('operation.graphql')); \
editor.focus(); editor.setPosition(place); editor.trigger('test', 'editor.action.quickFix', {}); }"

READ_ENTRIES = """(entries) => entries.map((entry) => {
  const facts = (place) => Object.fromEntries([...place.querySelectorAll("[data-fact]")]
    .map((fact) => [fact.dataset.fact, (fact.querySelector("dd") ?? fact).textContent.trim()]));
  const places = [...entry.querySelectorAll(".place")].map((place) => [place.dataset.field, facts(place)]);
  return [{ ...entry.dataset }, facts(entry.querySelector("dl")), places];
})"""
"""What each entry of a panel says of all its fields, folded away or not, and what of each field: in one question."""
IN_MENU = "(menu) => menu.contains(document.activeElement) && menu.querySelector('.monaco-list-row.focused') !== null"

WRITE = "([name, text]) => { const editor = globalThis.__MONACO.editor.getEditors() \
.find((one) => one.getModel().uri.path.endsWith(name)); editor.focus(); editor.setValue(text); }"
SELECTED_TAB = "[role=tab][aria-selected=true]"
NAMED = re.compile(r"(?:query|mutation|subscription)\s+(\w+)")
UNTITLED = "<untitled>"

KEPT = "new Promise((done) => setTimeout(done, 110))"
"""GraphiQL writes a change into its tab after 100 milliseconds, and into another one that is turned to before."""
LOOKED_EVERY = 20  # milliseconds
MENU_WITHIN = 300  # milliseconds
ANSWERED_WITHIN = 30  # seconds


@dataclass(frozen=True, slots=True)
class Refusal:
    """One entry of the panel beneath the answer: the error code, and its facts by name."""

    code: str
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Use:
    """One line of the explanation: the state of a use of a field, and its facts by name."""

    field: str
    use: str
    state: str
    facts: dict[str, str]


@dataclass  # without slots: Playwright leaves a mark on objects whose methods it calls
class Record:
    """Everything that the browser asked for and complained of, to be judged at the end."""

    requests: list[Request] = field(default_factory=list[Request])
    failed: list[str] = field(default_factory=list[str])
    console: list[str] = field(default_factory=list[str])

    def forget_complaints(self) -> None:
        """Begin anew with what the browser complains of; what it asked for stays."""
        self.failed.clear()
        self.console.clear()

    def hear_request(self, request: Request) -> None:
        self.requests.append(request)

    def hear_error(self, error: Error) -> None:
        self.console.append(f"exception: {error}")

    def hear_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.console.append(f"{message.type}: {message.text}")

    def hear_response(self, response: Response) -> None:
        if response.status >= 400:
            self.failed.append(f"{response.status} {response.url}")


class ExplorerPage:
    """The page, opened at a gateway's address."""

    def __init__(self, page: Page, record: Record) -> None:
        self.page = page
        self.record = record

    @classmethod
    async def open(cls, browser: Browser, address: str, width: int = 1280, height: int = 800) -> ExplorerPage:
        """Open the explorer of the gateway at `address` and wait until its editors stand."""
        page = await browser.new_page(viewport={"width": width, "height": height})
        record = Record()
        page.on("request", record.hear_request)
        page.on("response", record.hear_response)
        page.on("console", record.hear_console)
        page.on("pageerror", record.hear_error)
        await page.add_init_script(SEEN_VIOLATIONS)
        await page.goto(f"{address}/explorer")
        opened = cls(page, record)
        await opened.drawn()
        return opened

    async def drawn(self) -> None:
        """Wait until the editors stand, as after opening the page."""
        await self.page.locator(".graphiql-query-editor .view-line").first.wait_for()

    async def reload(self) -> None:
        """Load the page again."""
        await self.page.reload()
        await self.drawn()

    @property
    def client(self) -> Locator:
        return self.page.get_by_label("客户端 · Client")

    @property
    def purpose(self) -> Locator:
        return self.page.get_by_label("目的 · Purpose")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("region", name="回答缺少的内容 · Missing from the answer")

    @property
    def answered(self) -> Locator:
        """As whom and for what the answer that is shown was given."""
        return self.page.get_by_role("status", name="回答 · Answer")

    @property
    def explanation(self) -> Locator:
        return self.page.get_by_role("region", name="本文档 · This document")

    async def explained(self, summary: str) -> list[Use]:
        """Wait until the explanation's summary holds a text, and return its lines."""
        async with asyncio.timeout(ANSWERED_WITHIN):
            while summary not in await self.explanation.get_by_role("status").inner_text():
                await self.page.wait_for_timeout(LOOKED_EVERY)
        entries = await self.explanation.locator("li").evaluate_all(READ_ENTRIES)
        return [
            Use(field, data["use"], data["state"], facts | own)
            for data, facts, places in entries
            for field, own in places
        ]

    async def choose_client(self, name: str) -> None:
        """Act as the client `name`; return when the schema was asked for as that client, if it was another before."""
        if await self.client.input_value() == name:
            return
        async with self.page.expect_response("**/graphql"):
            await self.client.select_option(name)

    async def choose_purpose(self, name: str) -> None:
        """Ask for the purpose `name`; the empty name is for none."""
        await self.purpose.select_option(name)

    async def purposes(self) -> list[str]:
        """The names of the purposes that the chosen client may ask for."""
        options = await self.purpose.locator("option").all()
        return [name for option in options if (name := await option.get_attribute("value"))]

    async def set_query(self, document: str) -> None:
        """Write a document into the query editor; return when its operation is the one that would be run."""
        await self.page.evaluate(WRITE, ["operation.graphql", document])
        named = NAMED.search(document)
        title = named[1] if named else UNTITLED
        async with asyncio.timeout(ANSWERED_WITHIN):
            while await self.page.locator(SELECTED_TAB).inner_text() != title:
                await self.page.wait_for_timeout(LOOKED_EVERY)

    async def set_variables(self, variables: dict[str, Any]) -> None:
        """Write variables into their editor."""
        text = json.dumps(variables, ensure_ascii=False, indent=2)
        await self.page.evaluate(WRITE, ["variables.json", text])

    async def query(self) -> str:
        """The document in the query editor."""
        return await self._model("operation.graphql")

    async def variables(self) -> dict[str, Any]:
        """The variables in their editor."""
        return json.loads(await self._model("variables.json"))

    async def open_tab(self) -> None:
        """Open a tab that holds no document, no variables and no answer."""
        await self.page.evaluate(KEPT)
        await self.page.get_by_role("button", name="New tab").click()
        async with asyncio.timeout(ANSWERED_WITHIN):
            while await self._model("response.json") or "query" in await self.query():
                await self.page.wait_for_timeout(LOOKED_EVERY)

    async def close_tab(self) -> None:
        """Close the tab that is shown."""
        await self.page.locator(SELECTED_TAB).get_by_role("button", name="Close Tab").click()

    async def choose_tab(self, title: str, place: int = 0) -> None:
        """Turn to the tab of this title, to the first or to another of several."""
        await self.page.evaluate(KEPT)
        await self.page.get_by_role("tab", name=title).nth(place).click()

    async def run(self) -> dict[str, Any]:
        """Press the button that runs the query and return the answer that is shown."""
        await self.page.get_by_role("button", name="Execute query").click()
        return await self.answer()

    async def answer(self) -> dict[str, Any]:
        """Wait for an answer and return it as the page shows it."""
        # Playwright's own waiting evaluates text in the page, which the policy stops.
        async with asyncio.timeout(ANSWERED_WITHIN):
            while not (text := await self._model("response.json")):
                await self.page.wait_for_timeout(LOOKED_EVERY)
        return json.loads(text)

    async def refusals(self) -> list[Refusal]:
        """What the panel beneath the answer says of each field and of each failure."""
        entries = await self.panel.locator("li").evaluate_all(READ_ENTRIES)
        return [
            Refusal(data["code"], facts | own)
            for data, facts, places in entries
            for _, own in places or [("", {})]
        ]

    async def marks(self, model: str = "operation.graphql") -> list[tuple[str, str]]:
        """The marks in the query editor, or in that of the variables: who made each, and what it says."""
        return [tuple(each) for each in await self.page.evaluate(READ_MARKS, model)]

    async def fixes(self, line: int, column: int) -> Locator:
        """Ask for the quick fixes at a place of the query editor and return the menu of them."""
        menu = self.page.locator(".action-widget")
        # Where the editor's own check comes just then, it closes the menu.
        async with asyncio.timeout(ANSWERED_WITHIN):
            while not (await menu.is_visible() and await menu.evaluate(IN_MENU)):
                await self.page.evaluate(QUICK_FIX, {"lineNumber": line, "column": column})
                with suppress(PlaywrightTimeout):
                    await menu.locator(".monaco-list-row.focused").wait_for(timeout=MENU_WITHIN)
        return menu

    async def mend(self, line: int, column: int) -> str:
        """Take the first quick fix at a place, and return the text of the menu that it stood in."""
        text = ""
        async with asyncio.timeout(ANSWERED_WITHIN):
            while not text:  # the editor's own check may close the menu before it is read
                text = await (await self.fixes(line, column)).inner_text()
        await self.page.keyboard.press("Enter")
        return text

    async def violations(self) -> list[str]:
        """What the content security policy has stopped since the page was opened."""
        return await self.page.evaluate("violations")

    async def _model(self, name: str) -> str:
        return await self.page.evaluate(READ_MODEL, name)

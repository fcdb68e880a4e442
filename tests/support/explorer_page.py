"""The explorer as a person uses it: what tests of the page and of the whole system drive it with."""

from __future__ import annotations

import asyncio
import json
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

READ_MARKS = "() => globalThis.__MONACO.editor.getModelMarkers({}) \
.filter((mark) => mark.resource.path.endsWith('operation.graphql')).map((mark) => [mark.owner, mark.message])"
QUICK_FIX = "(place) => { const editor = globalThis.__MONACO.editor.getEditors() \
.find((one) => one.getModel().uri.path.endsWith('operation.graphql')); \
editor.focus(); editor.setPosition(place); editor.trigger('test', 'editor.action.quickFix', {}); }"

IN_MENU = "(menu) => menu.contains(document.activeElement) && menu.querySelector('.monaco-list-row.focused') !== null"

AROUND_EDITOR = "document.activeElement.classList.contains('graphiql-editor')"
"""Whether the focus is on what surrounds an editor, as after a click while it is being drawn; Enter leads inside."""

SETTLED_AFTER = 300  # milliseconds: GraphiQL reads the operation's name 100 after the last change
LOOKED_EVERY = 25  # milliseconds
ANSWERED_WITHIN = 30  # seconds
CLICKED_WITHIN = 2_000  # milliseconds
PASTE = "(text) => { const clipboardData = new DataTransfer(); clipboardData.setData('text/plain', text); \
document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true })) }"


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
        await page.locator(".graphiql-query-editor .view-line").first.wait_for()
        return cls(page, record)

    @property
    def client(self) -> Locator:
        return self.page.get_by_label("Client · 客户端")

    @property
    def purpose(self) -> Locator:
        return self.page.get_by_label("Purpose · 目的")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("region", name="Denied fields · 未授权字段")

    @property
    def answered(self) -> Locator:
        """As whom and for what the answer that is shown was given."""
        return self.page.get_by_role("status", name="Answer · 回答")

    @property
    def explanation(self) -> Locator:
        return self.page.get_by_role("region", name="This document · 本文档")

    async def explained(self, summary: str) -> list[Use]:
        """Wait until the explanation's summary holds a text, and return its lines."""
        async with asyncio.timeout(ANSWERED_WITHIN):
            while summary not in await self.explanation.get_by_role("status").inner_text():
                await self.page.wait_for_timeout(LOOKED_EVERY)
        return [await _read_use(item) for item in await self.explanation.locator("li").all()]

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
        """Write a document into the query editor, as by pasting."""
        await self._write("Operation Editor", "operation.graphql", document)

    async def set_variables(self, variables: dict[str, Any]) -> None:
        """Write variables into their editor."""
        text = json.dumps(variables, ensure_ascii=False, indent=2)
        await self._write("Variables", "variables.json", text)

    async def query(self) -> str:
        """The document in the query editor."""
        return await self._model("operation.graphql")

    async def variables(self) -> dict[str, Any]:
        """The variables in their editor."""
        return json.loads(await self._model("variables.json"))

    async def open_tab(self) -> None:
        """Open a tab that holds no document, no variables and no answer."""
        await self.page.get_by_role("button", name="New tab").click()
        async with asyncio.timeout(ANSWERED_WITHIN):
            while await self._model("response.json") or "query" in await self.query():
                await self.page.wait_for_timeout(LOOKED_EVERY)

    async def choose_tab(self, title: str) -> None:
        """Turn to the tab of this title."""
        await self.page.get_by_role("tab", name=title).click()

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
        """The entries of the panel beneath the answer."""
        return [await _read_refusal(item) for item in await self.panel.get_by_role("listitem").all()]

    async def marks(self) -> list[tuple[str, str]]:
        """The marks in the query editor: who made each, and what it says."""
        return [tuple(each) for each in await self.page.evaluate(READ_MARKS)]

    async def fixes(self, line: int, column: int) -> Locator:
        """Ask for the quick fixes at a place of the query editor and return the menu of them."""
        menu = self.page.locator(".action-widget")
        # Where the editor's own check comes just then, it closes the menu.
        async with asyncio.timeout(ANSWERED_WITHIN):
            while not (await menu.is_visible() and await menu.evaluate(IN_MENU)):
                await self.page.evaluate(QUICK_FIX, {"lineNumber": line, "column": column})
                await self.page.wait_for_timeout(SETTLED_AFTER)
        return menu

    async def mend(self, line: int, column: int) -> str:
        """Take the first quick fix at a place, and return the text of the menu that it stood in."""
        menu = await self.fixes(line, column)
        text = await menu.inner_text()
        await self.page.keyboard.press("Enter")
        return text

    async def violations(self) -> list[str]:
        """What the content security policy has stopped since the page was opened."""
        return await self.page.evaluate("violations")

    async def _write(self, region: str, model: str, text: str) -> None:
        """Paste as often as it takes: a page that is still being drawn moves the focus away in between."""
        async with asyncio.timeout(ANSWERED_WITHIN):
            while await self._model(model) != text:
                await self._paste(region, text)
        await self.page.wait_for_timeout(SETTLED_AFTER)

    async def _paste(self, region: str, text: str) -> None:
        editor = self.page.get_by_role("region", name=region)
        with suppress(PlaywrightTimeout):  # moved or covered just now: the next try finds it
            # What can be seen of the text: the middle of long lines is outside of a narrow editor.
            await editor.locator(".editor-scrollable").first.click(timeout=CLICKED_WITHIN)
        if await self.page.evaluate(AROUND_EDITOR):
            await self.page.keyboard.press("Enter")
        await self.page.keyboard.press("ControlOrMeta+a")
        # Typed text would get closing brackets from the editor; pasted text is taken as it is.
        await self.page.evaluate(PASTE, text)
        await self.page.wait_for_timeout(LOOKED_EVERY)

    async def _model(self, name: str) -> str:
        return await self.page.evaluate(READ_MODEL, name)


async def _read_refusal(item: Locator) -> Refusal:
    facts: dict[str, str] = {}
    for fact in await item.locator("[data-fact]").all():
        value = fact.locator("dd") if await fact.locator("dd").count() else fact
        facts[await fact.get_attribute("data-fact") or ""] = await value.inner_text()
    return Refusal(await item.get_attribute("data-code") or "", facts)


async def _read_use(item: Locator) -> Use:
    facts = {
        await fact.get_attribute("data-fact") or "": await fact.locator("dd").text_content() or ""
        for fact in await item.locator("[data-fact]").all()
    }
    names = [await item.get_attribute(f"data-{name}") or "" for name in ("field", "use", "state")]
    return Use(*names, facts)

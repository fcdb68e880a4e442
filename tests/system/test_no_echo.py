"""Identity numbers and records never leave the answer: not in errors, logs, metrics or exported spans."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import asyncpg
import httpx2
import pytest

from sandbox.city import RunningCity
from tests.support.command_line import Caller, demo_token, sources_of, transport_of
from tests.support.marked_values import Marked, leaks, marked_values
from tests.system.conftest import EVERYTHING, served

PURPOSE = "subject.report"
DOCUMENT = """query MarkedName($ids: [PersonNumber!]!) {
  persons(ids: $ids) { name identityNumber region taxArrears { tax } transportGrade { grade }
    judgmentDefaults { court } offices { enterprise { name creditCode } } scores { score } }
}"""


@dataclass
class Collector:
    """An OTLP collector that keeps every body as it came."""

    server: ThreadingHTTPServer
    bodies: dict[str, list[bytes]] = field(default_factory=dict[str, list[bytes]])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def received(self, path: str) -> bytes:
        """All that was exported to this path."""
        return b"".join(self.bodies.get(path, []))


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """A collector on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            made.bodies.setdefault(self.path, []).append(body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made = Collector(server)
        Thread(target=server.serve_forever, daemon=True).start()
        yield made
        server.shutdown()


@dataclass(frozen=True, slots=True)
class Said:
    """All that a gateway said outside its good answers, after it was asked well and badly and was stopped."""

    refusals: str
    logs: str
    metrics: str
    spans: bytes
    exported_metrics: bytes
    bureau: str
    answers: str
    values: tuple[Marked, ...]


@pytest.fixture(scope="module")
async def said(
    city: RunningCity, collector: Collector, persons: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Said:
    """What was said by a gateway through which marked values and real numbers were run."""
    folder = tmp_path_factory.mktemp("echo")
    real = tuple(Marked("an identity number of the city", number) for number in persons)
    settings = {"explorer": "1", "demo_key": "1", "log_level": "DEBUG", "otlp_endpoint": collector.address}
    with transport_of(city, folder) as (transport, address):
        sources = sources_of(city, address)
        sources["courts"]["timeout"] = 0.3
        with served(folder / "gateway", sources, **settings) as process:
            with httpx2.Client(base_url=process.ready(), timeout=30, trust_env=False) as http:
                caller = Caller(http, demo_token("developer", EVERYTHING))
                answers = ask_well(caller, persons)
                refusals = ask_badly(caller, persons)
                refusals += await ask_while_bureaus_break(caller, city, persons)
                transport.stop()
                refusals += errors_of(caller.ask(DOCUMENT, {"ids": persons}, PURPOSE).text)
                metrics = http.get("/metrics").text
            process.stop()  # what is left to export leaves now
            return Said(
                refusals,
                process.logged + process.printed,
                metrics,
                collector.received("/v1/traces"),
                collector.received("/v1/metrics"),
                (folder / "transport.log").read_text() + city.server.log.read_text(),
                answers,
                (*marked_values(), *real, Marked("bearer token", caller.token or "")),
            )


def errors_of(text: str) -> str:
    """The errors of an answer as text: its data may hold what was granted."""
    return json.dumps(json.loads(text).get("errors", []), ensure_ascii=False)


def ask_well(caller: Caller, persons: list[str]) -> str:
    """Requests that are answered."""
    return "".join(
        caller.ask(DOCUMENT, {"ids": persons}, purpose).text for purpose in (PURPOSE, "recognition.suzhou")
    )


def ask_badly(caller: Caller, persons: list[str]) -> str:
    """Requests that carry marked values where they do not belong."""
    said: list[str] = []
    for value in marked_values():
        text = value.text
        literal = json.dumps(text, ensure_ascii=False)
        said += [
            caller.ask(DOCUMENT, {"ids": [text]}, PURPOSE).text,
            caller.ask(DOCUMENT, {"ids": [persons[0], text, text]}, PURPOSE).text,
            caller.ask(DOCUMENT, {text: text}, PURPOSE).text,
            caller.ask(f"{{ person(id: {literal}) {{ nam }} }}", None, PURPOSE).text,
            caller.ask(f"{{ person(id: {literal}, by: {literal}) {{ name }} }}", None, PURPOSE).text,
            caller.ask(f"# {text}\n{{ person(id: [{literal}]) {{ name }}", None, PURPOSE).text,
            caller.ask(f"{{ enterprise(id: {literal}) {{ taxGrades(first: {literal}) {{ year }} }} }}").text,
            caller.call(text, id=text).text,
            caller.post(f'{{"query": {literal}, "operationName": {literal}}}'.encode()).text,
            caller.post(f"{{{text}".encode()).text,
            caller.post(f'{{"variables": {literal}, "query": "x"}}'.encode()).text,
            Caller(caller.http, text if text.isascii() else None).ask("{ catalogue { field } }").text,
            caller.http.get("/graphql", params={"query": text, "variables": text}).text,
            caller.http.get(f"/{text}").text,
        ]
        if text.isascii() and text.isprintable():
            said.append(caller.ask(DOCUMENT, {"ids": persons[:1]}, text).text)
    return "".join(said)


async def ask_while_bureaus_break(caller: Caller, city: RunningCity, persons: list[str]) -> str:
    """Requests while a bureau sends marked values in broken rows, is slow, and loses its connections."""
    said: list[str] = []
    tax = await asyncpg.connect(city.server.dsn("tax"))
    courts = await asyncpg.connect(city.server.dsn("courts"))
    try:
        held = await tax.fetch(
            "SELECT tax, subject, since, amount_fen FROM own.tax_arrears WHERE subject = ANY($1)", persons
        )
        for value in marked_values():
            await tax.execute(
                "UPDATE own.tax_arrears SET tax = $2 WHERE subject = ANY($1)", persons, value.text
            )
            said.append(errors_of(caller.ask(DOCUMENT, {"ids": persons}, PURPOSE).text))
        put_back = "UPDATE own.tax_arrears SET tax = $1 WHERE subject = $2 AND since = $3 AND amount_fen = $4"
        await tax.executemany(put_back, [tuple(row) for row in held])
        async with courts.transaction():
            await courts.execute("LOCK TABLE own.judgment_defaulter IN ACCESS EXCLUSIVE MODE")
            said.append(errors_of(caller.ask(DOCUMENT, {"ids": persons}, PURPOSE).text))
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'tax' AND pid <> $1"
        await tax.fetch(ended, tax.get_server_pid())
        said.append(errors_of(caller.ask(DOCUMENT, {"ids": persons}, PURPOSE).text))
    finally:
        await tax.close()
        await courts.close()
    return "".join(said)


def test_good_answers_hold_what_was_asked(said: Said, persons: list[str]):
    """The values were run through: the answers hold them, so that their absence elsewhere means something."""
    assert all(number in said.answers for number in persons)
    assert "BUREAU_CONTRACT_BROKEN" in said.refusals
    assert "BUREAU_TIMED_OUT" in said.refusals
    assert "BUREAU_UNAVAILABLE" in said.refusals
    assert "IDENTIFIER_INVALID" in said.refusals
    assert '"code":"INTERNAL"' not in said.refusals


def test_errors_hold_no_value(said: Said):
    """No error says what the caller or a bureau sent."""
    assert leaks(said.refusals, said.values) == []


def test_logs_hold_no_value(said: Said):
    """The gateway's log, at its most talkative, holds events and no values; so do the bureaus' logs."""
    assert "request refused" in said.logs
    assert "bureau failed" in said.logs
    assert leaks(said.logs, said.values) == []
    assert leaks(said.bureau, said.values) == []


def test_metrics_hold_no_value(said: Said):
    """What /metrics says is counted by names of our own."""
    assert "bureau" in said.metrics
    assert leaks(said.metrics, said.values) == []
    assert b"bureau" in said.exported_metrics
    assert leaks(said.exported_metrics, said.values) == []


def test_spans_hold_no_value(said: Said):
    """Exported spans name operation, purpose and bureau, and hold no value."""
    assert b"judgment_defaulter" in said.spans
    assert PURPOSE.encode() in said.spans
    assert b"MarkedName" not in said.spans
    assert leaks(said.spans, said.values) == []


def test_no_file_is_named_after_a_value(said: Said, tmp_path_factory: pytest.TempPathFactory):
    """No file that was made on the way carries a value in its name."""
    # os.walk passes over folders that a running server removes meanwhile.
    names = "\n".join(
        f"{folder}/{name}" for folder, _, files in os.walk(tmp_path_factory.getbasetemp()) for name in files
    )
    assert leaks(names, said.values) == []

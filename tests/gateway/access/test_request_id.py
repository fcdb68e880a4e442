"""One request is one trace, and has one id: in its answer, in the log, at the collector and at HTTP bureaus."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

import httpx2
import pytest

from adapters.http.http_source import HttpSource
from adapters.source import SourceAddress
from observability.log_observer import LogObserver
from observability.logging import make_logger
from observability.telemetry import Telemetry
from tests.adapters.test_http import signed
from tests.support.breakable_gateway import LIBRARY, OF, Built, Parts, build
from tests.support.collector import Collector, running_collector

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"
NUMBER = "110105194912310021"


class Transport:
    """A bureau over HTTP that keeps what it is sent, and answers when it may."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []
        self.open = asyncio.Event()
        self.open.set()
        self.reached = asyncio.Event()
        address = SourceAddress(url="http://transport.test", secret="s", connections=1)
        self.source = HttpSource("transport", address, transport=httpx2.MockTransport(self._answer))

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        self.reached.set()
        await self.open.wait()
        return signed(request, httpx2.Response(200, json={"rows": []}))


@dataclass(slots=True)
class Traced:
    """A gateway whose spans go to a collector and whose lines go to a text."""

    built: Built
    transport: Transport
    collector: Collector
    telemetry: Telemetry
    lines: StringIO

    async def ask(self, headers: dict[str, str] | None = None, **body: Any) -> httpx2.Response:
        sent = {
            "authorization": f"Bearer {self.built.token}",
            "accept": "application/graphql-response+json",
            **(headers or {}),
        }
        asked = body or {"documentId": LIBRARY.document_id, "variables": OF}
        return await self.built.http.post("/graphql", json=asked, headers=sent)

    async def spans(self) -> dict[str, list[Any]]:
        """Every span by the first word of its name, once the gateway is stopped."""
        await asyncio.to_thread(self.telemetry.shutdown, 20)
        found: dict[str, list[Any]] = {}
        for span in self.collector.spans():
            found.setdefault(span.name.partition(" ")[0], []).append(span)
        return found

    def logged(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines.getvalue().splitlines()]


@pytest.fixture
async def traced() -> AsyncIterator[Traced]:
    """A gateway over bureaus in memory and one over HTTP."""
    with running_collector() as collector:
        transport, lines = Transport(), StringIO()
        telemetry = Telemetry(collector.address)
        observers = (LogObserver(make_logger("DEBUG", lines)), telemetry)
        built = await build(Parts(observers=observers, sources={"transport": transport.source}))
        yield Traced(built, transport, collector, telemetry, lines)
        await asyncio.to_thread(telemetry.shutdown, 20)


async def test_one_request_is_one_trace_that_continues_the_callers(traced: Traced):
    """Operation and round trips are spans of the caller's trace, and the HTTP bureau is told its span of it."""
    answer = await traced.ask({"traceparent": PARENT, "tracestate": "a=b", "baggage": f"person={NUMBER}"})
    assert (answer.status_code, answer.headers["x-request-id"]) == (200, TRACE)
    spans = await traced.spans()
    (operation,) = spans["query"]
    everything = [operation, *spans["fetch"]]
    assert {span.trace_id.hex() for span in everything} == {TRACE}
    assert operation.parent_span_id.hex() == "b7ad6b7169203331"
    assert {span.parent_span_id for span in spans["fetch"]} == {operation.span_id}
    assert not any(span.links for span in everything)
    (told,) = traced.transport.requests
    (own,) = [span for span in spans["fetch"] if "transport" in span.name]
    assert told.headers["traceparent"] == f"00-{TRACE}-{own.span_id.hex()}-01"
    assert told.headers["x-request-id"] == TRACE
    assert {"tracestate", "baggage"}.isdisjoint(told.headers)


async def test_a_request_without_a_trace_begins_one_under_the_id_of_its_answer(traced: Traced):
    """The id in the answer is that of the trace at the collector, of the log line and of the bureau's request."""
    answer = await traced.ask()
    found = answer.headers["x-request-id"]
    spans = await traced.spans()
    assert {span.trace_id.hex() for span in (*spans["query"], *spans["fetch"])} == {found}
    assert spans["query"][0].parent_span_id == b""
    assert [line["request_id"] for line in traced.logged() if line["event"] == "operation"] == [found]
    assert traced.transport.requests[0].headers["x-request-id"] == found


async def test_a_round_trip_of_several_requests_is_linked_to_each(traced: Traced):
    """Where requests share a round trip, it is a trace of its own with a link to each operation."""
    traced.transport.open.clear()
    asked = [asyncio.create_task(traced.ask()) for _ in range(3)]
    await traced.transport.reached.wait()
    await asyncio.sleep(0.05)  # the others wait for the only connection
    traced.transport.open.set()
    ids = {answer.headers["x-request-id"] for answer in await asyncio.gather(*asked)}
    spans = await traced.spans()
    shared = [span for span in spans["fetch"] if span.links]
    assert shared
    for span in shared:
        assert span.parent_span_id == b""
        assert {link.trace_id.hex() for link in span.links} <= ids
        assert span.trace_id.hex() not in ids
    told = traced.transport.requests[-1]
    assert "x-request-id" not in told.headers
    assert told.headers["traceparent"].split("-")[1] in {span.trace_id.hex() for span in shared}


@pytest.mark.parametrize("sent", ["order-17", "550e8400-e29b-41d4-a716-446655440000"])
async def test_a_safe_id_of_the_caller_names_the_request_everywhere(traced: Traced, sent: str):
    """The caller's id stands in the header, the error, the log line and at the bureau."""
    answer = await traced.ask({"x-request-id": sent})
    assert answer.headers["x-request-id"] == sent
    assert traced.transport.requests[0].headers["x-request-id"] == sent
    refused = await traced.ask({"x-request-id": sent}, documentId="unknown")
    assert refused.headers["x-request-id"] == sent
    assert refused.json()["errors"][0]["extensions"]["requestId"] == sent
    assert [line["request_id"] for line in traced.logged()] == [sent, sent]


@pytest.mark.parametrize("name", ["x-request-id", "traceparent"])
async def test_an_identity_number_in_a_header_goes_nowhere(traced: Traced, name: str):
    """An id with an identity number is in no answer, no line, no span and no request to a bureau."""
    value = NUMBER if name == "x-request-id" else f"00-00000000000000{NUMBER}-b7ad6b7169203331-01"
    answers = [await traced.ask({name: value}), await traced.ask({name: value}, documentId="unknown")]
    await traced.spans()
    shown = "".join(f"{answer.headers} {answer.text}" for answer in answers)
    told = "".join(f"{request.headers} {request.content!r}" for request in traced.transport.requests)
    sent = b"".join(body for bodies in traced.collector.received.values() for body in bodies)
    assert NUMBER not in shown + told + traced.lines.getvalue()
    assert NUMBER.encode() not in sent
    assert bytes.fromhex(f"00000000000000{NUMBER}") not in sent


async def test_refusals_of_every_kind_have_an_id(traced: Traced):
    """What is refused before the body is read, or for its headers, bears an id; equal refusals are equal otherwise."""
    for headers in ({"accept": "image/png"}, {"authorization": "Basic x"}, {"content-type": "text/plain"}):
        refused = await traced.ask(headers)
        assert len(refused.headers["x-request-id"]) == 32
    twice = [("authorization", "Bearer a"), ("authorization", "Bearer b"), ("x-request-id", "seen")]
    refused = await traced.built.http.post("/graphql", json={}, headers=twice)
    assert (refused.json()["errors"][0]["extensions"]["code"], refused.headers["x-request-id"]) == (
        "MALFORMED_REQUEST",
        "seen",
    )
    one, other = [await traced.ask(documentId="unknown") for _ in range(2)]
    assert (one.content, one.headers["x-request-id"] == other.headers["x-request-id"]) == (
        other.content,
        False,
    )


async def test_ids_that_stand_twice_are_ignored(traced: Traced):
    """A proxy may add an id to one that is there: neither is taken, and the request is answered."""
    token = ("authorization", f"Bearer {traced.built.token}")
    twice = [
        token,
        ("x-request-id", "a"),
        ("x-request-id", "b"),
        ("traceparent", PARENT),
        ("traceparent", PARENT),
    ]
    asked = {"documentId": LIBRARY.document_id, "variables": OF}
    answer = await traced.built.http.post("/graphql", json=asked, headers=twice)
    assert answer.status_code == 200
    assert answer.headers["x-request-id"] not in ("a", "b", TRACE)


async def test_the_plan_of_a_free_document_is_in_the_trace_of_its_request(traced: Traced):
    """What is compiled for a request is a child of its operation's span."""
    document = "query Q($of: SubjectKey!) { standing(of: $of) { pds028 } }"
    answer = await traced.ask({"traceparent": PARENT}, query=document, variables=OF)
    assert answer.status_code == 200, answer.text
    spans = await traced.spans()
    within = [span for span in spans["plan"] if span.trace_id.hex() == TRACE]
    assert [span.parent_span_id for span in within] == [spans["query"][0].span_id]

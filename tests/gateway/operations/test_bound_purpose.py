"""The purpose of a registered operation is a function of its id: no byte of a request changes it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from gateway.access.endpoint import GraphQLEndpoint
from gateway.access.identity.demo_key import demo_jwks, issue
from gateway.access.identity.keys import Keys, load_fixed
from gateway.access.identity.tokens import Authenticator, TrustedIssuer
from gateway.pipeline.cooperative import run_to_end
from gateway.pipeline.free_documents import NoFreeDocuments
from gateway.pipeline.lookup import CurrentPolicy, PolicySnapshot, registered_operations
from gateway.pipeline.prepare import Preparer
from gateway.pipeline.request import Answerer
from gateway.settings import LimitSettings
from observability.events import OperationStarted
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from tests.support.admissions import CLIENTS, REGISTER, admission
from tests.support.effort import examples
from tests.support.gateway_in_memory import graph, policy, schema_answers
from tests.support.hearing_observer import HearingAll
from tests.support.small_city import ENTERPRISES, PERSONS, small_city
from tests.support.spies import Fetched, Spy

HALL = ("approval-hall", "inspection", "credit-report")
"""The operations of one client, which holds a purpose for each: if a request could choose, it could choose here."""
PURPOSES = {name: REGISTER[name].purpose for name in HALL}
VARIABLES: dict[str, dict[str, Any]] = {
    "approval-hall": {"ids": [ENTERPRISES[0]]},
    "inspection": {"ids": [ENTERPRISES[0]]},
    "credit-report": {},
}
WORDS = (
    *(purpose.encode() for purpose in sorted(PURPOSES.values())),
    *(REGISTER[name].document_id.encode() for name in HALL),
    *(
        b'"purpose":',
        b'"documentId":',
        b'"query":',
        b'"extensions":',
        b'{"persistedQuery":{"sha256Hash":',
        b'"operationName":',
        b"\\u0000",
        b"null",
    ),
)
EDITS = st.lists(
    st.tuples(
        st.integers(0, 400), st.integers(0, 3), st.one_of(st.binary(max_size=3), st.sampled_from(WORDS))
    ),
    max_size=3,
)
NAMES = st.one_of(
    st.sampled_from(
        (b"data-purpose", b"purpose", b"x-purpose", b"accept", b"content-type", b"content-length")
    ),
    st.binary(min_size=1, max_size=12),
)
HEADERS = st.lists(st.tuples(NAMES, st.one_of(st.sampled_from(WORDS), st.binary(max_size=20))), max_size=3)


class Watched:
    """Registered operations over spies, asked by raw messages as a web server hands them on.

    No dataclass: of each example given by hand Hypothesis writes out all fields, here the gateway, for half a minute.
    """

    def __init__(self, endpoint: GraphQLEndpoint, log: list[Any]) -> None:
        self.endpoint, self.log = endpoint, log

    async def ask(self, body: bytes, headers: Iterable[tuple[bytes, bytes]], query: bytes) -> dict[str, Any]:
        """Send a request and return what came back, decoded."""
        messages = [{"type": "http.request", "body": body, "more_body": False}]
        sent: list[Any] = []

        async def receive() -> Any:
            return messages.pop()

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "headers": list(headers), "query_string": query}
        self.log.clear()
        await self.endpoint(scope, receive, send)
        return json.loads(sent[1]["body"])


@pytest.fixture(scope="module")
async def watched() -> AsyncIterator[Watched]:
    """The approval hall's operations."""
    log: list[Any] = []

    hooks = Hooks([HearingAll(log)])
    spies = {name: Spy(rows, log) for name, rows in small_city().sources().items()}
    preparer = Preparer(graph(), policy(), Loaders(spies, hooks), hooks)
    register = {name: REGISTER[name] for name in HALL}
    registered = run_to_end(registered_operations(preparer, register, CLIENTS, LimitSettings(), admission()))
    keys = Keys(load_fixed(demo_jwks()))
    await keys.open()
    endpoint = GraphQLEndpoint(
        authenticator=Authenticator([TrustedIssuer(keys)], hooks),
        current=CurrentPolicy(PolicySnapshot("v", 0, registered, NoFreeDocuments())),
        answerer=Answerer(schema_answers(), 100_000, 100, hooks=hooks),
        hooks=hooks,
        body_bytes=10_000,
        deadline=60,
        get_allowed=False,
    )
    yield Watched(endpoint, log)
    await keys.close()


def edited(body: bytes, edits: Iterable[tuple[int, int, bytes]]) -> bytes:
    """Replace parts of a body."""
    changed = bytearray(body)
    for place, length, text in edits:
        changed[place % (len(changed) + 1) : place % (len(changed) + 1) + length] = text
    return bytes(changed)


def token() -> bytes:
    """A token of the hall with every purpose that it holds."""
    return issue("approval-hall", "d", "411500", PURPOSES.values(), "creditgraph", 600, PERSONS[0]).encode()


@examples(600, HealthCheck.function_scoped_fixture)
@given(name=st.sampled_from(HALL), edits=EDITS, headers=HEADERS, query=st.sampled_from((b"", *WORDS)))
@example(name="inspection", edits=[], headers=[(b"data-purpose", b"subject.report")], query=b"")
@example(name="inspection", edits=[(1, 0, b'"purpose":"subject.report",')], headers=[], query=b"")
async def test_no_byte_changes_the_purpose(
    watched: Watched,
    name: str,
    edits: list[tuple[int, int, bytes]],
    headers: list[tuple[bytes, bytes]],
    query: bytes,
):
    """Whatever bytes a request holds, bureaus hear the purpose of the operation whose id it names, or nothing."""
    request = {"documentId": REGISTER[name].document_id, "variables": VARIABLES[name]}
    body = edited(json.dumps(request).encode(), edits)
    given_ = [(b"authorization", b"Bearer " + token()), (b"content-type", b"application/json"), *headers]
    answer = await watched.ask(body, given_, query)
    started = [each for each in watched.log if isinstance(each, OperationStarted)]
    fetched = {each.purpose for each in watched.log if isinstance(each, Fetched)}
    if not started:
        assert fetched == set()
        assert "data" not in answer
        return
    (event,) = started
    assert REGISTER[event.operation].document_id.removeprefix("sha256:").encode() in body
    assert event.purpose == PURPOSES[event.operation]
    assert fetched <= {event.purpose}


async def test_requests_as_they_are_meant_reach_the_bureaus(watched: Watched):
    """The property above is about operations that read: each of them does, under its own purpose."""
    for name in HALL:
        request = {"documentId": REGISTER[name].document_id, "variables": VARIABLES[name]}
        headers = [(b"authorization", b"Bearer " + token()), (b"content-type", b"application/json")]
        await asyncio.sleep(0)
        assert (await watched.ask(json.dumps(request).encode(), headers, b""))["data"]
        assert {each.purpose for each in watched.log if isinstance(each, Fetched)} == {PURPOSES[name]}

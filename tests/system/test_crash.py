"""A fault inside the gateway itself: a stable code leaves, and neither the fault's text nor a value."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest
import structlog

from gateway.access.endpoint import GraphQLEndpoint
from gateway.access.identity.demo_key import demo_jwks
from gateway.access.identity.keys import Keys, load_fixed
from gateway.access.identity.tokens import Authenticator, TrustedIssuer
from gateway.installation import read_rules
from gateway.pipeline.cooperative import run_to_end
from gateway.pipeline.free_documents import NoFreeDocuments
from gateway.pipeline.introspection import SchemaAnswers
from gateway.pipeline.lookup import CurrentPolicy, PolicySnapshot, registered_operations
from gateway.pipeline.prepare import Operation, Preparer
from gateway.pipeline.request import Answerer
from gateway.principal import GraphQLRequest, Principal
from gateway.settings import LimitSettings, Settings
from observability.hooks import Hooks
from observability.log_observer import LogObserver
from observability.logging import configure
from observability.telemetry import Telemetry
from resolvers.fetch.batching import Loaders
from tests.support.admissions import admission
from tests.support.command_line import demo_token, refusal
from tests.support.marked_values import leaks, marked_values


@dataclass(frozen=True, slots=True)
class Faulty(NoFreeDocuments):
    """A stage with a fault: it fails with everything that it was given in its words."""

    async def find_in_steps(
        self, request: GraphQLRequest, principal: Principal, purpose: str | None
    ) -> Operation:
        texts = " ".join(value.text for value in marked_values())
        raise RuntimeError(f"no row for {texts} {request.variables} {principal} {purpose}")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What this process logs meanwhile."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure("DEBUG", stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


async def test_a_fault_says_a_code_and_nothing_else(log: io.StringIO):
    """A crash is answered with INTERNAL and status 500; its words stay out of answer, log and metrics."""
    telemetry = Telemetry(None)
    hooks = Hooks((telemetry, LogObserver()))
    rules = read_rules(Settings())
    preparer = Preparer(rules.graph, rules.policy, Loaders({}, hooks), hooks)
    keys = Keys(load_fixed(demo_jwks()))
    await keys.open()
    registered = run_to_end(registered_operations(preparer, {}, {}, LimitSettings(), admission()))
    endpoint = GraphQLEndpoint(
        authenticator=Authenticator([TrustedIssuer(keys)], hooks),
        current=CurrentPolicy(PolicySnapshot("v", 0, registered, Faulty())),
        answerer=Answerer(SchemaAnswers(rules.graph), 1_000, 10),
        hooks=hooks,
        body_bytes=10_000,
        deadline=5,
        get_allowed=False,
    )
    values = {value.kind: value.text for value in marked_values()}
    token = demo_token("developer", ["subject.report"])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(endpoint), base_url="http://x") as http:
        answer = await http.post(
            "/graphql",
            json={"query": "{ x }", "variables": values},
            headers={"authorization": f"Bearer {token}", "accept": "application/graphql-response+json"},
        )
    assert refusal(answer) == (500, "INTERNAL")
    assert leaks(answer.content) == []
    assert "RuntimeError" in log.getvalue()
    assert leaks(log.getvalue()) == []
    assert token not in log.getvalue()
    assert leaks(telemetry.metrics_text()[0]) == []
    assert b"INTERNAL" in telemetry.metrics_text()[0]

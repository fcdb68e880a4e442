"""The seams of a request: the subject gate, the disclosure, the case number, and commands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import msgspec
import orjson
import pytest

from gateway.access.endpoint import GraphQLEndpoint
from gateway.access.identity.demo_key import demo_jwks, issue
from gateway.access.identity.keys import Keys, load_fixed
from gateway.access.identity.tokens import Authenticator, TrustedIssuer
from gateway.errors import (
    AUTHORIZATION_UNAVAILABLE,
    EVIDENCE_UNAVAILABLE,
    SUBJECT_NOT_SELF,
    RequestError,
    StartRefused,
)
from gateway.pipeline import request
from gateway.pipeline.cooperative import run_to_end
from gateway.pipeline.free_documents import FreeDocuments
from gateway.pipeline.lookup import CurrentPolicy, PolicySnapshot, prepare_registered, registered_operations
from gateway.pipeline.prepare import Preparer
from gateway.pipeline.request import SubjectRules
from gateway.principal import Principal
from gateway.rights.commands import Command
from gateway.settings import LimitSettings
from observability.events import OperationFinished, OperationStarted
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from sandbox.expected.shown import may_be_shown
from tests.support.admissions import CLIENTS, REGISTER, admission
from tests.support.gateway_in_memory import TODAY, graph, policy
from tests.support.hearing_observer import HearingAll
from tests.support.plain_choices import born_of
from tests.support.seams import CASE, ChangingGate, City, HangingEvidence, HangingGate
from tests.support.small_city import BY_ENTERPRISE, ENTERPRISES, PERSONS, small_city
from tests.support.spies import Fetched, Spy

OFFICERS = """
query Officers($id: CreditCode!) {
  enterprise(id: $id) { name officers(first: 9) { role person { name scores { score } } } }
}
"""
COURT_OPERATION = REGISTER["court"]


def officers_of(enterprise: str) -> list[str]:
    """Return the persons in office at an enterprise who are of age by their number, in the bureau's order."""
    rows = small_city().tables[BY_ENTERPRISE][enterprise]
    found = dict.fromkeys(row["person_number"] for row in rows)
    return [key for key in found if may_be_shown("adults", born_of(key), TODAY)]


async def test_the_gate_is_asked_before_the_bureaus_of_each_level():
    """The subjects that are named and those that are reached are each admitted before anything is read of them."""
    city = City()
    await city.ask(OFFICERS, id=ENTERPRISES[0])
    seen: set[str] = set()
    for each in city.log:
        if isinstance(each, Fetched):
            assert set(each.keys) <= seen
        elif isinstance(each, tuple):
            seen.update(key for keys in each[1].values() for key in keys)
    asked = [each[1] for each in city.log if isinstance(each, tuple)]
    assert asked == [{"Enterprise": [ENTERPRISES[0]]}, {"Person": officers_of(ENTERPRISES[0])}]


async def test_a_person_who_is_not_admitted_is_not_read_and_looks_unknown():
    """Nothing is asked of any bureau about a person whom the gate leaves out, and the answer has null in its place."""
    closed, *others = officers_of(ENTERPRISES[0])
    city = City(frozenset({closed}))
    answer = orjson.loads((await city.ask(OFFICERS, id=ENTERPRISES[0])).body)
    assert not any(closed in each.keys for each in city.fetched)
    open_answer = orjson.loads((await City().ask(OFFICERS, id=ENTERPRISES[0])).body)
    offices = small_city().tables[BY_ENTERPRISE][ENTERPRISES[0]]
    for held, before, now in zip(
        offices,
        open_answer["data"]["enterprise"]["officers"],
        answer["data"]["enterprise"]["officers"],
        strict=True,
    ):
        assert now == before | ({"person": None} if held["person_number"] == closed else {})
    assert "errors" not in answer
    assert city.disclosed[0].subjects == {"Enterprise": (ENTERPRISES[0],)} | (
        {"Person": others} if others else {}
    )


async def test_a_subject_that_is_named_and_not_admitted_looks_unknown():
    """A named subject that the gate leaves out is answered like one that no bureau knows, by the same bytes."""
    city = City(frozenset({PERSONS[0]}))
    text = "query Q($id: PersonNumber!) { person(id: $id) { name } }"
    answer = await city.ask(text, id=PERSONS[0])
    assert answer.body == b'{"data":{"person":null}}'
    assert city.fetched == []


async def test_a_gate_that_refuses_ends_the_request():
    """Where the gate refuses at a later level nothing more is read, nothing is released, and the attempt is recorded."""
    city = City(frozenset(officers_of(ENTERPRISES[0])), refuses=True)
    with pytest.raises(RequestError) as refused:
        await city.ask(OFFICERS, id=ENTERPRISES[0])
    assert refused.value.code is SUBJECT_NOT_SELF
    assert not any(person in each.keys for each in city.fetched for person in PERSONS)
    assert [each.outcome for each in city.disclosed] == ["SUBJECT_NOT_SELF"]
    assert [each.released for each in city.disclosed] == [()]


async def test_a_gate_that_does_not_answer_in_time_ends_the_request():
    """At the deadline the request is refused, no bureau was asked, and the attempt is recorded."""
    city = City(gate=HangingGate(), seconds=0.05)
    with pytest.raises(RequestError) as refused:
        await city.ask(OFFICERS, id=ENTERPRISES[0])
    assert refused.value.code is AUTHORIZATION_UNAVAILABLE
    assert city.fetched == []
    assert [each.outcome for each in city.disclosed] == ["AUTHORIZATION_UNAVAILABLE"]


async def test_a_gate_cannot_change_what_it_is_asked():
    """A gate that edits the subjects in their place releases nothing: it must return those whom it admits."""
    city = City(gate=ChangingGate())
    with pytest.raises(TypeError, match="does not support item assignment"):
        await city.ask(OFFICERS, id=ENTERPRISES[0])
    assert city.fetched == []


async def test_a_disclosure_that_is_not_kept_in_time_releases_nothing(monkeypatch: pytest.MonkeyPatch):
    """A hook that hangs does not hold the request for ever, and nothing of the answer is sent."""
    monkeypatch.setattr(request, "DISCLOSURE_SECONDS", 0.05)
    city = City(evidence=HangingEvidence())
    with pytest.raises(RequestError) as refused:
        await city.ask(OFFICERS, id=ENTERPRISES[0])
    assert refused.value.code is EVIDENCE_UNAVAILABLE


@pytest.mark.rule("R10", "HN-39")
async def test_an_answer_is_disclosed_with_subjects_fields_and_case():
    """The disclosure names who was read of, what the grant releases and withholds, the caller, purpose and case."""
    city, led = City(), ENTERPRISES[2]  # its first officer lives, so the denial is met
    purpose = "supervision.inspection"
    text = "query Q($id: CreditCode!) { enterprise(id: $id) { name officers(first: 1) { role person { name scores { score } } } } }"
    await city.ask(text, purpose, id=led)
    (disclosure,) = city.disclosed
    assert disclosure.subjects == {"Enterprise": (led,), "Person": officers_of(led)[:1]}
    assert disclosure.released == (
        *("Enterprise.name", "Enterprise.officers", "Office.person", "Office.role"),
        *("Person.name", "Query.enterprise"),
    )
    assert disclosure.withheld == ("CreditScore.score", "Person.scores")
    assert disclosure.outcome == "partial"
    facts = disclosure.facts
    assert (facts.operation, facts.purpose, facts.client, facts.case_number) == (
        "test",
        purpose,
        "test",
        CASE,
    )
    assert PERSONS[0] not in repr(disclosure)


@pytest.mark.rule("R09")
async def test_nothing_is_released_where_evidence_cannot_be_kept():
    """A hook that raises keeps the whole answer back, by a code that says so and nothing of the fault."""
    with pytest.raises(RequestError) as refused:
        await City(fault=OSError(PERSONS[0])).ask(OFFICERS, id=ENTERPRISES[0])
    assert (refused.value.code.name, refused.value.code.status) == ("EVIDENCE_UNAVAILABLE", 503)
    assert PERSONS[0] not in str(refused.value.formatted())


class Taking:
    """Handles commands by keeping them."""

    def __init__(self) -> None:
        self.commands: list[Command] = []

    async def handle(self, command: Command, principal: Principal) -> bytes:
        self.commands.append(command)
        return orjson.dumps({"data": {"by": principal.client}})


@dataclass(slots=True, repr=False)  # asyncio writes the value of an async fixture out, which takes seconds
class Asking:
    """A whole endpoint, asked over HTTP in this process."""

    http: httpx2.AsyncClient
    city: City
    events: list[Any]
    endpoint: GraphQLEndpoint

    async def ask(self, client: str, purpose: str, **body: Any) -> httpx2.Response:
        token = issue(client, "d", "411500", [purpose], "creditgraph", 600)
        headers = {"authorization": f"Bearer {token}", "accept": "application/graphql-response+json"}
        return await self.http.post("/graphql", json=body, headers=headers)


@pytest.fixture
async def asking() -> AsyncIterator[Asking]:
    """A gateway of the explorer with the registered operation that needs a case number."""
    city, events = City(), list[Any]()
    hooks = Hooks([HearingAll(events)])
    spies = {name: Spy(rows, city.log) for name, rows in small_city().sources().items()}
    preparer = Preparer(graph(), policy(), Loaders(spies, hooks), hooks)
    register = {COURT_OPERATION.name: COURT_OPERATION}
    registered = run_to_end(registered_operations(preparer, register, CLIENTS, LimitSettings(), admission()))
    keys = Keys(load_fixed(demo_jwks()))
    await keys.open()
    endpoint = GraphQLEndpoint(
        authenticator=Authenticator([TrustedIssuer(keys)], hooks),
        current=CurrentPolicy(
            PolicySnapshot("v", 0, registered, FreeDocuments(preparer, CLIENTS, LimitSettings()))
        ),
        answerer=city.answerer(hooks),
        hooks=hooks,
        body_bytes=10_000,
        deadline=60,
        get_allowed=False,
    )
    transport = httpx2.ASGITransport(lambda *given: asked.endpoint(*given))  # noqa: PLW0108 a test may put another in its place
    async with httpx2.AsyncClient(transport=transport, base_url="http://x") as http:
        asked = Asking(http, city, events, endpoint)
        yield asked
    await keys.close()


async def test_the_case_number_goes_with_the_request_to_events_and_evidence(asking: Asking):
    """The number that a registered operation was asked with stands in its start, its end and its disclosure."""
    client = min(COURT_OPERATION.clients)
    answer = await asking.ask(
        client,
        COURT_OPERATION.purpose,
        documentId=COURT_OPERATION.document_id,
        variables={"ids": [PERSONS[0]]},
        extensions={"caseNumber": CASE},
    )
    assert answer.status_code == 200, answer.text
    found = [each for each in asking.events if isinstance(each, OperationStarted | OperationFinished)]
    assert [each.case_number for each in found] == [CASE, CASE]
    assert [each.facts.case_number for each in asking.city.disclosed] == [CASE]


async def test_what_is_no_case_number_goes_nowhere(asking: Asking):
    """A free document may carry anything in that place; what could be an identity number is not handed on."""
    await asking.ask(
        "developer", "subject.report", query="{ __typename }", extensions={"caseNumber": PERSONS[0]}
    )
    found = [each for each in asking.events if isinstance(each, OperationStarted | OperationFinished)]
    assert [each.case_number for each in found] == [None, None]


async def test_a_command_has_a_route_of_its_own(asking: Asking):
    """A mutation is handed to the handler of commands, before any purpose is looked at; today it refuses all."""
    mutation = {"query": "mutation M { consent }", "operationName": "M", "variables": {"a": 1}}
    refused = await asking.ask("developer", "subject.report", **mutation)
    assert refused.json()["errors"][0]["extensions"]["code"] == "OPERATION_KIND"
    taking = Taking()
    asking.endpoint = replace(
        asking.endpoint, answerer=replace(asking.endpoint.answerer, subjects=SubjectRules(commands=taking))
    )
    answer = await asking.ask("developer", "subject.report", **mutation)
    assert answer.json() == {"data": {"by": "developer"}}
    assert taking.commands == [Command("mutation M { consent }", "M", {"a": 1}, None, None)]


async def test_a_command_by_get_is_refused(asking: Asking):
    """A mutation by GET reaches no handler: a link or a prefetch must change nothing."""
    taking = Taking()
    answerer = replace(asking.endpoint.answerer, subjects=SubjectRules(commands=taking))
    asking.endpoint = replace(asking.endpoint, answerer=answerer, get_allowed=True)
    token = issue("developer", "d", "411500", ["subject.report"], "creditgraph", 600)
    query = {"query": "mutation M { consent }"}
    answer = await asking.http.get("/graphql", params=query, headers={"authorization": f"Bearer {token}"})
    assert answer.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"
    assert answer.headers["allow"] == "POST"
    assert taking.commands == []


async def test_evidence_that_fails_is_a_503_without_data(asking: Asking):
    """Over HTTP nothing of an answer leaves whose disclosure cannot be kept."""
    asking.city.fault = OSError("disk")
    asking.endpoint = replace(asking.endpoint, answerer=asking.city.answerer())
    query = f'{{ enterprise(id: "{ENTERPRISES[0]}") {{ name }} }}'
    answer = await asking.ask("developer", "supervision.inspection", query=query)
    assert answer.status_code == 503
    assert set(answer.json()) == {"errors"}
    assert asking.city.fetched


async def test_a_registered_mutation_is_refused_at_start():
    """Until there are commands, an operation's file with a mutation keeps the gateway from starting."""
    preparer = Preparer(graph(), policy(), Loaders({}, Hooks()), Hooks())
    registration = msgspec.structs.replace(REGISTER["library"], document="mutation M { consent }")
    with pytest.raises(StartRefused, match="OPERATION_KIND"):
        prepare_registered(preparer, registration, CLIENTS, LimitSettings())

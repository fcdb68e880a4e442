"""Who may ask what, when, for which case and how often; and what is denied where that cannot be known."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace

from gateway.access.endpoint import GraphQLEndpoint
from gateway.access.identity.demo_key import demo_jwks, issue
from gateway.access.identity.keys import Keys, load_fixed
from gateway.access.identity.tokens import Authenticator, TrustedIssuer
from gateway.errors import RequestError
from gateway.operations.city_time import end_of
from gateway.operations.operation_gate import RegisterGate
from gateway.operations.register import Duty, Quota, Registration
from gateway.pipeline.cooperative import run_to_end
from gateway.pipeline.free_documents import NoFreeDocuments
from gateway.pipeline.lookup import CurrentPolicy, PolicySnapshot, RegisteredOperations, registered_operations
from gateway.pipeline.prepare import Preparer
from gateway.pipeline.request import Answerer
from gateway.principal import Principal
from gateway.settings import LimitSettings
from observability.events import CaseNumberRefused
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from tests.support.admissions import CLIENTS, NOON, REGISTER, BrokenQuotas, Turned, admission
from tests.support.breakable_gateway import Parts, build
from tests.support.fixed_headers import fixed_headers
from tests.support.gateway_in_memory import graph, policy, schema_answers
from tests.support.hearing_observer import Hearing
from tests.support.small_city import PERSONS, small_city

LIBRARY, COURT = REGISTER["library"], REGISTER["court"]
UNKNOWN = "sha256:" + "0" * 64
CASE = "（2026）豫15执123号"


def operations(held: RegisterGate, *registrations: Registration) -> RegisteredOperations:
    """Registered operations over rows in memory."""
    hooks = Hooks()
    preparer = Preparer(graph(), policy(), Loaders(small_city().sources(), hooks), hooks)
    return run_to_end(
        registered_operations(
            preparer, {each.name: each for each in registrations}, CLIENTS, LimitSettings(), held
        )
    )


def found(
    registered: RegisteredOperations,
    registration: Registration,
    case_number: str | None = None,
    client: str = "",
) -> str:
    """The operation's name, or the code with which it is refused to its own client."""
    asking = client or min(registration.clients)
    principal = Principal(asking, "d", "r", frozenset({registration.purpose}), None, 0.0)
    try:
        return registered.find(registration.document_id, principal, case_number).name
    except RequestError as error:
        return error.code.name


async def test_the_last_day_is_whole():
    """An operation is answered until midnight of its last day in the city, and not a moment longer."""
    world = Turned()
    registered = operations(admission(world), replace(LIBRARY, expires=date(2026, 6, 30)))
    for now, expected in [(-1, "library"), (0, "OPERATION_UNKNOWN"), (1e9, "OPERATION_UNKNOWN")]:
        world.now = end_of(date(2026, 6, 30)) + now
        assert found(registered, LIBRARY) == expected


async def test_a_revoked_operation_is_unknown_from_then_on():
    """A revocation counts for the next request, and for no other operation."""
    world = Turned()
    registered = operations(admission(world), LIBRARY, REGISTER["parking"])
    assert found(registered, LIBRARY) == "library"
    world.revoked = frozenset({"library"})
    assert found(registered, LIBRARY) == "OPERATION_UNKNOWN"
    assert found(registered, REGISTER["parking"]) == "parking"


async def test_hours_of_duty_are_kept():
    """Outside its hours an operation is refused to its own client, and says so."""
    world = Turned()
    on_duty = replace(LIBRARY, duty=Duty(frozenset({"MON"}), time(8, 30), time(18)))
    registered = operations(admission(world), on_duty)
    assert found(registered, LIBRARY) == "library"
    world.now = NOON + 6 * 3600
    assert found(registered, LIBRARY) == "OPERATION_OFF_DUTY"
    world.now = NOON + 24 * 3600
    assert found(registered, LIBRARY) == "OPERATION_OFF_DUTY"


async def test_a_case_number_is_asked_for_where_the_purpose_needs_one():
    """Enforcement names its case; borrowing a book needs none, and a wrong one is refused by either."""
    registered = operations(admission(), LIBRARY, COURT)
    assert found(registered, COURT) == "CASE_NUMBER_MISSING"
    assert found(registered, COURT, "x") == "CASE_NUMBER_INVALID"
    assert found(registered, COURT, CASE) == "court"
    assert found(registered, LIBRARY) == "library"
    assert found(registered, LIBRARY, CASE) == "library"
    assert found(registered, LIBRARY, "x") == "CASE_NUMBER_INVALID"


async def test_a_request_that_is_refused_before_is_not_counted():
    """What is off duty or without its case takes nothing from the quota."""
    world = Turned()
    registered = operations(
        admission(world),
        replace(COURT, quota=Quota(1, 1, 60), duty=Duty(frozenset({"MON"}), time(8, 30), time(18))),
    )
    world.now -= 6 * 3600
    assert found(registered, COURT, CASE) == "OPERATION_OFF_DUTY"
    world.now = NOON
    assert found(registered, COURT) == "CASE_NUMBER_MISSING"
    assert found(registered, COURT, CASE) == "court"
    assert found(registered, COURT, CASE) == "QUOTA_EXCEEDED"


async def test_callers_have_quotas_of_their_own_and_share_one():
    """Each caller is held to its own quota and all of them to the operation's."""
    world = Turned()
    shared = replace(REGISTER["inspection"], quota=Quota(per_caller=2, total=3, seconds=60))
    registered = operations(admission(world), shared)
    hall, tax = sorted(shared.clients)
    assert [found(registered, shared, client=hall) for _ in range(3)] == ["inspection"] * 2 + [
        "QUOTA_EXCEEDED"
    ]
    assert [found(registered, shared, client=tax) for _ in range(2)] == ["inspection", "QUOTA_EXCEEDED"]
    world.now += 60
    assert found(registered, shared, client=hall) == "inspection"


@dataclass
class Fault:
    """A clock that fails, or gives what is no moment."""

    gives: float | Exception

    def clock(self) -> float:
        """Fail or lie."""
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives


@pytest.mark.parametrize("gives", [OSError("411502199003071233"), float("nan"), float("inf"), float("-inf")])
async def test_a_clock_that_fails_denies(gives: float | Exception):
    """Without a moment nobody knows what has expired: own and unknown ids alike are denied."""
    registered = operations(dataclasses.replace(admission(), clock=Fault(gives).clock), LIBRARY)
    assert found(registered, LIBRARY) == "AUTHORIZATION_UNAVAILABLE"
    assert found(registered, COURT) == "AUTHORIZATION_UNAVAILABLE"


@pytest.mark.parametrize("fault", [OSError("x"), ValueError("x"), RecursionError("x"), KeyError("x")])
async def test_revocations_that_fail_deny(fault: Exception):
    """Without the revocations own and unknown ids alike are denied, and answered again once they are back."""
    world = Turned(fault=fault)
    registered = operations(admission(world), LIBRARY)
    assert found(registered, LIBRARY) == "AUTHORIZATION_UNAVAILABLE"
    assert found(registered, COURT) == "AUTHORIZATION_UNAVAILABLE"
    world.fault = None
    assert found(registered, LIBRARY) == "library"


async def test_one_persons_refused_requests_leave_the_others_their_quota():
    """A person whose requests are refused uses up its own share, and every other person is answered."""
    quota = Quota(per_caller=2 * len(PERSONS), total=2 * len(PERSONS), seconds=3_600, per_person=2)
    citizen = replace(REGISTER["citizen"], quota=quota)
    built = await build(Parts(register=(citizen,)))

    async def ask(person: str, **variables: str) -> int:
        built.token = issue("citizen", "d", "411500", [citizen.purpose], "creditgraph", 600, person)
        return (await built.ask(documentId=citizen.document_id, variables=variables)).status_code

    first, *others = PERSONS
    assert [await ask(first, id=first) for _ in range(50)] == [400] * 2 + [429] * 48
    assert [await ask(each) for each in others for _ in range(3)] == [200, 200, 429] * len(others)


@pytest.mark.parametrize("fault", [ConnectionError("x"), MemoryError("x"), TimeoutError("x")])
async def test_quotas_that_fail_deny(fault: Exception):
    """Without a store of quotas an operation is denied, not answered without a count."""
    held = dataclasses.replace(admission(), quotas=BrokenQuotas(fault))
    assert found(operations(held, LIBRARY), LIBRARY) == "AUTHORIZATION_UNAVAILABLE"


@dataclass
class Lying:
    """A store that gives what is no number of seconds."""

    wait: float

    def take(self, *_: object) -> float:
        """Lie."""
        return self.wait


@pytest.mark.parametrize("wait", [float("nan"), float("inf"), -1.0])
async def test_quotas_that_lie_deny(wait: float):
    """Nothing but a plain 0 lets a request through, and a wait that is none is not told to anybody."""
    held = dataclasses.replace(admission(), quotas=Lying(wait))
    assert found(operations(held, LIBRARY), LIBRARY) == "AUTHORIZATION_UNAVAILABLE"


@dataclass
class Asking:
    """A gateway that can be asked over HTTP, in this process."""

    http: httpx2.AsyncClient
    world: Turned
    heard: Hearing
    asked: list[str] = field(default_factory=list[str])

    async def ask(
        self, document_id: str, client: str, purpose: str, accept: str, **body: Any
    ) -> httpx2.Response:
        """Ask a registered operation as a client."""
        token = issue(client, "d", "411500", [purpose], "creditgraph", 600)
        headers = {"authorization": f"Bearer {token}", "accept": accept}
        return await self.http.post("/graphql", json={"documentId": document_id, **body}, headers=headers)


BOTH = ("application/graphql-response+json", "application/json")


@pytest.fixture
async def asking() -> AsyncIterator[Asking]:
    """A gateway in June 2026 at which an operation has expired, another is revoked, and one is nearly used up."""
    world, heard = Turned(revoked=frozenset({"green-lane"})), Hearing()
    hooks = Hooks((heard,))
    keys = Keys(load_fixed(demo_jwks()))
    await keys.open()
    registered = operations(
        admission(world),
        replace(LIBRARY, quota=Quota(1, 1, 90)),
        COURT,
        replace(REGISTER["approval-hall"], expires=date(2026, 5, 31)),
        REGISTER["green-lane"],
        REGISTER["bank"],
    )
    endpoint = GraphQLEndpoint(
        authenticator=Authenticator([TrustedIssuer(keys)], hooks),
        current=CurrentPolicy(PolicySnapshot("v", 0, registered, NoFreeDocuments())),
        answerer=Answerer(schema_answers(), 100_000, 100, hooks=hooks),
        hooks=hooks,
        body_bytes=10_000,
        deadline=60,
        get_allowed=False,
    )
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(endpoint), base_url="http://x") as http:
        yield Asking(http, world, heard)


@pytest.mark.parametrize("accept", BOTH)
async def test_unknown_foreign_expired_and_revoked_are_one_answer(asking: Asking, accept: str):
    """The four ids get the same status, the same headers and the same bytes."""
    hall = "approval-hall"
    answers = [
        await asking.ask(document_id, hall, purpose, accept, variables={"ids": list(PERSONS[:1])})
        for document_id, purpose in [
            (UNKNOWN, "approval.admission"),
            (REGISTER["bank"].document_id, "financing.credit"),
            (REGISTER["approval-hall"].document_id, "approval.admission"),
            (REGISTER["green-lane"].document_id, "reward.approval"),
            ("", "reward.approval"),
        ]
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({(answer.content, fixed_headers(answer)) for answer in answers}) == 1
    assert answers[0].json()["errors"][0]["extensions"]["code"] == "OPERATION_UNKNOWN"


@pytest.mark.parametrize("accept", BOTH)
async def test_whoever_asks_too_often_is_told_when_to_come_again(asking: Asking, accept: str):
    """A 429 names the whole seconds to wait, in the header and beside the code, and keeping to them is enough."""
    own = (LIBRARY.document_id, "library", "reward.reading", accept)
    variables = {"of": {"person": PERSONS[0]}}
    assert (await asking.ask(*own, variables=variables)).status_code == 200
    asking.world.now += 0.5
    refused = await asking.ask(*own, variables=variables)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "90")
    assert refused.json()["errors"][0]["extensions"]["retryAfter"] == 90
    asking.world.now += 90
    answered = await asking.ask(*own, variables=variables)
    assert "retry-after" not in answered.headers
    assert set(answered.json()["data"]["standing"]) == {"depositFree", "longerLoan"}


@pytest.mark.parametrize("accept", BOTH)
async def test_a_case_number_travels_in_the_extensions(asking: Asking, accept: str):
    """`caseNumber` of the extensions is the case; without it or with a wrong one the status is 400 in either type."""
    own = (COURT.document_id, "court", "measure.enforcement", accept)
    variables = {"ids": list(PERSONS[:1])}
    assert (await asking.ask(*own, variables=variables, extensions={"caseNumber": CASE})).status_code == 200
    for extensions in ({}, {"caseNumber": PERSONS[0]}, {"caseNumber": [PERSONS[0]]}, {"casenumber": CASE}):
        refused = await asking.ask(*own, variables=variables, extensions=extensions)
        assert refused.status_code == 400
        assert PERSONS[0] not in refused.text
    told = [each for each in asking.heard.facts if isinstance(each, CaseNumberRefused)]
    assert told == [
        CaseNumberRefused("court", "measure.enforcement", rule)
        for rule in ("no case number", "no year and number, or an identifier in it", "no case number")
    ]


async def test_a_denial_for_want_of_knowledge_says_nothing_else(asking: Asking):
    """Where revocations cannot be read any id gets the same 503, with nothing of the fault in it."""
    asking.world.fault = OSError(f"no such file for {PERSONS[0]}")
    own = await asking.ask(
        LIBRARY.document_id, "library", "reward.reading", BOTH[0], variables={"of": {"person": PERSONS[0]}}
    )
    unknown = await asking.ask(UNKNOWN, "library", "reward.reading", BOTH[0])
    assert (own.status_code, own.json()["errors"][0]["extensions"]["code"]) == (
        503,
        "AUTHORIZATION_UNAVAILABLE",
    )
    assert (own.content, fixed_headers(own)) == (unknown.content, fixed_headers(unknown))
    assert PERSONS[0] not in json.dumps(own.json())

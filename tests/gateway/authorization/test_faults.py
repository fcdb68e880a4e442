"""Every dependency of a decision is broken in turn: nothing is released, no bureau is asked, and a code says so.

Files that are broken stand in test_damaged_files.py; docs/security.md has the whole table.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import pytest

from gateway.access.identity.demo_key import demo_jwks
from gateway.access.reload import Reloader
from gateway.authorization.engine import Engine
from gateway.authorization.entities import Store
from gateway.authorization.policy import Policy
from gateway.errors import StartRefused
from gateway.operations.operation_gate import QuotaMemory
from gateway.operations.register import Quota
from gateway.pipeline.cooperative import Steps, run_to_end
from gateway.pipeline.free_documents import NoFreeDocuments
from gateway.pipeline.lookup import CurrentPolicy, PolicySnapshot, registered_operations
from gateway.settings import ROOT, LimitSettings
from observability.events import PolicyRefused
from observability.hooks import Hooks
from tests.gateway.access.identity.conftest import ED, jwks
from tests.support.admissions import CLIENTS, BrokenQuotas, Turned, admission
from tests.support.breakable_gateway import FREE, Parts, breakable_policy, build
from tests.support.gateway_in_memory import policy
from tests.support.hearing_observer import Hearing
from tests.support.small_city import PERSONS

SCHEMA = (ROOT / "policies" / "schema.cedarschema").read_text("utf-8")
RULES = "".join(each.statement.text for each in policy().rules.values())


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """Return status and code of a refusal, which holds nothing of the request and no data."""
    assert "data" not in answer.json()
    assert PERSONS[0] not in answer.text
    return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]


@dataclass
class Telling:
    """A clock that tells what it is set to, or fails by it."""

    tells: float | Exception = 0.0

    def __call__(self) -> float:
        if isinstance(self.tells, Exception):
            raise self.tells
        return self.tells


async def test_nothing_is_broken_to_begin_with():
    """The gateway of these tests answers as long as nothing is broken, registered and free."""
    built = await build(Parts())
    assert (await built.ask()).json()["data"]["standing"]
    assert (await built.ask(query=FREE)).json()["data"]["standing"]
    assert len(built.fetched) > 2


CLOCKS: dict[str, tuple[float | Exception, tuple[int, str]]] = {
    "raises": (OSError(PERSONS[0]), (500, "INTERNAL")),
    "gives no number": (float("nan"), (401, "TOKEN_EXPIRED")),
    "gives the end of time": (float("inf"), (401, "TOKEN_EXPIRED")),
    "gives the beginning of time": (float("-inf"), (401, "TOKEN_NOT_YET_VALID")),
    "goes back": (0.0, (401, "TOKEN_NOT_YET_VALID")),
}


@pytest.mark.parametrize("kind", CLOCKS)
async def test_a_broken_clock_accepts_no_token(kind: str):
    """Without a moment that is one no token is valid, and neither a registered nor a free document is answered."""
    tells, expected = CLOCKS[kind]
    built = await build(Parts(clock=Telling(tells)))
    assert refusal(await built.ask()) == expected
    assert refusal(await built.ask(query=FREE)) == expected
    assert built.fetched == []


@pytest.mark.parametrize("kind", ["raises", "gives no number", "gives the end of time"])
async def test_a_clock_that_breaks_forgets_the_tokens(kind: str):
    """A token that was accepted and is remembered is not accepted by a clock that has broken since."""
    tells, expected = CLOCKS[kind]
    clock = Telling()
    built = await build(Parts(clock=clock))
    clock.tells = time.time()
    assert (await built.ask()).status_code == 200
    asked, clock.tells = len(built.fetched), tells
    assert refusal(await built.ask()) == expected
    assert len(built.fetched) == asked


@pytest.mark.parametrize("tells", [OSError("x"), float("nan"), float("inf"), float("-inf"), 1e18])
async def test_without_a_day_no_bureau_is_asked(tells: float | Exception):
    """Ages, terms and consents are looked at on a day: without one nobody is asked for them."""
    built = await build(Parts(day=Telling(tells)))
    assert refusal(await built.ask()) == (500, "INTERNAL")
    assert refusal(await built.ask(query=FREE)) == (500, "INTERNAL")
    assert built.fetched == []


ADMISSIONS: dict[str, dict[str, Any]] = {
    "revocations cannot be read": {"revocations": Turned(fault=OSError(PERSONS[0]))},
    "revocations are no text": {"revocations": Turned(fault=ValueError(PERSONS[0]))},
    "the store of quotas is away": {"quotas": BrokenQuotas()},
    "the store of quotas has no room": {"quotas": QuotaMemory(most=0)},
}


@pytest.mark.parametrize("kind", ADMISSIONS)
async def test_without_admission_no_bureau_is_asked(kind: str):
    """Where revocations or quotas cannot be had a registered operation gets one code and reads nothing."""
    built = await build(replace(Parts(), **ADMISSIONS[kind]))
    assert refusal(await built.ask()) == (503, "AUTHORIZATION_UNAVAILABLE")
    assert built.fetched == []


def test_a_clock_that_goes_back_gives_no_second_quota():
    """Requests are counted forward: a clock that goes back denies until it has caught up."""
    clock, quota = Telling(1e9), Quota(per_caller=1, total=1, seconds=60)
    quotas = QuotaMemory(lambda: int(clock() * 1e9))
    assert quotas.take("o", "c", quota) == 0
    for earlier in (1.0, 60.0, 86_400.0):
        clock.tells = 1e9 - earlier
        assert quotas.take("o", "c", quota) > 60


Break = Callable[[Policy], Policy]


def without(*uids: tuple[str, str]) -> Break:
    """Return what takes entities out of the store, from Cedar's and from the list of known ones."""

    def broken(held: Policy) -> Policy:
        kept = [each for each in held.store.entities if uid_of(each) not in uids]
        bare = [
            {**each, "parents": [up for up in each["parents"] if uid_of({"uid": up}) not in uids]}
            for each in kept
        ]
        return replace(held, engine=Engine(RULES, SCHEMA, Store(tuple(bare), held.store.uids - set(uids))))

    return broken


def uid_of(entity: dict[str, Any]) -> tuple[str, str]:
    """Return type and id of an entity."""
    return entity["uid"]["type"], entity["uid"]["id"]


def losing(part: str) -> Break:
    """Return what takes a handle of Cedar's away, as if it had been released."""

    def broken(held: Policy) -> Policy:
        setattr(held.engine, part, None)
        return held

    return broken


ENGINES: dict[str, Break] = {
    "the handle of the rules is gone": losing("_policies"),
    "the handle of the entities is gone": losing("_entities"),
    "the handle of the schema is gone": losing("schema"),
    "the list of known entities is gone": losing("_uids"),
    "there is no rule": lambda held: replace(held, engine=held.engine.with_rules("")),
    "the kind of caller is not in the store": without(("CallerKind", "scene_operator")),
    "the purpose is not in the store": without(("Purpose", "reward.reading")),
    "the field is not in the store": without(("Field", "Standing.pds026")),
    "the store is empty": lambda held: replace(held, engine=Engine(RULES, SCHEMA, Store((), frozenset()))),
    "a rule of the policy errs": lambda held: replace(
        held,
        engine=held.engine.with_rules(
            RULES
            + '@id("lid") forbid(principal, action, resource) when { 9223372036854775807 + resource.sensitivity > 0 };'
        ),
    ),
}


@pytest.mark.parametrize("kind", ENGINES)
async def test_a_broken_engine_grants_nothing(kind: str):
    """Whatever is missing of rules, schema and entities: free documents are denied, field by field, and read nothing."""
    built = await build(Parts(register=()))
    object.__setattr__(built.preparer, "policy", ENGINES[kind](built.preparer.policy))
    answer = (await built.ask(query=FREE)).json()
    assert answer["data"]["standing"] in (None, {"pds028": None})
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"FIELD_DENIED"}
    assert built.fetched == []


@pytest.mark.parametrize("kind", ENGINES)
async def test_a_broken_engine_prepares_no_registered_operation(kind: str):
    """A start, and a reload alike, is refused where the engine cannot allow what an operation asks for."""
    with pytest.raises(StartRefused, match=r"library: reward\.reading for scene_operator does not cover"):
        await build(Parts(policy=ENGINES[kind](breakable_policy())))


async def test_an_engine_that_breaks_later_decides_nothing_new():
    """What was granted stays granted as the version that granted it; what is asked for the first time is denied."""
    built = await build(Parts())
    assert (await built.ask(query=FREE)).json()["data"]["standing"]
    losing("_policies")(built.preparer.policy)
    assert (await built.ask()).json()["data"]["standing"]
    assert "errors" not in (await built.ask(query=FREE)).json()
    asked = len(built.fetched)
    answer = (await built.ask(query="{ catalogue { field } }", variables={})).json()
    assert answer["data"] == {"catalogue": None}
    assert answer["errors"][0]["extensions"]["code"] == "FIELD_DENIED"
    assert len(built.fetched) == asked


FAULTS = [
    StartRefused("file: line"),
    OSError("x"),
    MemoryError("x"),
    RecursionError("x"),
    KeyError(PERSONS[0]),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("where", ["read", "prepare"])
async def test_a_reload_that_fails_keeps_the_ruling_in_force(where: str, fault: Exception):
    """Whatever goes wrong while rules are read or operations prepared, what decided before decides on, and it is told."""
    told: list[Any] = []
    registered = run_to_end(
        registered_operations((await build(Parts())).preparer, {}, CLIENTS, LimitSettings(), admission())
    )
    old = PolicySnapshot("old", 1, registered, NoFreeDocuments())
    current = CurrentPolicy(old)

    def fail(*_: object) -> Any:
        raise fault

    def fail_later(_: str) -> Steps[PolicySnapshot]:
        yield
        return fail()

    reloader = Reloader(
        current,
        read=fail if where == "read" else lambda: "rules",
        prepare=fail_later,
        hooks=Hooks([Hearing(told)]),
    )
    assert await reloader.reload() is False
    assert current.snapshot is old
    assert [type(each) for each in told] == [PolicyRefused]
    assert PERSONS[0] not in told[0].why


@dataclass
class Issuing:
    """An address of keys that gives what it is set to, or fails by it."""

    gives: bytes | Exception = field(default_factory=demo_jwks)

    async def __call__(self) -> bytes:
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives


@pytest.mark.parametrize("gives", [OSError("gone"), b"", b"{}", b"\xff", b'{"keys": []}', b"[" * 100_000])
async def test_no_start_without_the_keys_of_tokens(gives: bytes | Exception):
    """Without a set of keys that is one the gateway does not start."""
    with pytest.raises(StartRefused, match="The token keys cannot be used"):
        await build(Parts(load=Issuing(gives)))


async def test_a_key_that_was_replaced_opens_nothing():
    """Once the keys are renewed, what the withdrawn key signed is refused, remembered or not."""
    issuer, clock = Issuing(), Telling(0.0)
    built = await build(Parts(load=issuer, keys_clock=clock))
    assert (await built.ask()).status_code == 200
    asked = len(built.fetched)
    issuer.gives, clock.tells = jwks(other=ED), 1_000.0
    await built.ask()  # starts the renewal in the background
    answers = [await built.ask() for _ in range(2)]
    assert refusal(answers[-1]) == (401, "TOKEN_INVALID")
    assert len(built.fetched) >= asked


async def test_keys_that_fail_otherwise_release_nothing():
    """Where asking for keys fails in a way that nobody foresaw, a token of an unknown key gets a code and no more."""
    issuer, clock = Issuing(jwks(other=ED)), Telling(0.0)
    built = await build(Parts(load=issuer, keys_clock=clock))
    issuer.gives, clock.tells = RuntimeError(PERSONS[0]), 1_000.0
    assert refusal(await built.ask()) == (500, "INTERNAL")
    assert built.fetched == []

"""A gateway put together from parts, each of which can be broken, over bureaus that write down what they are asked."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2

from adapters.source import Source
from gateway.access.endpoint import GraphQLEndpoint
from gateway.access.identity.demo_key import demo_jwks, issue
from gateway.access.identity.keys import Keys, Load, load_fixed
from gateway.access.identity.tokens import Authenticator, TrustedIssuer
from gateway.authorization.policy import Policy
from gateway.evidence.disclosure import DisclosureHook
from gateway.operations.case_rules import AnyCase, CaseRules
from gateway.operations.operation_gate import QuotaMemory, QuotaStore, RegisterGate, Revocations
from gateway.operations.register import Registration
from gateway.pipeline.cooperative import run_to_end
from gateway.pipeline.free_documents import FreeDocuments
from gateway.pipeline.lookup import CurrentPolicy, PolicySnapshot, registered_operations
from gateway.pipeline.prepare import Preparer
from gateway.pipeline.request import Answerer, SubjectRules
from gateway.pipeline.subject_bounds import SubjectBounds
from gateway.rights.authorisations import Authorisations
from gateway.settings import LimitSettings
from observability.hooks import Hooks, Observer
from resolvers.fetch.batching import Loaders
from tests.support.admissions import CLIENTS, REGISTER, Turned
from tests.support.gateway_in_memory import graph, policy, schema_answers
from tests.support.small_city import PERSONS, SmallCity, small_city
from tests.support.spies import Fetched, Spy

LIBRARY = REGISTER["library"]
FREE = "query Q($of: SubjectKey!) { standing(of: $of) { pds028 } }"
OF = {"of": {"person": PERSONS[0]}}


def breakable_policy() -> Policy:
    """Return this installation's policy with an engine and a memory of its own."""
    return replace(policy(), engine=copy.copy(policy().engine), _verdicts={})


@dataclass(slots=True)
class Parts:
    """What a gateway is made of. `clock` tells tokens and terms the time, `day` tells one-sided answers the day."""

    policy: Policy = field(default_factory=breakable_policy)
    clock: Callable[[], float] = time.time
    day: Callable[[], float] = time.time
    revocations: Revocations = field(default_factory=Turned)
    quotas: QuotaStore = field(default_factory=QuotaMemory)
    load: Load = field(default_factory=lambda: load_fixed(demo_jwks()))
    keys_clock: Callable[[], float] = time.monotonic
    register: tuple[Registration, ...] = (LIBRARY,)
    cases: CaseRules = field(default_factory=AnyCase)
    observers: tuple[Observer, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict[str, Source])
    """Bureaus that stand in place of the ones in memory."""
    city: SmallCity = field(default_factory=small_city)
    """What the bureaus in memory hold."""
    down: frozenset[str] = frozenset()
    log: list[Any] = field(default_factory=list[Any])
    """What the bureaus in memory write down."""
    broken: frozenset[tuple[str, str]] = frozenset()
    """Data sets by their full name, and keys, whose rows break the contract."""
    evidence: DisclosureHook | None = None
    """Keeps the disclosures of the answers."""


@dataclass(slots=True, repr=False)  # asyncio writes the value of an async fixture out
class Built:
    """A gateway that can be asked, and what its bureaus were asked."""

    http: httpx2.AsyncClient
    log: list[Any]
    preparer: Preparer
    token: str = field(
        default_factory=lambda: issue("library", "d", "411500", ["reward.reading"], "creditgraph", 600)
    )

    async def ask(self, **body: Any) -> httpx2.Response:
        """Ask as the library; without a body its registered operation about a person."""
        headers = {
            "authorization": f"Bearer {self.token}",
            "accept": "application/graphql-response+json",
        }
        sent = body or {"documentId": LIBRARY.document_id}
        return await self.http.post("/graphql", json={"variables": OF, **sent}, headers=headers)

    @property
    def fetched(self) -> list[Fetched]:
        """The requests that bureaus got so far."""
        return [each for each in self.log if isinstance(each, Fetched)]


async def build(parts: Parts) -> Built:
    """Put a gateway together; StartRefused where its register is not covered by its rules."""
    log = parts.log
    hooks = Hooks(parts.observers)
    rows = parts.city.sources(parts.down, parts.broken)
    spies: dict[str, Source] = {name: Spy(each, log) for name, each in rows.items()}
    preparer = Preparer(graph(), parts.policy, Loaders({**spies, **parts.sources}, hooks), hooks)
    admission = RegisterGate(parts.revocations, parts.quotas, parts.clock)
    register = {each.name: each for each in parts.register}
    limits = LimitSettings()
    registered = run_to_end(
        registered_operations(preparer, register, CLIENTS, limits, admission, parts.cases)
    )
    keys = Keys(parts.load, clock=parts.keys_clock)
    await keys.open()
    endpoint = GraphQLEndpoint(
        authenticator=Authenticator([TrustedIssuer(keys)], hooks, clock=parts.clock),
        current=CurrentPolicy(PolicySnapshot("v", 0, registered, FreeDocuments(preparer, CLIENTS, limits))),
        answerer=Answerer(
            schema_answers(),
            100_000,
            100,
            clock=parts.day,
            hooks=hooks,
            bounds=SubjectBounds(hooks),
            authorisations=Authorisations(hooks),
            subjects=SubjectRules(evidence=parts.evidence),
        ),
        hooks=hooks,
        body_bytes=10_000,
        deadline=60,
        get_allowed=False,
    )
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(endpoint), base_url="http://x")
    return Built(http, log, preparer)

"""Everything that can be observed of a request: the bytes of its answer, and what the bureaus were asked for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

import orjson

from adapters import bureaus
from adapters.bureau_errors import BureauError
from adapters.source import Batch, Key, Query, Read, SourceMark
from gateway.authorization.policy import Policy
from gateway.errors import RequestError
from gateway.pipeline.prepare import Operation, Preparer
from gateway.pipeline.request import Answer, Answerer
from gateway.principal import Principal
from gateway.rights.authorisations import DATASET
from gateway.settings import LimitSettings
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from resolvers.graph.graph import Graph
from tests.support.agreeing_city import Pair, Told, agreeing
from tests.support.allowed_fields import Allowed
from tests.support.authorised import NUMBER, authorisation
from tests.support.drawn_cities import City, Held, drawn_city
from tests.support.gateway_in_memory import (
    CURSORS,
    TODAY,
    graph,
    policy,
    schema_answers,
    start_of,
    whole_schema,
)
from tests.support.known_facts import ALL, Known, known_by
from tests.support.reference_executor import top
from tests.support.small_city import BY_ENTERPRISE, ENTERPRISES, PERSONS

SECONDS = 60


@dataclass(frozen=True, slots=True)
class Call:
    """One round trip: what was asked of whom, and how long before its deadline the request's own was."""

    query: Query
    keys: tuple[Key, ...]
    deadline: float


Reads = Callable[["Town", Query, Sequence[Key]], Batch]
"""How a bureau answers from a city."""


def honestly(town: Town, query: Query, keys: Sequence[Key]) -> Batch:
    """Answer what was asked and nothing else."""
    return town.city.read(query, keys)


@dataclass(slots=True, eq=False)
class Town:
    """The city that is asked at present, and every call in its order."""

    city: City
    reads: Reads
    calls: list[Call] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class CitySource:
    """One bureau of the city that is asked at present."""

    bureau: str
    town: Town
    concurrency: int = 1

    async def open(self) -> None:
        """Ready as it is."""

    async def close(self) -> None:
        """Nothing to give back."""

    async def mark(self) -> SourceMark:
        """Say that the rows are invented."""
        return SourceMark(synthetic=True, city="test", edition="1")

    async def fetch(self, query: Query, keys: Sequence[Key], deadline: float) -> Batch:
        """Note the call and answer after one turn of the loop."""
        self.town.calls.append(Call(query, tuple(keys), deadline))
        await asyncio.sleep(0)
        return self.town.reads(self.town, query, keys)

    async def fetch_joined(self, reads: Sequence[Read], deadline: float) -> list[Batch | BureauError]:
        """Note every call of the round trip, whomever it is for, and answer after one turn of the loop."""
        self.town.calls.extend([Call(read.query, tuple(read.keys), deadline) for read in reads])
        await asyncio.sleep(0)
        return [self._read(read) for read in reads]

    def _read(self, read: Read) -> Batch | BureauError:
        try:
            return self.town.reads(self.town, read.query, read.keys)
        except BureauError as error:
            return error


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and how its operation is prepared."""

    document: str
    kind: str
    purpose: str
    prepare: Callable[[Preparer], Operation]
    variables: Mapping[str, Any]
    client: str
    subject: Key | None = None
    enterprise: Key | None = None
    """For which enterprise the token's person acts."""
    bound: Mapping[str, str] = field(default_factory=dict)
    """The claim of each variable that the token gives."""

    @property
    def grantee(self) -> str | None:
        """The client whose consents count; None where the subject itself asks."""
        return None if self.purpose.startswith("subject.") else self.client

    @property
    def all_variables(self) -> dict[str, Any]:
        """The variables that were sent and those that the token gives."""
        claims = {"person": self.subject, "enterprise": self.enterprise}
        return {**self.variables, **{name: claims[claim] for name, claim in self.bound.items()}}

    @property
    def acts(self) -> bool:
        """Whether the answer depends on whether the token's person represents the enterprise."""
        return "enterprise" in self.bound.values()


@dataclass(frozen=True, slots=True)
class Observed:
    """What a request showed, to its caller and to the bureaus."""

    body: bytes
    nodes: int
    codes: tuple[str, ...]
    calls: list[Call]

    def under(self, moved: Mapping[Key, Key]) -> Observed:
        """Return what would have been observed if the subjects `moved` had their new identifiers."""
        calls = [
            Call(each.query, tuple(moved.get(key, key) for key in each.keys), each.deadline)
            for each in self.calls
        ]
        return Observed(self.body, self.nodes, self.codes, calls)


class Interference(AssertionError):
    """Two cities that agree on what a caller may know were told apart."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What answers: the graph and the rules that it goes by, and for a planted leak what is wrong with it."""

    graph: Graph = field(default_factory=graph)
    policy: Policy = field(default_factory=policy)
    reads: Reads = honestly
    vary: Callable[[Operation], Operation] = lambda operation: operation

    async def check(self, seed: int, request: Request, redrawn: Collection[str]) -> Observed:
        """Answer a request over two cities that agree, and require that nothing tells them apart."""
        pair = self.pair(seed, request, redrawn)
        town = Town(pair.first, self.reads)
        operation = self.prepared(town, request)
        first = await observed(town, operation, request)
        town.city, town.calls = pair.second, []
        second = await observed(town, operation, request)
        if first.under(pair.moved) != second:
            raise Interference(_difference(first.under(pair.moved), second))
        return first

    def prepared(self, town: Town, request: Request) -> Operation:
        """Prepare the operation of a request over the bureaus of a town."""
        hooks = Hooks()
        loaders = Loaders({name: CitySource(name, town) for name in bureaus.discover()}, hooks)
        return self.vary(request.prepare(Preparer(self.graph, self.policy, loaders, hooks)))

    @staticmethod
    def pair(seed: int, request: Request, redrawn: Collection[str]) -> Pair:
        """Draw a city and another one that agrees with it on what the request may tell its caller."""
        allowed = Allowed(policy(), request.kind, request.purpose)
        first = drawn_city(seed, graph())
        known = known_by(
            whole_schema(), first, request.document, request.all_variables, allowed, request.grantee
        )
        if request.acts:
            _know_offices(first, known, request)
        pair = agreeing(seed, graph(), Told(first, known, allowed, request.grantee), redrawn)
        return authorised(pair, request.all_variables) if request.purpose.startswith("financing.") else pair


def _know_offices(city: City, known: Known, request: Request) -> None:
    """Note that the answer tells whether a person represents an enterprise: the offices in it, and who the person is.

    The person's birth date and death decide as well.
    """
    assert request.subject
    assert request.enterprise
    known.named |= {request.subject, request.enterprise}
    known.read.add(BY_ENTERPRISE)
    part, rows = (
        known.part(BY_ENTERPRISE, request.enterprise),
        city.held(BY_ENTERPRISE, request.enterprise).rows,
    )
    part.choices.append(top(ALL))
    part.cells |= {(number, column) for number, row in enumerate(rows) for column in row}
    known.read.add("registry.person")
    person = known.part("registry.person", request.subject)
    person.choices.append(top(1))
    person.cells |= {(0, "birth_date"), (0, "deceased")}


async def observed(town: Town, operation: Operation, request: Request) -> Observed:
    """Answer a request over the city that is asked at present."""
    purposes = frozenset({request.purpose})
    principal = Principal(
        request.client, "test", "411500", purposes, request.subject, 0.0, request.enterprise
    )
    limits = LimitSettings()
    answerer = Answerer(
        schema_answers(),
        limits.nodes,
        limits.subjects,
        warns=True,
        clock=lambda: start_of(TODAY),
        cursors=CURSORS,
    )
    deadline = asyncio.get_running_loop().time() + SECONDS
    asked = operation, request.variables, principal, deadline, None, NUMBER
    try:
        answer = await answerer.answer(*asked)
    except RequestError as error:
        answer = Answer(orjson.dumps(error.formatted()), 0, (error.code.name,))
    calls = [Call(each.query, each.keys, each.deadline - deadline) for each in town.calls]
    return Observed(answer.body, answer.nodes, answer.codes, calls)


def authorised(pair: Pair, variables: Mapping[str, Any]) -> Pair:
    """Return two cities in which each subject that a lender names authorised it, which the lender knows."""
    cities: list[City] = []
    for city in (pair.first, pair.second):
        failing = {name: error for name, error in city.failing.items() if name != DATASET}
        cities.append(replace(city, failing=failing))
        for key in named_in(variables):
            cities[-1].drawn[DATASET, key] = Held([authorisation(key)])
    return replace(pair, first=cities[0], second=cities[1])


def named_in(variables: Mapping[str, Any]) -> set[Key]:
    """Return the subjects that the values of variables name."""
    sent = str(dict(variables))
    return {key for key in (*PERSONS, *ENTERPRISES) if key in sent}


def _difference(first: Observed, second: Observed) -> str:
    """Say where two observations part."""
    if first.body != second.body:
        at = next(at for at, (a, b) in enumerate(zip_longest(first.body, second.body)) if a != b)
        return f"the answers part at {at}: {first.body[at : at + 200]!r} {second.body[at : at + 200]!r}"
    parted = [calls for calls in zip_longest(first.calls, second.calls) if calls[0] != calls[1]]
    return f"the calls part: {parted[:1]}"

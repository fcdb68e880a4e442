"""A gateway whose bureaus and hooks write into one log, so that it shows what happened before what."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.bureau_errors import BureauError
from adapters.source import Batch, Key, Query, Read, SourceMark
from gateway.authorization.clients import Client
from gateway.pipeline.free_documents import FreeDocuments
from gateway.pipeline.prepare import Preparer
from gateway.pipeline.request import Answer, Answerer
from gateway.principal import GraphQLRequest, Principal
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from tests.support.documents import Asked
from tests.support.gateway_in_memory import TODAY, WIDE, graph, policy, schema_answers, start_of
from tests.support.hearing_observer import Hearing
from tests.support.rows_source import RowsSource

LEAVES = tuple(policy().purposes.leaves)
CLIENTS = {
    kind: Client(kind, kind, "试", "test", "d", "411500", LEAVES, speaks_for_person=False)
    for kind in policy().kinds
}
"""A client of each kind, whose tokens may carry any purpose: what it opens is left to the rules."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A request as a bureau sees it."""

    dataset: str
    columns: tuple[str, ...]
    purpose: str
    keys: tuple[Key, ...]


@dataclass(slots=True, eq=False)
class Spy:
    """A source that writes down what it is asked before it answers from rows."""

    rows: RowsSource
    log: list[Any]

    @property
    def bureau(self) -> str:
        return self.rows.bureau

    @property
    def concurrency(self) -> int:
        return self.rows.concurrency

    async def open(self) -> None:
        """Ready as it is."""

    async def close(self) -> None:
        """Nothing to give back."""

    async def mark(self) -> SourceMark:
        return await self.rows.mark()

    async def fetch(self, query: Query, keys: Sequence[Key], deadline: float) -> Batch:
        dataset = f"{query.bureau}.{query.dataset.name}"
        self.log.append(Fetched(dataset, query.columns, query.purpose, tuple(keys)))
        return await self.rows.fetch(query, keys, deadline)

    async def fetch_joined(self, reads: Sequence[Read], deadline: float) -> list[Batch | BureauError]:
        return [await self.fetch(read.query, read.keys, deadline) for read in reads]


@dataclass(slots=True)
class Watched:
    """A gateway over spies; each document that it is asked is new to it."""

    sources: Mapping[str, RowsSource]
    log: list[Any] = field(default_factory=list)
    documents: FreeDocuments = field(init=False)

    def __post_init__(self) -> None:
        hooks = Hooks([Hearing(self.log)])
        spies = {name: Spy(rows, self.log) for name, rows in self.sources.items()}
        preparer = Preparer(graph(), policy(), Loaders(spies, hooks), hooks)
        self.documents = FreeDocuments(preparer, CLIENTS, WIDE)

    async def answer(self, asked: Asked, kind: str, purpose: str) -> Answer:
        """Answer one request of a kind of caller, whose token carries the purpose."""
        caller = Principal(kind, "d", "411500", frozenset({purpose}), None, 0.0)
        request = GraphQLRequest(asked.text, None, None, dict(asked.variables))
        self.log.clear()
        operation = self.documents.find(request, caller, purpose)
        deadline = asyncio.get_running_loop().time() + 60
        answerer = Answerer(schema_answers(), WIDE.nodes, WIDE.subjects, clock=lambda: start_of(TODAY))
        return await answerer.answer(operation, asked.variables, caller, deadline)

    @property
    def fetched(self) -> list[Fetched]:
        """What the bureaus were asked for the last request."""
        return [each for each in self.log if isinstance(each, Fetched)]

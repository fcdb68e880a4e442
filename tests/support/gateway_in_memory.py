"""The core of the gateway over rows in memory: from a document's text to the answer's bytes."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from graphql import GraphQLSchema, build_schema

from adapters import bureaus
from gateway.authorization.policy import Policy, read_policy
from gateway.operations.document import Document, read_document
from gateway.pipeline.introspection import SchemaAnswers
from gateway.pipeline.prepare import Operation, Preparer, Terms
from gateway.pipeline.request import Answer, Answerer
from gateway.principal import Principal
from gateway.proofs.proved_policy import load_policy
from gateway.release.cursors import Cursors
from gateway.settings import ROOT, LimitSettings
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from resolvers.graph.build import build_graph
from resolvers.graph.fields import fields_of
from resolvers.graph.graph import Graph
from tests.support.rows_source import RowsSource
from tests.support.tested_city import TESTED_CITY

WIDE = LimitSettings(
    tokens=100_000,
    depth=100,
    aliases=10_000,
    directives=10_000,
    fields=1_000_000,
    nodes=10**9,
    subjects=10_000,
)
"""Limits that no generated document meets: they are other tests' business."""
EVERYTHING = "subject.access"
"""A purpose; under `permissive` it covers every field."""
CURSORS = Cursors("a secret of these tests, and of no gateway")
EVERYBODY = """
@id("everybody") @reason("测试 · test") @source("test")
permit(principal, action, resource);
"""


TODAY = date(2026, 6, 30)
"""The day on which the tests ask."""


def start_of(day: date) -> float:
    """Return the first second of a day in the city, in seconds of the Unix clock."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() - 8 * 3600


@cache
def graph(city: str = TESTED_CITY) -> Graph:
    """Return the graph of a city's installation."""
    return build_graph(bureaus.discover().values(), city)


@lru_cache(maxsize=64)
def document_of(text: str, limits: LimitSettings = WIDE, city: str = TESTED_CITY) -> Document:
    """Return a document with its plan, read once for all tests that ask it."""
    return read_document(graph(city), text, None, limits, introspection=True)


@cache
def policy(city: str = TESTED_CITY) -> Policy:
    """Return the policy of a city's installation."""
    return load_policy(ROOT / "policies", fields_of(graph(city)))


@cache
def permissive() -> Policy:
    """Return a policy that permits every use of every field to everybody; no gateway would serve it."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        for name in ("callers.toml", "purposes.toml", "duty_items.toml", "schema.cedarschema"):
            shutil.copy(ROOT / "policies" / name, folder)
        (folder / "ceilings").mkdir()
        (folder / "permits").mkdir()
        (folder / "permits" / "all.cedar").write_text(EVERYBODY, "utf-8")
        return read_policy(folder, fields_of(graph()))


@cache
def schema_answers() -> SchemaAnswers:
    """Return the answers to what is asked of the schema."""
    return SchemaAnswers(graph())


@cache
def whole_schema() -> GraphQLSchema:
    """Return the schema as a caller sees it who may read everything."""
    return build_schema(graph().composed.sdl)


def principal(subject: str | None = None, enterprise: str | None = None, client: str = "test") -> Principal:
    """Return a caller; nothing of it but its name, its subject and the enterprise for which it acts matters below the edge."""
    return Principal(client, "test", "411500", frozenset({EVERYTHING}), subject, 0.0, enterprise)


@dataclass(frozen=True, slots=True)
class InMemory:
    """A gateway over sources in memory, for a running loop."""

    sources: Mapping[str, RowsSource]
    limits: LimitSettings = WIDE
    hooks: Hooks = field(default_factory=Hooks)
    today: date = TODAY
    city: str = TESTED_CITY
    client: str = "test"
    """The caller, whose name a consent to one client has."""

    def prepared(
        self,
        text: str,
        purpose: str | None = None,
        subjects: int = 10_000,
        bound: Mapping[str, str] | None = None,
        kind: str = "developer",
    ) -> Operation:
        """Prepare a document for a purpose; without one everything is allowed."""
        document = document_of(text, self.limits, self.city)
        rules = permissive() if purpose is None else policy(self.city)
        preparer = Preparer(graph(self.city), rules, Loaders(self.sources, self.hooks), self.hooks)
        operation = preparer.prepare(
            "test", document, Terms(kind, purpose or EVERYTHING, subjects, bound or {}, plays_subject=True)
        )
        operation.seen = lambda _: whole_schema()
        return operation

    async def answer(
        self,
        operation: Operation,
        variables: Mapping[str, Any] | None = None,
        subject: str | None = None,
        enterprise: str | None = None,
    ) -> Answer:
        """Answer one request within a minute."""
        deadline = asyncio.get_running_loop().time() + 60
        answerer = Answerer(
            schema_answers(),
            self.limits.nodes,
            self.limits.subjects,
            clock=lambda: start_of(self.today),
            cursors=CURSORS,
            hooks=self.hooks,
        )
        return await answerer.answer(
            operation, variables or {}, principal(subject, enterprise, self.client), deadline
        )

    async def asked(self, text: str, purpose: str | None = None, **variables: Any) -> dict[str, Any]:
        """Prepare and answer at once, and return the decoded answer."""
        return orjson.loads((await self.answer(self.prepared(text, purpose), variables)).body)


def errors_of(answer: Mapping[str, Any]) -> Sequence[tuple[list[str | int], str]]:
    """Return path and code of each error, in their order."""
    return [(each["path"], each["extensions"]["code"]) for each in answer.get("errors", ())]

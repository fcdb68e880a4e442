"""Free documents: what developers ask in the explorer without a registration, under a purpose of their token."""

import asyncio
from collections.abc import Mapping
from typing import Final, NoReturn

from cachetools import LRUCache
from graphql import GraphQLSchema

from gateway.authorization.clients import Client
from gateway.authorization.explain import Explanation
from gateway.authorization.purposes import OPEN_PURPOSE, PurposeTree
from gateway.errors import (
    DOCUMENT_NOT_ALLOWED,
    PURPOSE_MISSING,
    PURPOSE_NOT_GRANTED,
    PURPOSE_UNKNOWN,
    RequestError,
)
from gateway.operations.document import Document, MutationFound, read_document
from gateway.operations.limits.document_limits import uses_introspection
from gateway.pipeline.cooperative import run_with_pauses
from gateway.pipeline.own_subject import explain_document_in_steps
from gateway.pipeline.prepare import Operation, Preparer, Terms
from gateway.pipeline.schema_views import SchemaView, SchemaViews
from gateway.principal import GraphQLRequest, Principal
from gateway.rights.commands import Command
from gateway.settings import LimitSettings
from observability.events import CacheLooked, FieldsDenied

MOST_DOCUMENTS: Final = 128
MOST_FREE_VARIANTS: Final = 8
"""Variants that are kept of one free document: a variant takes about 85 kB."""
FREE: Final = "explorer"
"""The name of every free document: a document's own name may hold anything."""

_HIT, _MISS = CacheLooked("plan", hit=True), CacheLooked("plan", hit=False)


class FreeDocuments:
    """Free documents of the explorer, under a purpose among those that the caller was granted."""

    def __init__(self, preparer: Preparer, clients: Mapping[str, Client], limits: LimitSettings) -> None:
        self._preparer = preparer
        self._clients = clients
        self._limits = limits
        self._purposes: PurposeTree = preparer.policy.purposes
        self.views = SchemaViews(preparer.graph, preparer.policy)
        # Keys are compared in full, never by a digest alone.
        self._documents: LRUCache[tuple[str, str | None], Document] = LRUCache(MOST_DOCUMENTS)
        self._operations: LRUCache[tuple[str, str | None, str, str], Operation] = LRUCache(MOST_DOCUMENTS)
        self._reading = asyncio.Lock()

    def find(self, request: GraphQLRequest, principal: Principal, purpose: str | None) -> Operation | Command:
        """Return the document of a request, ready under its purpose, or the command that it is.

        RequestError where it is neither.
        """
        text, name = request.document or "", request.operation_name
        document = self._documents.get((text, name))
        if document is None:
            try:
                document = self._documents[text, name] = self._read(text, name)
            except MutationFound:
                return Command(text, name, request.variables, purpose, request.case_number)
        client, granted = self._client_and_purposes(principal)
        chosen = self._choose_purpose(document, granted, purpose)
        key = (text, name, client.name, chosen)
        operation = self._operations.get(key)
        self._preparer.hooks.emit(_HIT if operation else _MISS)
        if operation is None:
            operation = self._operations[key] = self._prepared(document, client, chosen)
        return operation

    async def find_in_steps(
        self, request: GraphQLRequest, principal: Principal, purpose: str | None
    ) -> Operation | Command:
        """Return what `find` returns. The long work of a new document is done off the event loop, or in steps on it."""
        text, name = request.document or "", request.operation_name
        try:
            document = await self._read_apart(text, name)
        except MutationFound:
            return self.find(request, principal, purpose)
        client, granted = self._client_and_purposes(principal)
        chosen = self._choose_purpose(document, granted, purpose)
        if uses_introspection(document.ast):
            # A document that is known to the client may come with a token of other purposes, which see another schema.
            await self.views.prepare(client.kind, granted)
        if (text, name, client.name, chosen) in self._operations:
            return self.find(request, principal, purpose)
        await run_with_pauses(self._preparer.judge_in_steps(document, self._terms(client, chosen)))
        operation = self.find(request, principal, purpose)
        if isinstance(operation, Operation):
            await run_with_pauses(operation.grant.alternatives_in_steps())
        return operation

    async def _read_apart(self, text: str, name: str | None) -> Document:
        """Return a document; it is read in a thread, one at a time, because validation can take seconds."""
        if (found := self._documents.get((text, name))) is not None:
            return found
        async with self._reading:
            if (found := self._documents.get((text, name))) is None:
                found = self._documents[text, name] = await asyncio.to_thread(self._read, text, name)
            return found

    def _terms(self, client: Client, purpose: str) -> Terms:
        return Terms(client.kind, purpose, self._limits.subjects, plays_subject=True)

    def _prepared(self, document: Document, client: Client, purpose: str) -> Operation:
        operation = self._preparer.prepare(FREE, document, self._terms(client, purpose))
        operation.most_variants = MOST_FREE_VARIANTS
        operation.seen = lambda purposes: self._schema_seen(client, purposes)
        if operation.grant.denied:
            denied = tuple(sorted({coordinate for coordinate, _ in operation.grant.denied}))
            self._preparer.hooks.emit(FieldsDenied(purpose, denied))
        return operation

    async def explain(
        self, request: GraphQLRequest, principal: Principal, purpose: str | None
    ) -> Explanation:
        """Explain the document of a request to its caller; RequestError where it could not be asked."""
        document = await self._read_apart(request.document or "", request.operation_name)
        client, granted = self._client_and_purposes(principal)
        chosen = self._choose_purpose(document, granted, purpose)
        return await run_with_pauses(
            explain_document_in_steps(self._preparer.policy, document, client.kind, chosen)
        )

    async def view_in_steps(self, principal: Principal, purpose: str | None) -> SchemaView | None:
        """Return the schema as the caller may see it for all of its purposes, or for one of them.

        The event loop answers others while the schema is made.
        """
        kind, purposes = self._kind_and_purposes(principal, purpose)
        await self.views.prepare(kind, purposes)
        return self.views.of(kind, purposes)

    def _kind_and_purposes(self, principal: Principal, purpose: str | None) -> tuple[str, frozenset[str]]:
        client, granted = self._client_and_purposes(principal)
        if purpose is None:
            return client.kind, granted
        return client.kind, frozenset({self._require_granted(granted, purpose)})

    def _schema_seen(self, client: Client, purposes: frozenset[str]) -> GraphQLSchema | None:
        view = self.views.of(client.kind, purposes.intersection(client.purposes))
        return view.schema if view else None

    def _client_and_purposes(self, principal: Principal) -> tuple[Client, frozenset[str]]:
        """Return the caller's client, and the purposes of its token that the client may hold at all."""
        client = self._clients.get(principal.client)
        if client is None:
            raise RequestError(PURPOSE_NOT_GRANTED)
        return client, principal.purposes.intersection(client.purposes)

    def _read(self, text: str, name: str | None) -> Document:
        document = read_document(self._preparer.graph, text, name, self._limits, introspection=True)
        document.most_plans = MOST_FREE_VARIANTS
        return document

    def _choose_purpose(self, document: Document, granted: frozenset[str], purpose: str | None) -> str:
        if purpose is not None:
            return self._require_granted(granted, purpose)
        if len(granted) == 1:
            return next(iter(granted))
        if self._preparer.is_classified(document):
            raise RequestError(PURPOSE_MISSING)
        return OPEN_PURPOSE

    def _require_granted(self, granted: frozenset[str], purpose: str) -> str:
        if purpose not in self._purposes.leaves:
            raise RequestError(PURPOSE_UNKNOWN)
        if purpose not in granted:
            raise RequestError(PURPOSE_NOT_GRANTED)
        return purpose


class NoFreeDocuments:
    """What stands where free documents stand in the explorer: production answers none."""

    def find(self, *_asked: object) -> NoReturn:
        """Refuse any request."""
        raise RequestError(DOCUMENT_NOT_ALLOWED)

    explain = view_in_steps = find_in_steps = find

"""Which operation a request asks for: a registered one by its id, or a free document in the explorer.

A snapshot holds what decides at present: one version of the policy with the operations prepared under it.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

from cachetools import LRUCache
from graphql import GraphQLSchema

from gateway.authorization.clients import Client
from gateway.authorization.explain import Explanation
from gateway.authorization.purposes import OPEN_PURPOSE, PurposeTree, is_own
from gateway.errors import (
    DOCUMENT_NOT_ALLOWED,
    OPERATION_UNKNOWN,
    PURPOSE_MISSING,
    PURPOSE_NOT_GRANTED,
    PURPOSE_UNKNOWN,
    RequestError,
    StartRefused,
)
from gateway.operations.case_rules import AnyCase, CaseBound, CaseRules, CaseTerms
from gateway.operations.city_time import end_of
from gateway.operations.document import Document, MutationFound, read_document
from gateway.operations.limits.document_limits import uses_introspection
from gateway.operations.operation_gate import OperationGate
from gateway.operations.register import Registration
from gateway.pipeline.cooperative import Steps, run_with_pauses
from gateway.pipeline.own_subject import explain_document_in_steps, path_to_subjects
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

_ANY_CASE: Final = AnyCase()
_HIT, _MISS = CacheLooked("plan", hit=True), CacheLooked("plan", hit=False)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A registration with what is made of it once."""

    registration: Registration
    operations: Mapping[str, Operation]
    """By the kind of caller."""
    ends: float
    """The moment from which it is not answered, in seconds of the Unix clock."""
    case: CaseTerms


@dataclass(frozen=True, slots=True)
class RegisteredOperations:
    """The registered operations, by the id of their documents, as `registered_operations` prepares them."""

    _entries: Mapping[str, _Entry]
    _clients: Mapping[str, Client]
    _gate: OperationGate

    def find(self, document_id: str, principal: Principal, case_number: str | None = None) -> Operation:
        """Return an operation of the caller's that may be asked now, and count the request.

        Unknown, foreign, expired and revoked ids get the same answer. A live one of the caller's is refused
        by PURPOSE_NOT_GRANTED, OPERATION_OFF_DUTY, CASE_NUMBER_MISSING, CASE_NUMBER_INVALID or QUOTA_EXCEEDED.
        Where the clock, the revocations or the quotas fail, it is AUTHORIZATION_UNAVAILABLE, for any id.
        """
        now, revoked = self._gate.snapshot()
        entry = self._entries.get(document_id)
        if entry is None or not _is_live(entry, principal.client, now, revoked):
            raise RequestError(OPERATION_UNKNOWN)
        if entry.registration.purpose not in principal.purposes:
            raise RequestError(PURPOSE_NOT_GRANTED)
        self._gate.check_duty(entry.registration, now)
        if entry.case.needed or case_number is not None:
            entry.case.check(case_number)
        client = self._clients[principal.client]
        self._gate.count(entry.registration, client.name, _person_of(client, principal))
        return entry.operations[client.kind]

    def give_back(self, document_id: str, principal: Principal) -> None:
        """Count a request that `find` counted, and that was refused afterwards, for its sender alone."""
        client, entry = self._clients[principal.client], self._entries[document_id]
        self._gate.give_back(entry.registration, client.name, _person_of(client, principal))


def _person_of(client: Client, principal: Principal) -> str | None:
    """Return whose share of a quota a request uses; tokens of a person's app without a person share one."""
    return (principal.subject or "") if client.speaks_for_person else None


def _is_live(entry: _Entry, client: str, now: float, revoked: frozenset[str]) -> bool:
    registration = entry.registration
    return client in registration.clients and now < entry.ends and registration.name not in revoked


def registered_operations(
    preparer: Preparer,
    register: Mapping[str, Registration],
    clients: Mapping[str, Client],
    limits: LimitSettings,
    gate: OperationGate,
    cases: CaseRules = _ANY_CASE,
) -> Steps[RegisteredOperations]:
    """Prepare the operations of a register with all their variants, each of them in a step of its own.

    Raises StartRefused where one reads beyond its purpose.
    """
    entries: dict[str, _Entry] = {}
    leaves = preparer.policy.purposes.leaves
    for each in register.values():
        case = cases.terms_of(each.purpose, needed=leaves[each.purpose].case_number)
        prepared = prepare_registered(preparer, each, clients, limits, case.bound)
        yield
        for operation in prepared.values():
            yield from operation.variants_of_all_conditions()
        entries[each.document_id] = _Entry(each, prepared, end_of(each.expires), case)
    return RegisteredOperations(entries, clients, gate)


def prepare_registered(
    preparer: Preparer,
    registration: Registration,
    clients: Mapping[str, Client],
    limits: LimitSettings,
    case: CaseBound | None = None,
) -> dict[str, Operation]:
    """Prepare a registered operation for each kind of its callers.

    Raises StartRefused with every use that its purpose denies.
    """
    try:
        document = read_document(preparer.graph, registration.document, None, limits, introspection=False)
    except RequestError as error:
        reasons = "; ".join((error.detail, *error.extensions.get("others", ())))
        raise StartRefused(f"{registration.name}: {error.code.name} {reasons}") from None
    _check_own(registration, document, clients)
    prepared: dict[str, Operation] = {}
    for kind in sorted({clients[name].kind for name in registration.clients}):
        terms = Terms(kind, registration.purpose, registration.subjects, registration.bind, case=case)
        operation = preparer.prepare(registration.name, document, terms)
        check_bound(registration, operation)
        _check_covered(registration, operation)
        prepared[kind] = operation
    return prepared


def _check_covered(registration: Registration, operation: Operation) -> None:
    reasons = "; ".join(
        f"{denial.use.use} {denial.use.coordinate} by {denial.verdict.rule} ({denial.verdict.reason})"
        for denial in operation.grant.refusals()
    )
    if reasons:
        kind = operation.grant.kind
        raise StartRefused(f"{registration.name}: {registration.purpose} for {kind} does not cover {reasons}")


_BIND: Final = "bind every subject that it names to the token's person"


def _check_own(registration: Registration, document: Document, clients: Mapping[str, Client]) -> None:
    name, purpose = registration.name, registration.purpose
    if path_to_subjects(document.plan, purpose, registration.bind) == "own":
        return
    if any(clients[each].speaks_for_person for each in registration.clients):
        raise StartRefused(f"{name}: a client of it speaks for one person; {_BIND}")
    if is_own(purpose):
        raise StartRefused(f"{name}: {purpose} is for the subject alone; {_BIND}")


def check_bound(registration: Registration, operation: Operation) -> None:
    """A binding that names no variable would leave the caller free to send the one that was meant."""
    declared = {variable.name for variable in operation.variables if variable.type_text == "PersonNumber!"}
    for name in registration.bind:
        if name not in declared:
            raise StartRefused(f"{registration.name}: bind names ${name}, which is no variable PersonNumber!")


class FreeDocuments:
    """Free documents of the explorer, under a purpose among those that the caller was granted."""

    def __init__(self, preparer: Preparer, clients: Mapping[str, Client], limits: LimitSettings) -> None:
        self._preparer = preparer
        self._clients = clients
        self._limits = limits
        self._purposes: PurposeTree = preparer.policy.purposes
        self._views = SchemaViews(preparer.graph, preparer.policy)
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
        if (text, name, client.name, chosen) in self._operations:
            return self.find(request, principal, purpose)
        await run_with_pauses(self._preparer.judge_in_steps(document, self._terms(client, chosen)))
        if uses_introspection(document.ast):
            await self._views.prepare(client.kind, granted)
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

    def view(self, principal: Principal, purpose: str | None) -> SchemaView | None:
        """Return the schema as the caller may see it for all of its purposes, or for one of them."""
        return self._views.of(*self._kind_and_purposes(principal, purpose))

    async def view_in_steps(self, principal: Principal, purpose: str | None) -> SchemaView | None:
        """Return what `view` returns, and leave the event loop to others while it is made."""
        await self._views.prepare(*self._kind_and_purposes(principal, purpose))
        return self.view(principal, purpose)

    def _kind_and_purposes(self, principal: Principal, purpose: str | None) -> tuple[str, frozenset[str]]:
        client, granted = self._client_and_purposes(principal)
        if purpose is None:
            return client.kind, granted
        return client.kind, frozenset({self._require_granted(granted, purpose)})

    def _schema_seen(self, client: Client, purposes: frozenset[str]) -> GraphQLSchema | None:
        view = self._views.of(client.kind, purposes.intersection(client.purposes))
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

    explain = view = view_in_steps = find_in_steps = find


@dataclass(frozen=True, slots=True)
class PolicySnapshot:
    """A version of the rules and every operation under it. It is replaced as a whole and never changed."""

    version: str
    """Of the policy."""
    rules: int
    registered: RegisteredOperations
    free: FreeDocuments | NoFreeDocuments


@dataclass(slots=True)
class CurrentPolicy:
    """Holds the snapshot in force. A request takes it once, so it finishes under the one that it began with."""

    snapshot: PolicySnapshot

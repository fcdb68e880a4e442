"""Which operation a request asks for: a registered one by its id, or a free document in the explorer.

A snapshot holds what decides at present: one version of the policy with the operations prepared under it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
from gateway.operations.case_number import check_case_number
from gateway.operations.city_time import end_of
from gateway.operations.document import Document, MutationFound, read_document
from gateway.operations.document_forms import (
    digest_of_text,
    find_text,
    ids_by_client_form,
    texts_by_client,
)
from gateway.operations.operation_gate import OperationGate
from gateway.operations.register import Registration
from gateway.pipeline.cooperative import Steps
from gateway.pipeline.own_subject import explain_document, path_to_subjects
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


@dataclass(frozen=True, slots=True)
class _Entry:
    """A registration with what is made of it once."""

    registration: Registration
    operations: Mapping[str, Operation]
    """By the kind of caller."""
    ends: float
    """The moment from which it is not answered, in seconds of the Unix clock."""
    for_a_case: bool


@dataclass(frozen=True, slots=True)
class RegisteredOperations:
    """The registered operations, by the ids of their documents, as `registered_operations` prepares them."""

    _entries: Mapping[str, _Entry]
    _clients: Mapping[str, Client]
    _gate: OperationGate
    _texts: Mapping[str, Mapping[str, _Entry]] = field(default_factory=dict[str, Mapping[str, "_Entry"]])
    """By client, then by the text of the document."""

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
        return self._admitted(entry, now, principal, case_number)

    def find_text(self, request: GraphQLRequest, principal: Principal) -> Operation | None:
        """Return the caller's operation whose registered document the request sends as a text, and count it.

        None for another text, and for a text beside another document's id; else the refusals are those of `find`.
        """
        text, named = request.document or "", request.document_hash
        entry = find_text(self._texts.get(principal.client, {}), text)
        if entry is None or (
            named not in (None, digest_of_text(text)) and self._entries.get(named) is not entry
        ):
            return None
        now, revoked = self._gate.snapshot()
        if not _is_live(entry, principal.client, now, revoked):
            return None
        return self._admitted(entry, now, principal, request.case_number)

    def own(self, principal: Principal) -> list[tuple[Registration, Operation, bool]]:
        """Return the client's operations that are live now, and whether each needs the number of a case."""
        client = self.client_of(principal)
        now, revoked = self._gate.snapshot()
        entries = {entry.registration.name: entry for entry in self._texts.get(client.name, {}).values()}
        return [
            (entry.registration, entry.operations[client.kind], entry.for_a_case)
            for _, entry in sorted(entries.items())
            if _is_live(entry, client.name, now, revoked)
        ]

    def client_of(self, principal: Principal) -> Client:
        """Return the caller's client; PURPOSE_NOT_GRANTED where the file of clients does not know it."""
        client = self._clients.get(principal.client)
        if client is None:
            raise RequestError(PURPOSE_NOT_GRANTED)
        return client

    def _admitted(
        self, entry: _Entry, now: float, principal: Principal, case_number: str | None
    ) -> Operation:
        if entry.registration.purpose not in principal.purposes:
            raise RequestError(PURPOSE_NOT_GRANTED)
        self._gate.check_duty(entry.registration, now)
        if entry.for_a_case or case_number is not None:
            check_case_number(case_number, needed=entry.for_a_case)
        self._gate.count(entry.registration, principal.client)
        return entry.operations[self._clients[principal.client].kind]


def _is_live(entry: _Entry, client: str, now: float, revoked: frozenset[str]) -> bool:
    registration = entry.registration
    return client in registration.clients and now < entry.ends and registration.name not in revoked


def registered_operations(
    preparer: Preparer,
    register: Mapping[str, Registration],
    clients: Mapping[str, Client],
    limits: LimitSettings,
    gate: OperationGate,
) -> Steps[RegisteredOperations]:
    """Prepare the operations of a register with all their variants, each of them in a step of its own.

    Raises StartRefused where one reads beyond its purpose.
    """
    entries: dict[str, _Entry] = {}
    """By name."""
    leaves = preparer.policy.purposes.leaves
    for each in register.values():
        prepared = prepare_registered(preparer, each, clients, limits)
        yield
        for operation in prepared.values():
            yield from operation.variants_of_all_conditions()
        for_a_case = leaves[each.purpose].case_number
        entries[each.name] = _Entry(each, prepared, end_of(each.expires), for_a_case)
    each_id = ids_by_client_form(register.values(), entries)
    return RegisteredOperations(each_id, clients, gate, texts_by_client(register.values(), entries))


def prepare_registered(
    preparer: Preparer, registration: Registration, clients: Mapping[str, Client], limits: LimitSettings
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
        terms = Terms(kind, registration.purpose, registration.subjects, registration.bind)
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
        self.views = SchemaViews(preparer.graph, preparer.policy)
        # Keys are compared in full, never by a digest alone.
        self._documents: LRUCache[tuple[str, str | None], Document] = LRUCache(MOST_DOCUMENTS)
        self._operations: LRUCache[tuple[str, str | None, str, str], Operation] = LRUCache(MOST_DOCUMENTS)

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

    def _prepared(self, document: Document, client: Client, purpose: str) -> Operation:
        terms = Terms(client.kind, purpose, self._limits.subjects, plays_subject=True)
        operation = self._preparer.prepare(FREE, document, terms)
        operation.most_variants = MOST_FREE_VARIANTS
        operation.seen = lambda purposes: self._schema_seen(client, purposes)
        if operation.grant.denied:
            denied = tuple(sorted({coordinate for coordinate, _ in operation.grant.denied}))
            self._preparer.hooks.emit(FieldsDenied(purpose, denied))
        return operation

    def explain(self, request: GraphQLRequest, principal: Principal, purpose: str | None) -> Explanation:
        """Explain the document of a request to its caller; RequestError where it could not be asked."""
        document = self._read(request.document or "", request.operation_name)
        client, granted = self._client_and_purposes(principal)
        chosen = self._choose_purpose(document, granted, purpose)
        return explain_document(self._preparer.policy, document, client.kind, chosen)

    def view(self, principal: Principal, purpose: str | None) -> SchemaView | None:
        """Return the schema as the caller may see it for all of its purposes, or for one of them."""
        client, granted = self._client_and_purposes(principal)
        return self.views.of(
            client.kind, granted if purpose is None else frozenset({self._require_granted(granted, purpose)})
        )

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

    explain = view = find


@dataclass(frozen=True, slots=True)
class PolicySnapshot:
    """A version of the rules and every operation under it. It is replaced as a whole and never changed."""

    version: str
    """Of the policy."""
    rules: int
    registered: RegisteredOperations
    free: FreeDocuments | NoFreeDocuments
    views: SchemaViews | None = None
    """What each caller may see of the schema."""

    def find(self, request: GraphQLRequest, principal: Principal, purpose: str | None) -> Operation | Command:
        """Return what a request asks for, or raise RequestError; in the explorer a text without an id is free."""
        if request.document_id is not None:
            return self.registered.find(request.document_id, principal, request.case_number)
        if request.document_hash is not None or isinstance(self.free, NoFreeDocuments):
            found = self.registered.find_text(request, principal)
            if found is not None:
                return found
        return self.free.find(request, principal, purpose)


@dataclass(slots=True)
class CurrentPolicy:
    """Holds the snapshot in force. A request takes it once, so it finishes under the one that it began with."""

    snapshot: PolicySnapshot

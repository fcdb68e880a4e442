"""Which operation a request asks for: a registered one by its id, or a free document in the explorer.

A snapshot holds what decides at present: one version of the policy with the operations prepared under it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from catalogue.open_index import OpenIndex
from gateway.authorization.clients import Client
from gateway.authorization.purposes import is_own
from gateway.errors import (
    OPERATION_UNKNOWN,
    PURPOSE_NOT_GRANTED,
    RequestError,
    StartRefused,
)
from gateway.operations.case_rules import AnyCase, CaseBound, CaseRules, CaseTerms
from gateway.operations.city_time import end_of
from gateway.operations.document import Document, read_document
from gateway.operations.document_forms import (
    digest_of_text,
    find_text,
    ids_by_client,
    texts_by_client,
)
from gateway.operations.existence_probes import existence_probes
from gateway.operations.operation_gate import OperationGate
from gateway.operations.register import CLAIMS, Registration
from gateway.operations.untold_states import untold_states
from gateway.pipeline.cooperative import Steps
from gateway.pipeline.free_documents import FreeDocuments, NoFreeDocuments
from gateway.pipeline.own_subject import path_to_subjects
from gateway.pipeline.prepare import Operation, Preparer, Terms
from gateway.pipeline.schema_views import SchemaViews
from gateway.principal import GraphQLRequest, Principal
from gateway.rights.commands import Command
from gateway.settings import LimitSettings

_ANY_CASE: Final = AnyCase()


@dataclass(frozen=True, slots=True)
class _Entry:
    """A registration with what is made of it once."""

    registration: Registration
    operations: Mapping[str, Operation]
    """By the kind of caller."""
    ends: float
    """The moment from which it is not answered, in seconds of the Unix clock."""
    case: CaseTerms


_NO_ENTRIES: Final[Mapping[str, _Entry]] = {}


@dataclass(frozen=True, slots=True)
class RegisteredOperations:
    """The registered operations, by clients and the ids of their documents, as `registered_operations` prepares them."""

    _entries: Mapping[str, Mapping[str, _Entry]]
    """By client, then by each id under which it may ask for them."""
    _clients: Mapping[str, Client]
    _gate: OperationGate
    _texts: Mapping[str, Mapping[str, _Entry]] = field(default_factory=dict[str, Mapping[str, "_Entry"]])
    """By client, then by the text of the document."""

    def find(self, document_id: str, principal: Principal, case_number: str | None = None) -> Operation:
        """Return an operation of the caller's that may be asked now, and count the request.

        Unknown, foreign, expired and revoked ids get the same answer. A live one of the caller's is refused
        by PURPOSE_NOT_GRANTED, OPERATION_OFF_DUTY, CASE_NUMBER_MISSING, CASE_NUMBER_INVALID, CASE_NUMBER_KIND or
        QUOTA_EXCEEDED.
        Where the clock, the revocations or the quotas fail, it is AUTHORIZATION_UNAVAILABLE, for any id.
        """
        now, revoked = self._gate.snapshot()
        entry = self._entries.get(principal.client, _NO_ENTRIES).get(document_id)
        if entry is None or not _is_live(entry, now, revoked):
            raise RequestError(OPERATION_UNKNOWN)
        return self._admitted(entry, now, principal, case_number)

    def find_text(self, request: GraphQLRequest, principal: Principal) -> Operation | None:
        """Return the caller's operation whose registered document the request sends as a text, and count it.

        None for another text, and for a text beside another document's id; else the refusals are those of `find`.
        """
        text, named = request.document or "", request.document_hash
        entry = find_text(self._texts.get(principal.client, _NO_ENTRIES), text)
        own = self._entries.get(principal.client, _NO_ENTRIES)
        if entry is None or (named not in (None, digest_of_text(text)) and own.get(named) is not entry):
            return None
        now, revoked = self._gate.snapshot()
        if not _is_live(entry, now, revoked):
            return None
        return self._admitted(entry, now, principal, request.case_number)

    def own(self, principal: Principal) -> list[tuple[Registration, Operation, bool]]:
        """Return the client's operations that are live now, and whether each needs the number of a case."""
        client = self.client_of(principal)
        now, revoked = self._gate.snapshot()
        entries = {entry.registration.name: entry for entry in self._texts.get(client.name, {}).values()}
        return [
            (entry.registration, entry.operations[client.kind], entry.case.needed)
            for _, entry in sorted(entries.items())
            if _is_live(entry, now, revoked)
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
        if entry.case.needed or case_number is not None:
            entry.case.check(case_number, now)
        client = self._clients[principal.client]
        self._gate.count(entry.registration, client.name, _person_of(client, principal))
        return entry.operations[client.kind]

    def give_back(self, operation: Operation, principal: Principal) -> None:
        """Count a request that was counted, and refused afterwards, for its sender alone; free ones are not counted."""
        client = self._clients.get(principal.client)
        if client is None:
            return
        own = self._entries.get(client.name, _NO_ENTRIES)
        same = (each for each in own.values() if each.operations.get(client.kind) is operation)
        entry = next(same, None)
        if entry is not None:
            self._gate.give_back(entry.registration, client.name, _person_of(client, principal))

    def ends(self) -> Mapping[str, float]:
        """Return the moment at which each operation expires, in seconds of the Unix clock."""
        entries = (entry for own in self._entries.values() for entry in own.values())
        return {entry.registration.name: entry.ends for entry in entries}

    def client(self, name: str) -> Client | None:
        """Return the client of that name under these rules, or None."""
        return self._clients.get(name)


def _person_of(client: Client, principal: Principal) -> str | None:
    """Return whose share of a quota a request uses; tokens of a person's app without a person share one."""
    return (principal.subject or "") if client.speaks_for_person else None


def _is_live(entry: _Entry, now: float, revoked: frozenset[str]) -> bool:
    return now < entry.ends and entry.registration.name not in revoked


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
    """By name."""
    leaves = preparer.policy.purposes.leaves
    for each in register.values():
        case = cases.terms_of(each.purpose, needed=leaves[each.purpose].case_number)
        prepared = prepare_registered(preparer, each, clients, limits, case.bound)
        yield
        for operation in prepared.values():
            yield from operation.variants_of_all_conditions()
        entries[each.name] = _Entry(each, prepared, end_of(each.expires), case)
    each_id = ids_by_client(register.values(), entries)
    return RegisteredOperations(each_id, clients, gate, texts_by_client(register.values(), entries))


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
    if probes := "; ".join(existence_probes(document)):
        raise StartRefused(f"{registration.name}: {probes}")
    prepared: dict[str, Operation] = {}
    for kind in sorted({clients[name].kind for name in registration.clients}):
        terms = Terms(
            kind,
            registration.purpose,
            registration.subjects,
            registration.bind,
            case=case,
            authorised=preparer.policy.purposes.leaves[registration.purpose].authorisation,
        )
        operation = preparer.prepare(registration.name, document, terms)
        check_bound(registration, operation)
        _check_covered(registration, operation)
        if untold := "; ".join(untold_states(document, operation.grant.history)):
            raise StartRefused(f"{registration.name}: {untold}")
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


_BIND: Final = (
    "bind every subject that it names to the token's person, or to the enterprise for which the person acts"
)


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
    declared = {variable.name: variable.type_text for variable in operation.variables}
    for name, claim in registration.bind.items():
        if declared.get(name) != CLAIMS[claim]:
            raise StartRefused(
                f"{registration.name}: bind names ${name}, which is no variable {CLAIMS[claim]}"
            )


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
    open_index: OpenIndex | None = None
    """What everybody may read of the rules."""

    async def find(
        self, request: GraphQLRequest, principal: Principal, purpose: str | None
    ) -> Operation | Command:
        """Return what a request asks for, or raise RequestError; in the explorer a text without an id is free."""
        if request.document_id is not None:
            return self.registered.find(request.document_id, principal, request.case_number)
        if request.document_hash is not None or isinstance(self.free, NoFreeDocuments):
            found = self.registered.find_text(request, principal)
            if found is not None:
                return found
        return await self.free.find_in_steps(request, principal, purpose)


@dataclass(slots=True)
class CurrentPolicy:
    """Holds the snapshot in force. A request takes it once, so it finishes under the one that it began with."""

    snapshot: PolicySnapshot

    def client(self, name: str) -> Client | None:
        """Return the client of that name under the rules in force, or None."""
        return self.snapshot.registered.client(name)

"""The way of a request: operation, grant, plan, subjects, fetch, release, evidence.

| stage | question | where |
|---|---|---|
| identity | who asks? | `gateway.access`, before this page |
| operation | which document, and so which purpose? | `snapshot.find` |
| authorization | which uses of which fields are allowed? | the operation's grant, made once |
| plan | which bureau, which columns, by which keys? | the operation's variant, compiled once |
| subjects | may the data of this person be used for this? | `gate`, at every level of `read` |
| fetch | read in batches, join in memory | `read` |
| release | is every value covered? | `_release` |
| evidence | is it kept what is disclosed to whom? | `_disclose`, before anything is sent |
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeAlias

import msgspec
import orjson

from adapters.source import Key
from catalogue.city_clock import CITY_ZONE
from catalogue.identifiers import count_wrong_check_signs
from gateway.errors import (
    AUTHORIZATION_UNAVAILABLE,
    DUPLICATE_SUBJECT,
    EVIDENCE_UNAVAILABLE,
    INTERNAL,
    METHOD_NOT_ALLOWED,
    TOO_MANY_NODES,
    TOO_MANY_SUBJECTS,
    RequestError,
)
from gateway.evidence.disclosure import AnswerDisclosure, DisclosureHook
from gateway.operations.case_number import is_case_number
from gateway.operations.variables import coerce_variables
from gateway.pipeline.authorised_read import AuthorisedTables, hold_to_authorisations, look_up_borrowers
from gateway.pipeline.disclosed_fields import Taken, subjects_by_type
from gateway.pipeline.document_lookup import look_up_documents
from gateway.pipeline.identifier_warnings import ENTERPRISE, identifier_warnings
from gateway.pipeline.introspection import SchemaAnswers
from gateway.pipeline.lookup import PolicySnapshot
from gateway.pipeline.own_subject import with_bound_variables
from gateway.pipeline.prepare import Operation, Variant
from gateway.pipeline.subject_bounds import SubjectBounds
from gateway.principal import GraphQLRequest, Principal, RequestFacts
from gateway.release.cursors import Cursors
from gateway.release.field_errors import code_of, cut_warning, encode_with_errors
from gateway.release.list_choosers import choosers_of
from gateway.release.silence import Silence
from gateway.release.statistic_release import released
from gateway.rights.authorisations import Authorisations
from gateway.rights.commands import Command, Commands, NoCommands
from gateway.rights.subject_gate import AdmitAll, SubjectGate
from observability.events import (
    CheckSignsWrong,
    OperationFailed,
    OperationFinished,
    OperationStarted,
    Origins,
)
from observability.hooks import Hooks
from observability.request_trace import RequestTrace
from resolvers.eligibility.facts import Circumstances
from resolvers.fetch.levels import Admit, ReadRequest, read
from resolvers.fetch.reading import Table
from resolvers.plan.arguments import Arguments
from resolvers.plan.document_places import with_documents
from resolvers.plan.masked_plan import DuplicateSubject, MaskedPlan
from resolvers.plan.nodes.standing_root import silence_broken
from resolvers.plan.projection import AnswerWalk, FieldFailure

DISCLOSURE_SECONDS: Final = 2.0
"""How long an answer waits until its disclosure is kept, its deadline apart: a partial answer leaves at the deadline."""
_NONE: Final[Mapping[str, Any]] = {}
_Named: TypeAlias = Sequence[Sequence[Key]]
_log: Final = logging.getLogger(__name__)


class Answer(msgspec.Struct, frozen=True):
    """What leaves: the encoded answer, how many values it may hold, and the codes of the errors in it."""

    body: bytes
    nodes: int
    codes: tuple[str, ...] = ()


class _Asked(msgspec.Struct, eq=False):
    """An operation with what one request gives it."""

    operation: Operation
    variant: Variant
    principal: Principal
    sent: Mapping[str, Any]
    arguments: Arguments
    circumstances: Circumstances


@dataclass(frozen=True, slots=True)
class SubjectRules:
    """What is decided and kept of single subjects, beyond what a purpose decides of everybody."""

    gate: SubjectGate = field(default_factory=AdmitAll)
    evidence: DisclosureHook | None = None
    """Keeps the disclosure of each answer; None in an installation without evidence."""
    commands: Commands = field(default_factory=NoCommands)

    def admit_for(self, facts: RequestFacts) -> Admit | None:
        """Return what admits the subjects of a request, or None where every subject is admitted."""
        return None if type(self.gate) is AdmitAll else partial(self.gate.admit, facts)


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers requests within the gateway's own limits."""

    schema_answers: SchemaAnswers
    most_nodes: int
    most_subjects: int
    warns: bool = False
    """Whether the answer warns of identifiers that are unusual, beside the data."""
    clock: Callable[[], float] = time.time
    """Seconds of the Unix clock: it tells the city's day, on which ages, terms and records are looked at."""
    cursors: Cursors = field(default_factory=Cursors)
    hooks: Hooks = field(default_factory=Hooks)
    subjects: SubjectRules = field(default_factory=SubjectRules)
    bounds: SubjectBounds | None = None
    """Bounds the subjects of a case; None counts none."""
    authorisations: Authorisations = field(default_factory=Authorisations)
    silence: Silence | None = None
    """Protects the subjects of one-sided answers; None sends these at once and counts nothing."""

    async def handle(
        self,
        snapshot: PolicySnapshot,
        request: GraphQLRequest,
        principal: Principal,
        purpose: str | None,
        seconds: float,
        trace: RequestTrace | None = None,
    ) -> bytes:
        """Return the encoded answer to a caller's request within some seconds, or raise RequestError."""
        operation = await snapshot.find(request, principal, purpose)
        if isinstance(operation, Command):
            if request.by_get:
                raise RequestError(METHOD_NOT_ALLOWED)
            return await self.subjects.commands.handle(operation, principal)
        started, case_number = time.perf_counter(), _case_number(request)
        deadline = asyncio.get_running_loop().time() + seconds
        name, purpose, client = operation.name, operation.terms.purpose, principal.client
        origins = self._started(name, purpose, client, case_number, trace)
        outcome, answer = INTERNAL.name, None
        try:
            answer = await self.answer(
                operation, request.variables, principal, deadline, origins, case_number
            )
            outcome = "partial" if answer.codes else "ok"
        except RequestError as error:
            outcome = error.code.name
            snapshot.registered.give_back(operation, principal)
            raise
        else:
            return answer.body
        finally:
            took = time.perf_counter() - started
            self._emit_end(operation, client, outcome, took, answer, case_number, trace, origins)

    def _emit_end(
        self,
        operation: Operation,
        client: str,
        outcome: str,
        took: float,
        answer: Answer | None,
        case_number: str | None,
        trace: RequestTrace | None,
        origins: Origins,
    ) -> None:
        kind = OperationFailed if outcome == INTERNAL.name else OperationFinished
        nodes, codes = (answer.nodes, answer.codes) if answer else (0, ())
        name, purpose, version = operation.name, operation.terms.purpose, operation.grant.policy.version
        ended = kind(name, purpose, client, outcome, took, nodes, codes, version, case_number, trace)
        self.hooks.emitters[kind](ended, origins)

    def _started(
        self, name: str, purpose: str, client: str, case_number: str | None, trace: RequestTrace | None
    ) -> Origins:
        """Tell the hooks of the start, and return the origins of the request's round trips, its trace first."""
        if trace is not None:
            trace.operation = name
        if self.hooks.wants_starts:
            event = OperationStarted(name, purpose, client, time.time_ns(), case_number, trace)
            return (trace, *(self.hooks.started(event) or ()))
        return None if trace is None else (trace,)

    async def answer(
        self,
        operation: Operation,
        given: Mapping[str, Any],
        principal: Principal,
        deadline: float,
        origins: Origins = None,
        case_number: str | None = None,
    ) -> Answer:
        """Return the answer to one operation; RequestError where nothing may be released at all."""
        started = time.perf_counter()
        bound = operation.terms.bound
        sent = with_bound_variables(bound, given, principal) if bound else given
        values = coerce_variables(operation.variables, sent)
        variant = operation.variants.get(()) or operation.traced_variant(values, origins)
        plan = variant.plan
        arguments = plan.evaluation.of(values)
        client, purpose = principal.client, operation.terms.purpose
        today = datetime.fromtimestamp(self.clock(), CITY_ZONE).date()
        circumstances = Circumstances(today, None if operation.is_own else client)
        asked = _Asked(operation, variant, principal, sent, arguments, circumstances)
        nodes, keys = self._checked(asked), _keys_of(plan, arguments)
        about = operation.name, purpose, client, operation.grant.kind
        facts = RequestFacts(*about, time.time_ns(), deadline, case_number)
        silence = self._count_subjects(asked, facts, keys)
        filters = choosers_of(plan, arguments, purpose, self.cursors) if plan.listed else ()
        request = ReadRequest(keys, arguments.values, deadline, today, origins, filters)
        try:
            await operation.check_acting(principal, today, deadline, origins)
            found = await self._read(asked, facts, request)
        except (RequestError, TimeoutError) as refused:
            raise await self._gate_refusal(asked, facts, keys, refused) from None
        failures: list[FieldFailure] = []
        body = self._release(asked, found.tables, failures)
        codes = tuple(dict.fromkeys([code_of(each).name for each in failures])) if failures else ()
        await self._disclose(asked, facts, keys, "partial" if codes else "ok", found.taken)
        if silence is not None:
            await silence.grid.wait(started)
        return Answer(body, nodes, codes)

    async def _read(self, asked: _Asked, facts: RequestFacts, request: ReadRequest) -> AuthorisedTables:
        """Return a table a slot, and what may be told of a borrower: RequestError where nothing may."""
        variant, day = asked.variant, request.day
        await look_up_documents(variant, asked.arguments, request, day)
        lookup = look_up_borrowers(variant, facts, request.keys, request.origin)
        tables = await read(variant.plan.reading, variant.loaders, request, self.subjects.admit_for(facts))
        if lookup is None:
            return AuthorisedTables(tables)
        return await hold_to_authorisations(self.authorisations, lookup, facts, day, variant.plan, tables)

    def _count_subjects(
        self, asked: _Asked, facts: RequestFacts, keys: Sequence[Sequence[Key]]
    ) -> Silence | None:
        """Check the bounds on subjects, and return what delays the answer if its time could tell what it does not say."""
        keys = with_documents(asked.variant.plan.documents, asked.arguments, keys)
        if facts.case_number is not None and self.bounds is not None:
            self.bounds.check(asked.operation.terms.case, asked.variant, facts, keys)
        if self.silence is None or asked.operation.is_own:
            return None
        if not asked.variant.plan.standing_slots:
            return self.silence if self.silence.of_records and asked.variant.plan.withholds_records else None
        self.silence.check(facts.client, keys)
        return self.silence

    async def _gate_refusal(
        self,
        asked: _Asked,
        facts: RequestFacts,
        keys: Sequence[Sequence[Key]],
        refused: RequestError | TimeoutError,
    ) -> RequestError:
        """Disclose the attempt, and return the error of a subject gate that refused or did not answer in time."""
        error = refused if isinstance(refused, RequestError) else RequestError(AUTHORIZATION_UNAVAILABLE)
        await self._disclose(asked, facts, keys, error.code.name)
        return error

    def _checked(self, asked: _Asked) -> int:
        """Check subjects and nodes against the limits and return the most nodes of the answer."""
        plan, arguments = asked.variant.plan, asked.arguments
        most = min(self.most_subjects, asked.operation.terms.subjects)
        subjects, nodes = plan.size(arguments)
        if subjects > most:
            raise RequestError(TOO_MANY_SUBJECTS, f"At most {most} are read.")
        if nodes > self.most_nodes:
            raise RequestError(TOO_MANY_NODES, f"{nodes} are possible and {self.most_nodes} allowed.")
        codes = plan.named(ENTERPRISE, arguments) if ENTERPRISE in plan.reading.subjects else ()
        if wrong := count_wrong_check_signs(codes):  # such codes were issued, so they are read
            name, purpose = asked.operation.name, asked.operation.terms.purpose
            self.hooks.emit(CheckSignsWrong(name, purpose, asked.principal.client, wrong))
        return nodes

    def _release(self, asked: _Asked, tables: Sequence[Table], failures: list[FieldFailure]) -> bytes:
        """Return the encoded answer, and add to `failures` what is missing in it."""
        variant, arguments = asked.variant, asked.arguments
        plan = variant.plan
        if plan.statistics:
            tables = released(plan.statistics, tables)
        if plan.standing_slots:
            tables = silence_broken(plan.standing_slots, tables)
        metas = self._metas(asked) if plan.schema_fields else _NONE
        warnings = identifier_warnings(plan.roots, arguments, plan.documents) if self.warns else []
        rows = None if variant.project is None else plan.rows_to_project(tables, arguments)
        if variant.project is not None and rows is not None:
            data = variant.project(rows, arguments.values, metas, asked.circumstances)
        else:
            walk = AnswerWalk(plan, tables, arguments, metas, asked.circumstances, failures)
            data = walk.data()
            warnings += map(cut_warning, walk.cuts)
        if failures or warnings:
            return encode_with_errors(asked.operation.grant, data, failures, warnings)
        return orjson.dumps({"data": data})

    def _metas(self, asked: _Asked) -> Mapping[str, Any]:
        operation, variant = asked.operation, asked.variant
        given = (operation.document, variant.plan.schema_fields, variant.conditions, asked.sent)
        seen = partial(operation.seen, asked.principal.purposes)
        return self.schema_answers.answer(*given, seen, operation.open_index)

    async def _disclose(
        self, asked: _Asked, facts: RequestFacts, keys: _Named, outcome: str, taken: Taken = _NONE
    ) -> None:
        """Hand on what is disclosed; where that cannot be kept, nothing may be released."""
        if self.subjects.evidence is None:
            return
        subjects = subjects_by_type(asked.variant.plan.reading.subjects, keys)
        fields = asked.variant.disclosed(asked.arguments, taken)
        released = fields.released if outcome in ("ok", "partial") else ()
        disclosure = AnswerDisclosure(facts, subjects, released, fields.withheld, outcome)
        try:
            async with asyncio.timeout(DISCLOSURE_SECONDS):
                await self.subjects.evidence.record(disclosure)
        except Exception as fault:
            _log.error("evidence cannot be kept", exc_info=fault)
            raise RequestError(EVIDENCE_UNAVAILABLE) from None


def _keys_of(plan: MaskedPlan, arguments: Arguments) -> list[Sequence[Key]]:
    try:
        return plan.keys(arguments)
    except DuplicateSubject:
        raise RequestError(DUPLICATE_SUBJECT) from None


def _case_number(request: GraphQLRequest) -> str | None:
    """Return the case number where it has the form of one: a free document's was not checked before."""
    given = request.case_number
    return given if given is not None and is_case_number(given) else None

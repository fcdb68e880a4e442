"""Answers one request of a prepared operation: variables, limits, reads, release."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from gateway.authorization.purposes import is_own
from gateway.errors import (
    DUPLICATE_SUBJECT,
    SUBJECT_NOT_SELF,
    TOO_MANY_NODES,
    TOO_MANY_SUBJECTS,
    VARIABLE_INVALID,
    RequestError,
)
from gateway.operations.city_time import city_date
from gateway.operations.variables import coerced
from gateway.pipeline.introspection import SchemaAnswers
from gateway.pipeline.prepare import Operation, Variant
from gateway.principal import Principal
from gateway.release.cursors import Cursors
from gateway.release.field_errors import code_of, formatted
from gateway.release.identifier_warnings import identifier_warnings
from gateway.release.list_choosers import choosers_of
from gateway.release.statistic_release import released
from observability.events import Origin
from resolvers.eligibility.facts import Circumstances
from resolvers.fetch.levels import read
from resolvers.fetch.reading import Table
from resolvers.plan.arguments import Arguments
from resolvers.plan.masked_plan import DuplicateSubject
from resolvers.plan.nodes.standing_root import silenced
from resolvers.plan.project_with_errors import AnswerWalk, FieldFailure

MOST_ERRORS: Final = 2_000
"""Errors beside one answer; how many more there are stands in its extensions."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What leaves: the encoded answer, and what may be told about it."""

    body: bytes
    nodes: int
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers requests within the gateway's own limits."""

    schema_answers: SchemaAnswers
    most_nodes: int
    most_subjects: int
    warns: bool = False
    """Whether what looks odd about an identifier is said beside the data."""
    clock: Callable[[], float] = time.time
    """Seconds of the Unix clock: it tells the city's day, on which ages, terms and records are looked at."""
    cursors: Cursors = field(default_factory=Cursors)

    async def answer(
        self,
        operation: Operation,
        given: Mapping[str, Any],
        principal: Principal,
        deadline: float,
        origin: Origin | None = None,
    ) -> Answer:
        """Return the answer; RequestError where nothing may be read at all."""
        sent = _with_bound(operation, given, principal)
        values = coerced(operation.variables, sent)
        variant = operation.variant(values)
        plan = variant.plan
        arguments = plan.evaluation.of(values)
        nodes = self._checked(operation, variant, arguments)
        try:
            keys = plan.keys(arguments)
        except DuplicateSubject:
            raise RequestError(DUPLICATE_SUBJECT) from None
        asked = self._circumstances(operation, principal)
        choosers = choosers_of(plan, arguments, operation.purpose, self.cursors)
        tables = await read(plan.reading, variant.loaders, keys, arguments.values, deadline, origin, choosers)
        if plan.statistics:
            tables = released(plan.statistics, tables)
        if plan.standing_slots:
            tables = silenced(plan.standing_slots, tables)
        metas = self._metas(operation, variant, sent, principal)
        warnings = identifier_warnings(plan.roots, arguments) if self.warns else []
        failures: list[FieldFailure] = []
        data = _data(variant, tables, arguments, metas, asked, failures)
        return Answer(_encoded(operation, data, failures, warnings), nodes, _codes(failures))

    def _circumstances(self, operation: Operation, principal: Principal) -> Circumstances:
        own = is_own(operation.purpose)
        return Circumstances(city_date(self.clock()), None if own else principal.client)

    def _metas(
        self, operation: Operation, variant: Variant, sent: Mapping[str, Any], principal: Principal
    ) -> Mapping[str, Any]:
        if not variant.plan.schema_fields:
            return {}
        return self.schema_answers.answer(
            operation.document,
            variant.plan.schema_fields,
            variant.conditions,
            sent,
            lambda: operation.seen(principal.purposes),
        )

    def _checked(self, operation: Operation, variant: Variant, arguments: Arguments) -> int:
        """Check subjects and nodes against the limits and return the most nodes of the answer."""
        most = min(self.most_subjects, operation.subjects)
        if variant.plan.subjects(arguments) > most:
            raise RequestError(TOO_MANY_SUBJECTS, f"At most {most} are read.")
        nodes = variant.plan.most_nodes(arguments)
        if nodes > self.most_nodes:
            raise RequestError(TOO_MANY_NODES, f"{nodes} are possible and {self.most_nodes} allowed.")
        return nodes


def _with_bound(operation: Operation, given: Mapping[str, Any], principal: Principal) -> Mapping[str, Any]:
    if not operation.bound:
        return given
    for name in operation.bound:
        if name in given:
            raise RequestError(VARIABLE_INVALID, f"${name} is taken from the token and cannot be sent.")
    if principal.subject is None:
        raise RequestError(SUBJECT_NOT_SELF)
    return {**given, **dict.fromkeys(operation.bound, principal.subject)}


def _data(
    variant: Variant,
    tables: Sequence[Table],
    arguments: Arguments,
    metas: Mapping[str, Any],
    asked: Circumstances,
    failures: list[FieldFailure],
) -> dict[str, Any]:
    """Return the answer's data, and add to `failures` what is missing in it."""
    if variant.project is not None and _clean(tables, arguments):
        return variant.project([table.rows for table in tables], arguments.values, metas, asked)
    return AnswerWalk(variant.plan, tables, arguments, metas, asked, failures).data()


def _encoded(operation: Operation, data: Any, failures: Sequence[FieldFailure], warnings: Any) -> bytes:
    result: dict[str, Any] = {"data": data}
    if failures:
        errors = [formatted(failure, operation.grant) for failure in failures[:MOST_ERRORS]]
        result = {"errors": errors, "data": data}
    extensions: dict[str, Any] = {"warnings": warnings} if warnings else {}
    if len(failures) > MOST_ERRORS:
        extensions["errorsLeftOut"] = len(failures) - MOST_ERRORS
    if extensions:
        result["extensions"] = extensions
    return orjson.dumps(result)


def _clean(tables: Sequence[Table], arguments: Arguments) -> bool:
    return not arguments.invalid and all(table.clean for table in tables)


def _codes(failures: Sequence[FieldFailure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code_of(failure).name for failure in failures))

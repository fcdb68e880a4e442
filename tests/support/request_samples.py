"""Requests as they may come: every registered operation and free documents, with the variables drawn."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
    type_from_ast,
)
from hypothesis import strategies as st

from adapters.source import Key
from catalogue.classification import Use
from gateway.authorization.clients import Client, load_clients
from gateway.operations.document import Document, read_document
from gateway.operations.register import Registration, load_register
from gateway.pipeline.lookup import prepare_registered
from gateway.pipeline.prepare import Operation, Preparer, Terms
from gateway.settings import ROOT, LimitSettings
from resolvers.graph.graph import Graph
from tests.support.allowed_fields import Allowed
from tests.support.documents import Asked, asked
from tests.support.gateway_in_memory import WIDE, graph, policy, whole_schema
from tests.support.observed_request import Request
from tests.support.small_city import ENTERPRISES, PERSONS
from tests.support.tested_city import TESTED_CITY

SEEDS: Final = st.integers(0, 2**24 - 1)
"""From which the rows of both cities are drawn: a row each from Hypothesis would take its time.

Of a wider range Hypothesis draws small numbers most of the time, and so the same few cities.
"""
DEVELOPER: Final = "developer"
SCALARS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "PersonNumber": st.sampled_from(PERSONS),
    "CreditCode": st.sampled_from(ENTERPRISES),
    "Boolean": st.booleans(),
    "Count": st.integers(1, 5),
    "Int": st.sampled_from((2024, 2025, 1999)),
}
MOST_NAMED: Final = 5
MOST_WIDE: Final = 20


@cache
def clients() -> dict[str, Client]:
    """Return the clients of this installation."""
    return load_clients(ROOT / "policies", policy().purposes, policy().kinds, TESTED_CITY)


@cache
def register() -> dict[str, Registration]:
    """Return the registered operations of this installation."""
    return load_register(ROOT / "operations", policy().purposes, clients(), TESTED_CITY)


CASES: Final = tuple(
    (name, kind)
    for name, each in register().items()
    for kind in sorted({clients()[client].kind for client in each.clients})
)
"""Every registered operation with each of its kinds of caller."""


def redrawn_datasets() -> st.SearchStrategy[frozenset[str]]:
    """Draw in which datasets two cities differ, mostly in all; a failure shrinks to the one that tells."""
    names = sorted(graph().sources)
    return st.one_of(*[st.frozensets(st.sampled_from(names))], *[st.just(frozenset(names))] * 3)


@st.composite
def registered(draw: st.DrawFn, name: str, kind: str) -> Request:
    """Draw a request of a registered operation by a kind of caller."""
    registration = register()[name]
    client = next(each for each in sorted(registration.clients) if clients()[each].kind == kind)

    def prepare(preparer: Preparer) -> Operation:
        return prepare_registered(preparer, registration, clients(), LimitSettings())[kind]

    return Request(
        document=registration.document,
        kind=kind,
        purpose=registration.purpose,
        prepare=prepare,
        variables=draw(variables(graph().schema, registration)),
        client=client,
        subject=draw(st.sampled_from(PERSONS)) if registration.bind else None,
        enterprise=draw(st.sampled_from(ENTERPRISES)) if "enterprise" in registration.bind.values() else None,
        bound=registration.bind,
    )


@st.composite
def variables(draw: st.DrawFn, schema: GraphQLSchema, registration: Registration) -> dict[str, Any]:
    """Draw the variables that a caller sends; those with a default are left out now and then."""
    (operation, *_) = parse(registration.document).definitions
    assert isinstance(operation, OperationDefinitionNode)
    found: dict[str, Any] = {}
    for each in operation.variable_definitions or ():
        name = each.variable.name.value
        left_out = each.default_value is not None and draw(st.booleans())
        if name not in registration.bind and not left_out:
            type_: Any = type_from_ast(schema, each.type)
            found[name] = draw(values(type_, min(registration.subjects, MOST_NAMED)))
    return found


def values(type_: Any, most: int) -> st.SearchStrategy[Any]:
    """Draw a value of an input type; a list holds up to `most` different ones."""
    if isinstance(type_, GraphQLNonNull):
        return values(type_.of_type, most)
    if isinstance(type_, GraphQLList):
        return st.lists(values(type_.of_type, most), min_size=1, max_size=most, unique_by=repr)
    if isinstance(type_, GraphQLEnumType):
        return st.sampled_from(sorted(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        return st.one_of(
            *[st.fixed_dictionaries({name: values(each.type, most)}) for name, each in type_.fields.items()]
        )
    return SCALARS[type_.name]


@cache
def held_purposes() -> tuple[tuple[str, str], ...]:
    """Return every purpose with each kind of caller that may hold it."""
    leaves = policy().purposes.leaves
    return tuple((kind, name) for name, leaf in leaves.items() for kind in sorted(leaf.holders))


@cache
def wide_purposes() -> tuple[tuple[str, str], ...]:
    """Return those of them that read most fields."""

    def fields(held: tuple[str, str]) -> int:
        allowed = Allowed(policy(), *held)
        return sum(allowed.may(each, Use.READ, "asked") for each in policy().fields)

    return tuple(sorted(held_purposes(), key=fields, reverse=True)[:MOST_WIDE])


@st.composite
def free(draw: st.DrawFn) -> Request:
    """Draw a free document under a purpose of the explorer."""
    document: Asked = draw(asked(graph().schema))
    kind, purpose = draw(st.one_of(st.sampled_from(wide_purposes()), st.sampled_from(held_purposes())))
    return free_request(document.text, kind, purpose, document.variables)


def _document(text: str, planned_over: Graph) -> Document:
    """Return a document planned over a graph; over the installation's own it is planned once."""
    return _honest(text) if planned_over is graph() else _read(text, planned_over)


@cache
def _honest(text: str) -> Document:
    return _read(text, graph())


def _read(text: str, planned_over: Graph) -> Document:
    return read_document(planned_over, text, None, WIDE, introspection=True)


def free_request(text: str, kind: str, purpose: str, given: Any, subject: Key | None = None) -> Request:
    """Return a request of a free document by a kind of caller for a purpose."""

    def prepare(preparer: Preparer) -> Operation:
        operation = preparer.prepare(
            "explorer",
            _document(text, preparer.graph),
            Terms(kind, purpose, WIDE.subjects, plays_subject=True),
        )
        operation.seen = lambda _: whole_schema()
        return operation

    return Request(text, kind, purpose, prepare, given, DEVELOPER, subject)

"""Long work about a document of one caller leaves the event loop to the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import TypeVar

from gateway.pipeline.lookup import FreeDocuments
from gateway.pipeline.prepare import Operation, Preparer
from gateway.principal import GraphQLRequest, Principal
from gateway.settings import LimitSettings
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from tests.support.admissions import CLIENTS
from tests.support.breakable_gateway import breakable_policy
from tests.support.gateway_in_memory import graph
from tests.support.small_city import small_city

T = TypeVar("T")
OFFICERS = (
    f"query Q($id: CreditCode!) {{ enterprise(id: $id) {{ {'officers { person { name } } ' * 270} }} }}"
)
DENIED = """query Q($id: PersonNumber!) { person(id: $id) {
  scores { score band programme enrolledOn assessedOn } taxArrears { tax amountFen since clearedOn }
  judgmentDefaults { caseNumber court conduct performance listedOn expiresOn } birthDate identityNumber
  closedEnforcements { caseNumber court closedOn unperformedFen } transportViolations { violation fineFen decidedOn }
} }"""
HALL = Principal("approval-hall", "d", "411500", frozenset({"supervision.inspection"}), None, 0.0)
LIBRARY = Principal("library", "d", "411500", frozenset({"reward.reading"}), None, 0.0)


def documents() -> FreeDocuments:
    """Return the free documents of an explorer that has decided nothing yet."""
    hooks = Hooks()
    preparer = Preparer(graph(), breakable_policy(), Loaders(small_city().sources(), hooks), hooks)
    return FreeDocuments(preparer, CLIENTS, LimitSettings())


def asking(text: str) -> GraphQLRequest:
    """Return a request with a document."""
    return GraphQLRequest(document_id=None, document=text, operation_name=None, variables={})


async def beats_during(work: Awaitable[T]) -> tuple[int, T]:
    """Return how often another task ran on the loop while the work was done, and its result."""
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0)

    heart = asyncio.create_task(beat())
    try:
        result = await work
    finally:
        heart.cancel()
    return beats, result


async def test_reading_a_document_with_many_equal_fields_leaves_the_loop_free():
    """A document whose validation compares each pair of its fields is read while others are answered."""
    for work in (documents().explain, documents().find_in_steps):
        beats, _ = await beats_during(work(asking(OFFICERS), HALL, None))
        assert beats > 100


async def test_a_first_document_with_denied_fields_is_decided_in_steps():
    """The decisions about a new document and the alternatives of its denials are made with a pause after each."""
    free = documents()
    await beats_during(free.find_in_steps(asking("{ __typename }"), LIBRARY, None))
    beats, operation = await beats_during(free.find_in_steps(asking(DENIED), LIBRARY, None))
    assert isinstance(operation, Operation)
    denials = list(operation.grant.refusals())
    assert len(denials) >= 30
    assert beats > 2 * len(denials)


async def test_an_explanation_is_made_in_steps():
    """An explanation pauses after each use that it explains."""
    beats, explanation = await beats_during(documents().explain(asking(DENIED), LIBRARY, None))
    assert len(explanation.denied) >= 30
    assert beats > 2 * len(explanation.lines)


async def test_a_schema_is_made_in_steps():
    """The schema of a caller is made while others are answered, for the page and for introspection."""
    beats, view = await beats_during(documents().view_in_steps(HALL, None))
    assert view is not None
    assert beats > len(breakable_policy().fields)
    beats, _ = await beats_during(
        documents().find_in_steps(asking("{ __schema { types { name } } }"), HALL, None)
    )
    assert beats > len(breakable_policy().fields)


async def test_a_schema_is_made_in_steps_for_other_purposes_too():
    """A known question for the schema, asked with a token of other purposes, leaves the loop free while its schema is made."""
    free, question = documents(), asking("{ __schema { types { name } } }")
    await free.find_in_steps(question, HALL, "supervision.inspection")
    wider = replace(HALL, purposes=HALL.purposes | {"approval.admission"})
    beats, _ = await beats_during(free.find_in_steps(question, wider, "supervision.inspection"))
    assert beats > len(breakable_policy().fields)


async def test_a_known_document_is_found_at_once():
    """The second request of a document does none of the work again."""
    free = documents()
    await free.find_in_steps(asking(DENIED), LIBRARY, None)
    beats, operation = await beats_during(free.find_in_steps(asking(DENIED), LIBRARY, None))
    assert beats == 0
    assert operation is free.find(asking(DENIED), LIBRARY, None)

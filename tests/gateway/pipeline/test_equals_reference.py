"""The gateway answers what graphql-core's own executor answers over the same rows."""

from __future__ import annotations

import asyncio
from collections import Counter

import orjson
from graphql import build_schema
from hypothesis import assume, event, given
from hypothesis import strategies as st

from gateway.operations.variables import coerce_variables
from gateway.pipeline.document_lookup import look_up_documents
from gateway.pipeline.prepare import Operation
from gateway.release.list_choosers import choosers_of
from gateway.release.statistic_release import released
from resolvers.eligibility.facts import Circumstances
from resolvers.fetch.levels import ReadRequest, Subjects, read
from resolvers.graph.fields import catalogue_entries
from resolvers.plan.projection import AnswerWalk
from tests.support.documents import Asked, asked
from tests.support.effort import examples, few
from tests.support.gateway_in_memory import (
    CURSORS,
    EVERYTHING,
    TODAY,
    InMemory,
    errors_of,
    graph,
    policy,
    principal,
)
from tests.support.reference_executor import Expected, World, expected
from tests.support.small_city import ENTERPRISES, PERSONS, YEARS, small_city

CITY = small_city(13)
"""A city where many a one-sided answer is TRUE."""
REFERENCE = build_schema(graph().composed.sdl)
CATALOGUE = catalogue_entries(graph())
DOCUMENTS = asked(graph().schema)
PURPOSES = (*policy().purposes.leaves, "nobody.declared.this")
BUREAUS = sorted(CITY.sources())
DOWN = st.frozensets(st.sampled_from(BUREAUS), max_size=2)
BROKEN = st.frozensets(
    st.tuples(st.sampled_from(sorted(CITY.tables)), st.sampled_from(PERSONS + ENTERPRISES + YEARS)),
    max_size=40,
)


def reference(document: Asked, world: World) -> Expected:
    """Execute a document, which is valid: the gateway has taken it."""
    return expected(REFERENCE, world, document.text, document.variables)


def grantee_of(purpose: str) -> str | None:
    """Whose consents count beside those for everybody: the client's, or all where the subject itself asks."""
    return None if purpose.startswith("subject.") else principal().client


def agree(answered: bytes, wanted: Expected) -> None:
    """Compare values, nulls, the order of keys and items, and the errors with their paths in order."""
    answer = orjson.loads(answered)
    assert orjson.dumps(answer["data"]) == wanted.data
    codes = [
        (path, code if wanted_code is not None else None)
        for (path, code), (_, wanted_code) in zip(errors_of(answer), wanted.errors, strict=False)
    ]
    assert len(answer.get("errors", ())) == len(wanted.errors)
    assert codes == wanted.errors


def values_in(data: object) -> int:
    """Count objects, lists and leaves."""
    if isinstance(data, dict):
        return 1 + sum(map(values_in, data.values()))
    return 1 + sum(map(values_in, data)) if isinstance(data, list) else 1


@examples(150)
@given(document=DOCUMENTS)
async def test_the_answer_is_the_reference_executors_where_all_is_allowed(document: Asked):
    """Under the purpose that covers everything, data and errors are those of graphql-core's executor."""
    gateway = InMemory(CITY.sources())
    answer = await gateway.answer(gateway.prepared(document.text), document.variables)
    wanted = reference(document, World(CITY, CATALOGUE))
    agree(answer.body, wanted)
    event(f"errors: {bool(wanted.errors)}, bytes: {len(wanted.data) // 500 * 500}")


@examples(120)
@given(document=DOCUMENTS, purpose=st.sampled_from(PURPOSES))
async def test_the_answer_is_the_reference_executors_under_denials(document: Asked, purpose: str):
    """Under any purpose a denied field is null with an error in its place, and all else is as it was."""
    gateway = InMemory(CITY.sources())
    operation = gateway.prepared(document.text, purpose)
    answer = await gateway.answer(operation, document.variables)
    world = World(CITY, CATALOGUE, operation.grant.denied, grantee=grantee_of(purpose), purpose=purpose)
    agree(answer.body, reference(document, world))


@examples(120)
@given(document=DOCUMENTS, purpose=st.sampled_from((EVERYTHING, *PURPOSES)), down=DOWN, broken=BROKEN)
async def test_the_answer_is_the_reference_executors_where_bureaus_fail(
    document: Asked, purpose: str, down: frozenset[str], broken: frozenset[tuple[str, str]]
):
    """A bureau that is down and a key that is broken fail their fields where the reference fails them."""
    gateway = InMemory(CITY.sources(down, broken))
    operation = gateway.prepared(document.text, purpose)
    answer = await gateway.answer(operation, document.variables)
    world = World(CITY, CATALOGUE, operation.grant.denied, down, broken, grantee_of(purpose), purpose)
    agree(answer.body, reference(document, world))


async def everybody(subjects: Subjects) -> Subjects:
    """Admit all subjects."""
    return subjects


async def both_ways(
    operation: Operation, gateway: InMemory, document: Asked
) -> tuple[object, object, object]:
    """Return the answer by the compiled projection, by the careful walk, and the most nodes by the plan."""
    values = coerce_variables(operation.variables, document.variables)
    variant = operation.variant(values)
    plan = variant.plan
    arguments = plan.evaluation.of(values)
    assume(variant.project is not None and not plan.schema_fields)
    assume(not arguments.invalid)
    keys = plan.keys(arguments)
    deadline = asyncio.get_running_loop().time() + 60
    filters = choosers_of(plan, arguments, EVERYTHING, CURSORS)
    request = ReadRequest(keys, arguments.values, deadline, TODAY, filters=filters)
    await look_up_documents(variant, arguments, request, TODAY)
    tables = await read(plan.reading, variant.loaders, request, everybody)
    tables = released(plan.statistics, tables)
    assume(not any(table.failure or table.broken for table in tables))
    asked = Circumstances(TODAY)
    walk = AnswerWalk(plan, tables, arguments, {}, asked)
    projected = variant.project([table.rows for table in tables], arguments.values, {}, asked)
    careful = walk.data()
    assert walk.failures == []
    return projected, careful, plan.size(arguments)[1]


@examples(80)
@given(document=DOCUMENTS)
async def test_the_projection_is_the_walk_on_clean_data(document: Asked):
    """The compiled projection and the walk give the same answer, and the budget is never below its size."""
    gateway = InMemory(CITY.sources())
    projected, careful, most = await both_ways(gateway.prepared(document.text), gateway, document)
    assert orjson.dumps(projected) == orjson.dumps(careful)
    assert sum(map(values_in, projected.values())) <= most


def test_generated_operations_reach_the_data():
    """The properties above are about answers with data in them: references, unions, nulls and errors."""
    met: Counter[str] = Counter()

    @few(34)
    @given(document=DOCUMENTS)
    def look(document: Asked) -> None:
        wanted = reference(document, World(CITY, CATALOGUE, broken={("registry.person", PERSONS[4])}))
        text = document.text
        met["documents"] += 1
        met["much data"] += len(wanted.data) > 200
        met["list in list"] += b"[{" in wanted.data.partition(b"[{")[2]
        met["errors"] += bool(wanted.errors)
        met["nulls"] += b"null" in wanted.data
        met["variables"] += bool(document.variables)
        met["defaults used"] += text.count(" = ") > 0
        met["conditions"] += "@include" in text or "@skip" in text
        met["spreads"] += "fragment F" in text
        met["unions"] += "... on TaxArrears" in text or "... on JudgmentDefault" in text
        met["interfaces"] += "... on Person" in text or "on CreditSubject" in text
        met["one-sided"] += b'"TRUE"' in wanted.data
        met["filters"] += "where: " in text
        met["orders"] += "orderBy: " in text
        met["cursors"] += " cursor" in text
        met["continued"] += "after: " in text
        met["tables"] += "ByCo" in text and b"[{" in wanted.data
        met["references"] += "person {" in text or "enterprise {" in text

    look()
    assert met["documents"] >= 33
    rare = {name: count for name, count in met.items() if count < met["documents"] // 20}
    assert not rare, met
    assert met["much data"] > met["documents"] // 3

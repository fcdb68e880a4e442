"""The property of noninterference can fail: leaks of every kind, planted one by one, are found by it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bureau_errors import ContractBroken
from adapters.source import Batch, Key, Query
from catalogue.declarations import Dataset
from gateway.pipeline.prepare import Operation, Variant
from resolvers.fetch.reading import Fetch, Gather, Level, Reading
from resolvers.graph.graph import Graph
from tests.support.effort import few
from tests.support.gateway_in_memory import graph, permissive
from tests.support.observed_request import Installation, Interference, Request, Town
from tests.support.request_samples import SEEDS, free_request, registered
from tests.support.small_city import BY_ENTERPRISE, ENTERPRISES, PERSONS

LATEST = "tax.latest_taxpayer_grade"
COUNTED = "tax.enterprises_by_county_and_grade"
HONEST = Installation()
SUPERVISOR = ("organ", "supervision.inspection")


@dataclass(frozen=True, slots=True)
class Leak:
    """Something wrong, and requests by which it shows."""

    name: str
    requests: st.SearchStrategy[Request]
    installation: Installation = HONEST
    planted: Callable[[Request], Request] = field(default=lambda request: request)


def asking(text: str, **variables: Any) -> st.SearchStrategy[Request]:
    """Ask a free document as a supervisor, of a person and of an enterprise."""
    given = {"person": st.sampled_from(PERSONS), "enterprise": st.sampled_from(ENTERPRISES)}
    declared = {"person": "$person: PersonNumber!", "enterprise": "$enterprise: CreditCode!"}
    used = {name: each for name, each in given.items() if f"${name}" in text}
    document = f"query Q({', '.join(declared[name] for name in used)}) {text}"
    return st.fixed_dictionaries(used).map(lambda sent: free_request(document, *SUPERVISOR, sent | variables))


def with_dataset(name: str, **changes: Any) -> Graph:
    """Return the graph with something else declared of a dataset; composition would refuse some of it."""
    source = graph().sources[name]
    dataset: Dataset = replace(source.dataset, **changes)
    return replace(graph(), sources={**graph().sources, name: replace(source, dataset=dataset)})


def with_columns(type_name: str, renamed: Mapping[str, str]) -> Graph:
    """Return the graph with fields of an entity answered by other columns."""
    found = {**graph().renamed[type_name], **renamed}
    return replace(graph(), renamed={**graph().renamed, type_name: found})


def planned(vary: Callable[[Variant], Variant]) -> Callable[[Operation], Operation]:
    """Return what varies the plans of an operation."""

    def varied(operation: Operation) -> Operation:
        compiled = operation.compile
        operation.compile = lambda conditions: vary(compiled(conditions))
        return operation

    return varied


def read_so(vary: Callable[[Reading], Reading]) -> Callable[[Operation], Operation]:
    """Return what varies the reading of an operation."""
    return planned(
        lambda variant: replace(variant, plan=replace(variant.plan, reading=vary(variant.plan.reading)))
    )


def unbounded(reading: Reading) -> Reading:
    """Follow every record of a list, as if `first` said only how many are shown."""
    levels = [
        Level(tuple(replace(each, first=None) for each in level.gathers), level.fetches)
        for level in reading.levels
    ]
    return replace(reading, levels=tuple(levels))


def of_known_persons(reading: Reading) -> Reading:
    """Ask for consents after the registry has answered, of those alone whom it knows."""
    (level,) = reading.levels
    (person,) = (each for each in level.fetches if each.query.dataset.name == "person")
    (consent,) = (each for each in level.fetches if each.query.dataset.name == "consent")
    at = reading.positions
    gather = Gather(at, person.positions[0], person.slot, 0, many=False, first=None)
    later = Level((gather,), (Fetch(consent.slot, consent.query, (at,)),))
    first = Level((), tuple(each for each in level.fetches if each is not consent))
    return replace(reading, levels=(first, later), positions=at + 1, subjects=(*reading.subjects, "Person"))


def bound_to_the_subject(variant: Variant) -> Variant:
    """Seal the identifier of a subject into the cursors of its list, however the subject was reached."""
    listed = {number: replace(each, named=True) for number, each in variant.plan.listed.items()}
    return replace(variant, plan=replace(variant.plan, listed=listed))


def without(part: str) -> Callable[[Request], Request]:
    """Return what prepares a document as if a part of it were not there."""

    def planted(request: Request) -> Request:
        text = request.document.replace(part, "")
        assert text != request.document
        other = free_request(text, request.kind, request.purpose, request.variables)
        return replace(request, prepare=other.prepare)

    return planted


def as_many_as_hidden(town: Town, query: Query, keys: Sequence[Key]) -> Batch:
    """Answer no more arrears of anybody than there are honours, which the operation does not ask for."""
    found = town.city.read(query, keys)
    if query.dataset.name != "tax_arrears":
        return found
    honours = {key: len(town.city.held("credit_office.honour", key).rows) for key in keys}
    return Batch({key: rows[: honours[key]] for key, rows in found.rows.items()}, found.broken)


def failing_by_one_key(town: Town, query: Query, keys: Sequence[Key]) -> Batch:
    """Fail as a whole where the records of one subject break their contract."""
    found = town.city.read(query, keys)
    if found.broken:
        raise ContractBroken(query.bureau, query.dataset.name, rows=1)
    return found


def asked_twice(town: Town, query: Query, keys: Sequence[Key]) -> Batch:
    """Have a bureau asked once more where somebody has a score."""
    if any(town.city.held("credit_office.score", key).rows for key in keys):
        town.calls.append(town.calls[-1])
    return town.city.read(query, keys)


LEAKS = (
    Leak(
        "ties in a list are broken by an identity number",
        registered("auditor", "auditor"),
        Installation(with_dataset(BY_ENTERPRISE, order=("-since", "person_number", "role"))),
    ),
    Leak(
        "the records of a list are chosen by an identity number",
        asking("{ enterprise(id: $enterprise) { officers(first: 1) { role } } }"),
        Installation(with_dataset(BY_ENTERPRISE, order=("person_number",))),
    ),
    Leak(
        "an older grade that nobody asks for breaks the contract",
        registered("approval-hall", "organ"),
        Installation(with_dataset(LATEST, latest=False)),
    ),
    Leak(
        "a grade is taken that is not the latest",
        registered("inspection", "organ"),
        Installation(with_dataset(LATEST, order=("assessed_on",))),
    ),
    Leak(
        "a field is answered by a column that the caller may not read",
        asking("{ person(id: $person) { region } }"),
        Installation(with_columns("Person", {"region": "birth_date"})),
    ),
    Leak(
        "a denied field is answered",
        asking("{ person(id: $person) { name scores { score } } }"),
        Installation(policy=permissive()),
    ),
    Leak(
        "more records are shown than were asked for",
        asking("{ enterprise(id: $enterprise) { taxArrears(first: 1) { tax } } }"),
        planted=without("(first: 1)"),
    ),
    Leak(
        "records are shown that a filter leaves out",
        asking("{ enterprise(id: $enterprise) { taxArrears(where: { tax: { eq: LAND_USE } }) { since } } }"),
        planted=without("(where: { tax: { eq: LAND_USE } })"),
    ),
    Leak(
        "officers are read who are not shown",
        asking("{ enterprise(id: $enterprise) { officers(first: 1) { person { name } } } }"),
        Installation(vary=read_so(unbounded)),
    ),
    Leak(
        "consents are read of those alone whom the registry knows",
        registered("library", "scene_operator"),
        Installation(vary=read_so(of_known_persons)),
    ),
    Leak(
        "a broken record of somebody is an error beside a one-sided answer",
        registered("library", "scene_operator"),
        Installation(reads=failing_by_one_key),
    ),
    Leak(
        "a cursor is bound to whom it leads through",
        asking("{ enterprise(id: $enterprise) { officers { person { offices { cursor } } } } }"),
        Installation(vary=planned(bound_to_the_subject)),
    ),
    Leak(
        "small counts are released",
        registered("city-statistics", "statistics_office"),
        Installation(
            with_dataset(COUNTED, counting=replace(graph().sources[COUNTED].dataset.counting, minimum=3))
        ),
    ),
    Leak(
        "a list is cut by the number of hidden records",
        registered("inspection", "organ"),
        Installation(reads=as_many_as_hidden),
    ),
    Leak(
        "a bureau is asked once more where there is a hidden record",
        registered("court", "court"),
        Installation(reads=asked_twice),
    ),
)


def hunt(leak: Leak, installation: Installation, examples: int, *, planted: bool) -> None:
    """Look for a pair of cities that tells a leak; raise Interference with the first."""
    everything = frozenset(graph().sources)

    @few(examples)
    @given(request=leak.requests, seed=SEEDS)
    def look(request: Request, seed: int) -> None:
        asked = leak.planted(request) if planted else request
        runner.run(installation.check(seed, asked, everything))

    with asyncio.Runner() as runner:
        look()


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.name.replace(" ", "-"))
def test_a_planted_leak_is_found(leak: Leak):
    """A gateway or a bureau with a leak is told from one without it."""
    hunt(leak, HONEST, 10, planted=False)
    with pytest.raises(Interference):
        hunt(leak, leak.installation, 400, planted=True)

"""Nothing that does not stand is released under a duty: every state of every data set, for every holder of every purpose.

One request names a subject for each state, so that all states of a data set are tried at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import orjson
import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from adapters.source import Key
from catalogue.catalogue_item import SubjectKind
from gateway.authorization.policy import Policy
from gateway.pipeline.prepare import Operation, Preparer, Terms
from gateway.rights.authorisations import DATASET
from sandbox.expected.shown import sees_history
from tests.support.authorised import authorisation
from tests.support.drawn_cities import FOREIGNERS, STRANGERS, City, Held, drawn_row, rng_of
from tests.support.folders import copy_of_policies, read, write
from tests.support.gateway_in_memory import document_of, graph, policy
from tests.support.observed_request import Installation, Observed, Request, Town, honestly, observed
from tests.support.records_by_state import LIVES, OUT, one_record, states_of
from tests.support.shared_verdicts import sharing

STANDS = "EFFECTIVE"
PENALTIES = "transport.transport_violation"
"""The data set of which the law keeps some records out."""
CALLERS = tuple(
    (purpose, kind)
    for purpose, leaf in policy().purposes.leaves.items()
    for kind in sorted(leaf.holders)
    if not policy().kinds[kind].sandbox
)
"""Every purpose with each kind of caller that holds it, but for those of synthetic data."""
ROOTS = {"person": ("persons", "PersonNumber"), "enterprise": ("enterprises", "CreditCode")}
"""The field of the query for each kind of subject, and the type of its identifiers."""
LIVING = {"birth_date": date(1970, 1, 1), "deceased": False, "kind": "COMPANY", "status": "ACTIVE"}


@dataclass(frozen=True, slots=True)
class Tried:
    """A subject with its one record, in a state."""

    kind: str
    key: Key
    state: str


@cache
def tried(name: str) -> tuple[Tried, ...]:
    """Return for each kind of subject that a data set is about one subject for each state of its records."""
    field = LIVES[name].field
    assert field is not None
    states = (STANDS, *sorted(states_of(name) - {STANDS}))
    persons = (*states, OUT) if name == PENALTIES else states
    found: list[Tried] = []
    if SubjectKind.PERSON in field.subjects:
        found += [Tried("person", key, state) for key, state in zip(STRANGERS, persons, strict=False)]
    if SubjectKind.ENTERPRISE in field.subjects:
        found += [Tried("enterprise", key, state) for key, state in zip(FOREIGNERS, states, strict=False)]
    return tuple(found)


@cache
def document(name: str) -> str:
    """Return a document that asks each subject for everything that a data set has of it, in several ways.

    Persons and enterprises have a root each: a purpose that may not look for persons is asked about enterprises.
    """
    dataset = LIVES[name]
    assert dataset.field is not None
    shown = " ".join(selections(dataset.type_name))
    lists = f"{dataset.field.name} {{ {shown} }} first: {dataset.field.name}(first: 1) {{ __typename }}"
    kinds = {each.kind: ROOTS[each.kind] for each in tried(name)}
    asked = ", ".join(f"${root}: [{type_}!]!" for root, type_ in kinds.values())
    roots = (
        f"{root}(ids: ${root}) {{ {lists} adverseRecords {{ __typename }} }}" for root, _ in kinds.values()
    )
    return f"query Q({asked}) {{ {' '.join(roots)} }}"


def selections(type_name: str) -> Iterator[str]:
    """Yield the fields of a record; of whom it leads to, the name."""
    type_ = graph().schema.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    for name, field in type_.fields.items():
        yield name if is_leaf_type(get_named_type(field.type)) else f"{name} {{ name }}"


@cache
def registered(key: Key) -> Held:
    """Return the registration of an adult who lives, or of a company in business."""
    name = "registry.person" if key in STRANGERS else "registry.enterprise"
    row = drawn_row(rng_of(1, name, key), graph().sources[name].dataset, key)
    return Held([row | {column: value for column, value in LIVING.items() if column in row}])


def city_of(name: str, purpose: str, states: Sequence[str]) -> City:
    """Return a city in which subjects have a record of a data set if it is in one of the states, and nothing else."""
    held = {
        (name, each.key): one_record(name, each.key, each.state)
        for each in tried(name)
        if each.state in states
    }
    for each in tried(name):
        held["registry.person" if each.kind == "person" else "registry.enterprise", each.key] = registered(
            each.key
        )
        held[DATASET, each.key] = Held([authorisation(each.key, purpose=purpose)])
    return City(lambda of, key: held.get((of, key), Held()))


def request_of(name: str, purpose: str, kind: str) -> Request:
    """Return the request of a kind of caller for a purpose about everybody of a data set."""
    authorised = policy().purposes.leaves[purpose].authorisation

    def prepare(preparer: Preparer) -> Operation:
        terms = Terms(kind, purpose, 100, plays_subject=True, authorised=authorised)
        return preparer.prepare("test", document_of(document(name)), terms)

    named: dict[str, list[Key]] = {}
    for each in tried(name):
        named.setdefault(ROOTS[each.kind][0], []).append(each.key)
    return Request(document(name), kind, purpose, prepare, named, "bank")


async def answers(rules: Policy, name: str, purpose: str, kind: str) -> tuple[Observed, Observed]:
    """Answer over a city in which every state is, and over one in which only what stands is."""
    request = request_of(name, purpose, kind)
    every = {each.state for each in tried(name)}
    town = Town(city_of(name, purpose, tuple(every)), honestly)
    operation = Installation(policy=rules).prepared(town, request)
    found = await observed(town, operation, request)
    town.city, town.calls = city_of(name, purpose, (STANDS,)), []
    return found, await observed(town, operation, request)


def told(name: str, answer: Observed) -> set[str]:
    """Return the states of whose records an answer shows something."""
    data = orjson.loads(answer.body)["data"]
    found: set[str] = set()
    for kind, (root, _) in ROOTS.items():
        states = [each.state for each in tried(name) if each.kind == kind]
        subjects: list[dict[str, Any] | None] = data.get(root) or [None] * len(states)
        shown = zip(states, subjects, strict=True)
        found |= {state for state, subject in shown if subject and any(subject.values())}
    return found


@pytest.fixture(scope="module")
def permitted(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The ceilings alone: this installation's rules under a permit of everything to everybody."""
    copied = copy_of_policies(tmp_path_factory.mktemp("permitted"))
    write(copied, "permit(principal, action, resource);")
    return sharing(read(copied))


@pytest.fixture(params=["as they are", "whatever is permitted"])
def rules(request: pytest.FixtureRequest, permitted: Policy) -> Policy:
    """The rules of this installation, and its ceilings alone."""
    return permitted if request.param == "whatever is permitted" else policy()


@pytest.mark.parametrize("name", LIVES)
def test_each_state_has_a_subject(name: str):
    """No state of a data set is left out, and each subject has a record in its state."""
    kinds = {each.kind for each in tried(name)}
    for kind in kinds:
        wanted = states_of(name) | ({OUT} if name == PENALTIES and kind == "person" else set())
        assert {each.state for each in tried(name) if each.kind == kind} == wanted
    for each in tried(name):
        held = one_record(name, each.key, each.state)
        assert [row["state"] for row in held.rows] == ([] if each.state == OUT else [each.state])


@pytest.mark.rule("R18", "R20", "HN-13", "HN-19", "HN-20", "HN-37", "HN-42", "C10", "C16")
@pytest.mark.parametrize("name", LIVES)
async def test_what_does_not_stand_is_released_under_no_duty(rules: Policy, name: str):
    """For every holder of every purpose but those that the law gives history to, a record of any other state than the one
    that stands gives the bytes and the calls of no record.
    """
    shown: Counter[str] = Counter()
    for purpose, kind in CALLERS:
        if not sees_history(purpose):
            found, none = await answers(rules, name, purpose, kind)
            assert told(name, found) <= {STANDS}, (purpose, kind)
            assert found == none, (purpose, kind)
            shown.update(told(name, found))
    assert set(shown) == {STANDS}


@pytest.mark.parametrize("name", LIVES)
async def test_history_is_released_where_the_law_gives_it(name: str):
    """The subject, whoever settles its rights and a court in its case are shown every state that enters, among them all."""
    shown: set[str] = set()
    for purpose, kind in CALLERS:
        if sees_history(purpose):
            found, _ = await answers(policy(), name, purpose, kind)
            assert told(name, found) in (set(), states_of(name)), (purpose, kind)
            shown |= told(name, found)
    assert shown == states_of(name)

"""One request of a prepared operation: what refuses it as a whole, and what leaves beside the data."""

from __future__ import annotations

from typing import Any, cast

import orjson
import pytest
from graphql import GraphQLObjectType

from gateway.authorization.clients import load_clients
from gateway.authorization.purposes import OPEN_PURPOSE
from gateway.errors import RequestError
from gateway.pipeline.free_documents import MOST_DOCUMENTS, FreeDocuments, NoFreeDocuments
from gateway.pipeline.prepare import Operation, Preparer
from gateway.principal import GraphQLRequest, Principal
from gateway.settings import ROOT, LimitSettings
from observability.events import CacheLooked, FieldsDenied
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from resolvers.graph.fields import catalogue_entries
from tests.support.gateway_in_memory import EVERYTHING, InMemory, errors_of, graph, policy, principal
from tests.support.hearing_observer import Hearing
from tests.support.small_city import ENTERPRISES, PERSONS, small_city
from tests.support.tested_city import TESTED_CITY

CITY = small_city()
IDS = "query Q($ids: [PersonNumber!]!) { persons(ids: $ids) { name taxArrears { since } } }"
SCORES = "query Q($ids: [PersonNumber!]!) { persons(ids: $ids) { name scores { programme } } }"
OWN = "query Q($id: PersonNumber!) { person(id: $id) { identityNumber } }"


def gateway(**limits: int) -> InMemory:
    """Return a gateway over the small city."""
    return InMemory(CITY.sources(), LimitSettings(**limits))


async def refused(limits: dict[str, int], text: str, subjects: int = 1_000, **variables: Any) -> RequestError:
    """Return why a request is refused; nothing may have been read."""
    asked = gateway(**limits)
    with pytest.raises(RequestError) as caught:
        await asked.answer(asked.prepared(text, subjects=subjects), variables)
    assert all(source.asked == [] for source in asked.sources.values())
    assert not any(key in str(caught.value.formatted()) for key in (*PERSONS, *ENTERPRISES))
    return caught.value


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        (IDS, {"ids": [PERSONS[0], PERSONS[1], PERSONS[0]]}),
        (f'{{ persons(ids: ["{PERSONS[0]}", "{PERSONS[0]}"]) {{ name }} }}', {}),
        (
            f'query Q($a: PersonNumber!) {{ persons(ids: ["{PERSONS[0]}", $a]) {{ name }} }}',
            {"a": PERSONS[0]},
        ),
        ("query Q($k: [SubjectKey!]!) { subjects(by: $k) { name } }", {"k": [{"person": PERSONS[0]}] * 2}),
        ("query Q($k: [SubjectKey!]!) { standings(of: $k) { pds001 } }", {"k": [{"person": PERSONS[0]}] * 2}),
    ],
)
async def test_a_subject_named_twice_is_refused(text: str, variables: dict[str, Any]):
    """A list names each subject once, by literals and variables alike."""
    assert (await refused({}, text, **variables)).code.name == "DUPLICATE_SUBJECT"


async def test_a_subject_may_stand_in_two_lists():
    """Two fields of one operation may ask for the same subject."""
    text = f'{{ a: persons(ids: ["{PERSONS[0]}"]) {{ name }} b: person(id: "{PERSONS[0]}") {{ name }} }}'
    answer = await gateway().asked(text)
    assert answer["data"]["a"][0] == answer["data"]["b"]


@pytest.mark.parametrize(("limit", "registered", "told"), [(2, 1_000, "At most 2"), (1_000, 1, "At most 1 ")])
async def test_too_many_subjects_are_refused(limit: int, registered: int, told: str):
    """The gateway's limit and the operation's own both hold, and count over all fields."""
    error = await refused({"subjects": limit}, IDS, registered, ids=list(PERSONS[:3]))
    assert error.code.name == "TOO_MANY_SUBJECTS"
    assert error.detail.startswith(told)
    both = f'query Q($ids: [PersonNumber!]!) {{ a: persons(ids: $ids) {{ name }} person(id: "{PERSONS[5]}") {{ name }} }}'
    assert (await refused({"subjects": 2}, both, ids=list(PERSONS[:2]))).code.name == "TOO_MANY_SUBJECTS"
    of = [{"person": key} for key in PERSONS[:3]]
    standings = "query Q($of: [SubjectKey!]!) { standings(of: $of) { pds001 } }"
    assert (await refused({"subjects": 2}, standings, of=of)).code.name == "TOO_MANY_SUBJECTS"


@pytest.mark.parametrize(("nodes", "fits"), [(1 + 3 * (2 + 1 + 20 * 2), True), (3 * (2 + 1 + 20 * 2), False)])
async def test_an_answer_that_could_be_too_large_is_refused(nodes: int, fits: bool):
    """The plan's estimate is compared with the limit before anything is read."""
    if fits:
        asked = gateway(nodes=nodes)
        answer = await asked.answer(asked.prepared(IDS), {"ids": list(PERSONS[:3])})
        assert answer.nodes == nodes
    else:
        assert (await refused({"nodes": nodes}, IDS, ids=list(PERSONS[:3]))).code.name == "TOO_MANY_NODES"


async def test_a_bound_that_a_variable_gives_counts():
    """A list bounded by a variable is estimated with the value that was sent."""
    text = f'query Q($n: Count!) {{ person(id: "{PERSONS[1]}") {{ offices(first: $n) {{ role }} }} }}'
    asked = gateway(nodes=50)
    assert (await asked.answer(asked.prepared(text), {"n": 10})).nodes == 1 + 1 + 1 + 10 * 2
    assert (await refused({"nodes": 50}, text, n=100)).code.name == "TOO_MANY_NODES"


async def test_a_bound_variable_comes_from_the_token_alone():
    """The subject of the token is read; who sends the variable is refused, the same value as well."""
    asked = gateway()
    operation = asked.prepared(OWN, bound={"id": "person"})
    answer = await asked.answer(operation, {}, subject=PERSONS[0])
    assert orjson.loads(answer.body)["data"]["person"]["identityNumber"] == PERSONS[0]
    for sent in (PERSONS[1], PERSONS[0], None, ""):
        with pytest.raises(RequestError) as caught:
            await asked.answer(operation, {"id": sent}, subject=PERSONS[0])
        assert caught.value.code.name == "VARIABLE_INVALID"
        assert PERSONS[0] not in str(caught.value.formatted())


async def test_a_token_without_a_person_reads_no_own_data():
    """An operation that is bound to the token's person needs one."""
    asked = gateway()
    with pytest.raises(RequestError) as caught:
        await asked.answer(asked.prepared(OWN, bound={"id": "person"}), {})
    assert caught.value.code.name == "SUBJECT_NOT_SELF"


async def test_a_null_decides_about_no_field():
    """A nullable variable may stand in @include where it has a default; a null for it is refused."""
    text = "query Q($id: PersonNumber!, $c: Boolean = true) { person(id: $id) { name sex @include(if: $c) } }"
    asked = gateway()
    assert set((await asked.asked(text, id=PERSONS[0]))["data"]["person"]) == {"name", "sex"}
    assert set((await asked.asked(text, id=PERSONS[0], c=False))["data"]["person"]) == {"name"}
    error = await refused({}, text, id=PERSONS[0], c=None)
    assert error.code.name == "VARIABLE_INVALID"
    assert error.detail.startswith("$c ")


@pytest.mark.rule("R05", "R31", "HN-11")
async def test_the_catalogue_tells_the_class_and_the_law_of_every_field():
    """The catalogue is answered by the schema, under no purpose, with one entry for each field."""
    asked = gateway()
    text = "{ catalogue { field item provider legalBasis dataClass subjects } }"
    answer = await asked.asked(text, OPEN_PURPOSE)
    entries = {each["field"]: each for each in answer["data"]["catalogue"]}
    assert "errors" not in answer
    assert set(entries) == {
        name for name in graph().composed.classifications if not name.startswith("CreditSubject.")
    }
    assert entries["CreditScore.score"]["dataClass"] == "INCENTIVE"
    assert all(each["legalBasis"] and each["provider"] for each in entries.values())
    assert len(catalogue_entries(graph())) == len(entries)
    assert all(source.asked == [] for source in asked.sources.values())


async def test_schema_fields_stand_beside_data():
    """Introspection and the catalogue obey aliases, conditions and variables, bound ones as well."""
    text = """query Q($id: PersonNumber!, $type: String!, $no: Boolean = false) {
      person(id: $id) { name } t: __type(name: $type) { name kind } __typename
      catalogue @include(if: $no) { field } __schema { queryType { name } }
    }"""
    asked = gateway()
    operation = asked.prepared(text, bound={"id": "person"})
    answer = orjson.loads((await asked.answer(operation, {"type": "TaxGrade"}, subject=PERSONS[0])).body)
    assert list(answer["data"]) == ["person", "t", "__typename", "__schema"]
    assert answer["data"]["t"] == {"name": "TaxGrade", "kind": "OBJECT"}
    assert answer["data"]["__schema"] == {"queryType": {"name": "Query"}}
    assert answer["data"]["person"]["name"]


async def test_a_denied_field_is_explained():
    """The error beside a denied field names the rule, its reason, and the purposes that cover the field."""
    answer = await gateway().asked(
        f'{{ person(id: "{PERSONS[0]}") {{ name scores {{ score }} }} }}', "financing.credit"
    )
    assert answer["data"]["person"]["scores"] is None
    (error,) = answer["errors"]
    assert error["path"] == ["person", "scores"]
    assert error["locations"] == [{"line": 1, "column": 43}]
    assert error["extensions"]["code"] == "FIELD_DENIED"
    assert error["extensions"]["field"] == "Person.scores"
    assert error["extensions"]["purpose"] == "financing.credit"
    assert error["extensions"]["rule"] == "incentive-only-rewards"
    assert error["extensions"]["reason"]
    assert error["extensions"]["purposes"] == ["subject.access", "subject.report"]
    assert error["extensions"]["remedy"]


async def test_the_errors_of_bureaus_name_the_bureau_and_no_subject():
    """A bureau that is down and a broken row are told by bureau and dataset, with the place in the answer."""
    sources = CITY.sources(frozenset({"courts"}), frozenset({("tax.tax_arrears", PERSONS[1])}))
    text = "query Q($ids: [PersonNumber!]!) { persons(ids: $ids) { taxArrears { since } judgmentDefaults { court } } }"
    answer = await InMemory(sources).asked(text, ids=list(PERSONS[:2]))
    assert errors_of(answer) == [
        (["persons", 0, "judgmentDefaults"], "BUREAU_UNAVAILABLE"),
        (["persons", 1, "taxArrears"], "BUREAU_CONTRACT_BROKEN"),
        (["persons", 1, "judgmentDefaults"], "BUREAU_UNAVAILABLE"),
    ]
    told = [(each["extensions"]["bureau"], each["extensions"]["dataset"]) for each in answer["errors"]]
    assert told == [
        ("courts", "judgment_defaulter"),
        ("tax", "tax_arrears"),
        ("courts", "judgment_defaulter"),
    ]
    assert not any(key in str(answer["errors"]) for key in PERSONS)
    assert answer["data"]["persons"][0]["taxArrears"] is not None


async def test_an_argument_that_cannot_be_had_fails_its_field_alone():
    """A null for a bound that may not be null leaves an error with the argument's name beside the rest."""
    text = f'query Q($n: Count = 3) {{ person(id: "{PERSONS[0]}") {{ name taxArrears(first: $n) {{ since }} }} }}'
    answer = await gateway().asked(text, n=None)
    assert answer["data"]["person"]["name"]
    assert answer["data"]["person"]["taxArrears"] is None
    assert answer["errors"][0]["extensions"]["code"] == "VARIABLE_INVALID"
    assert answer["errors"][0]["extensions"]["argument"] == "first"


def free(told: Hearing) -> FreeDocuments:
    """Return the free documents of an explorer."""
    hooks = Hooks([told])
    clients = load_clients(ROOT / "policies", policy().purposes, policy().kinds, TESTED_CITY)
    preparer = Preparer(graph(), policy(), Loaders(CITY.sources(), hooks), hooks)
    return FreeDocuments(preparer, clients, LimitSettings())


def request(text: str) -> GraphQLRequest:
    """Return a request with a document."""
    return GraphQLRequest(document_id=None, document=text, operation_name=None, variables={})


def holder(*purposes: str) -> Principal:
    """Return a caller with purposes."""
    return Principal("developer", "d", "r", frozenset(purposes), None, 0.0)


@pytest.mark.parametrize(
    ("text", "granted", "named", "found"),
    [
        (IDS, ("reward.reading", EVERYTHING), EVERYTHING, EVERYTHING),
        (IDS, ("reward.reading", EVERYTHING), None, "PURPOSE_MISSING"),
        (IDS, (), None, "PURPOSE_MISSING"),
        (IDS, (EVERYTHING,), None, EVERYTHING),
        (IDS, (EVERYTHING,), "reward.reading", "PURPOSE_NOT_GRANTED"),
        (IDS, (EVERYTHING,), "reward", "PURPOSE_UNKNOWN"),
        (IDS, (EVERYTHING,), "", "PURPOSE_UNKNOWN"),
        ("{ catalogue { field } }", ("reward.reading", EVERYTHING), None, OPEN_PURPOSE),
        ("{ __schema { queryType { name } } __typename }", (), None, OPEN_PURPOSE),
        (f'{{ person(id: "{PERSONS[0]}") {{ __typename }} }}', (), None, "PURPOSE_MISSING"),
        (
            f'{{ catalogue {{ field }} person(id: "{PERSONS[0]}") @include(if: false) {{ name }} }}',
            (),
            None,
            "PURPOSE_MISSING",
        ),
    ],
)
async def test_a_free_document_has_a_granted_purpose_or_reads_nothing(
    text: str, granted: tuple[str, ...], named: str | None, found: str
):
    """The purpose is named and granted, or the only one, or not needed; otherwise the document is refused."""
    assert purpose_or_code(free(Hearing()), text, granted, named) == found


def purpose_or_code(documents: FreeDocuments, text: str, granted: tuple[str, ...], named: str | None) -> str:
    """Return the purpose that was chosen, or the code of the refusal."""
    try:
        return documents.find(request(text), holder(*granted), named).terms.purpose
    except RequestError as error:
        return error.code.name


async def test_a_free_document_is_prepared_once_for_each_purpose():
    """Another caller's grant is never found under one's own purpose, and denials are told once."""
    told = Hearing()
    documents = free(told)
    one = documents.find(request(SCORES), holder(EVERYTHING), EVERYTHING)
    other = documents.find(request(SCORES), holder("supervision.tax"), "supervision.tax")
    assert documents.find(request(SCORES), holder(EVERYTHING, "supervision.tax"), EVERYTHING) is one
    assert {place for place, _ in other.grant.denied} == {"Person.scores", "CreditScore.programme"}
    assert one.grant.denied == {}
    assert [each for each in told.facts if isinstance(each, FieldsDenied)] == [
        FieldsDenied("supervision.tax", ("CreditScore.programme", "Person.scores"))
    ]
    assert hits(told) == [False, False, True]


async def test_of_many_free_documents_the_least_recently_asked_is_prepared_anew():
    """As many documents as are kept are prepared once; one more lets that go that was asked longest ago."""
    told = Hearing()
    documents = free(told)

    def find(number: int) -> Operation:
        return documents.find(request(f"{{ a{number}: __typename }}"), holder(EVERYTHING), EVERYTHING)

    kept = [find(number) for number in range(MOST_DOCUMENTS)]
    assert find(0) is kept[0]
    find(MOST_DOCUMENTS)
    assert find(0) is kept[0]
    assert find(1) is not kept[1]
    assert hits(told) == [False] * MOST_DOCUMENTS + [True, False, True, False]


async def test_a_free_document_that_is_refused_is_read_anew():
    """A refusal is not kept: the same document is refused for its own reason each time."""
    documents = free(Hearing())
    for _ in range(2):
        assert purpose_or_code(documents, "{ nothing }", (EVERYTHING,), EVERYTHING) == "DOCUMENT_INVALID"


def hits(told: Hearing) -> list[bool]:
    """Return for each look into the plans that are kept whether the plan was there."""
    return [each.hit for each in told.facts if isinstance(each, CacheLooked)]


async def test_two_clients_of_a_kind_see_each_its_own_schema():
    """The schema that a client sees is cut to what that client holds, whoever asked the same document before."""
    asked = request("{ __schema { types { name } } }")
    claims = frozenset({"subject.report", "supervision.tax", "supervision.inspection"})
    documents = free(Hearing())
    shown: dict[str, bool] = {}
    for client in ("approval-hall", "tax-bureau"):
        schema = documents.find(asked, Principal(client, "d", "r", claims, None, 0.0), None).seen(claims)
        assert schema is not None
        shown[client] = "identityNumber" in cast("GraphQLObjectType", schema.type_map["Person"]).fields
    assert shown == {"approval-hall": True, "tax-bureau": False}


def test_production_answers_no_free_document():
    """Outside of the explorer a document is refused whatever it asks and whoever asks."""
    with pytest.raises(RequestError) as caught:
        NoFreeDocuments().find(request("{ __typename }"), principal(), EVERYTHING)
    assert caught.value.code.name == "DOCUMENT_NOT_ALLOWED"

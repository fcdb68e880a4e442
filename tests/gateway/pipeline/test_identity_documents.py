"""A person is found by another document as by the identity number, and by a link that is not certain like nobody."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import orjson
import pytest

from adapters.source import Key
from catalogue.identity_documents import NOBODY
from gateway.authorization.engine import Question
from gateway.errors import RequestError
from gateway.operations.case_rules import load_case_rules
from gateway.pipeline.prepare import Operation
from gateway.pipeline.subject_bounds import SubjectBounds
from gateway.settings import ROOT
from observability.hooks import Hooks
from tests.gateway.pipeline.test_minors import BY_NUMBER, DUTIES, MINORS
from tests.support.gateway_in_memory import InMemory, errors_of, graph, policy, principal
from tests.support.one_person import calls
from tests.support.rows_source import Record
from tests.support.seams import CASE, City
from tests.support.small_city import (
    ADULTS,
    BY_DOCUMENT,
    DOCUMENTS,
    PERSONS,
    SmallCity,
    document_link,
    small_city,
)
from tests.support.ways_to_persons import prepared

OF_PERSON = """name sex region birthDate identityNumber deceased taxArrears { amountFen } honours { title }
    adverseRecords(first: 1) { __typename } offices(first: 9) { role enterprise { name } }
    judgmentDefaults(first: 2) { cursor listedOn }"""
ADULT, OTHER = ADULTS[0], ADULTS[1]
NUMBER = "E12345678"
BY_PASSPORT = (
    f"query Q($id: DocumentNumber!) {{ p: personByDocument(document: {{passport: $id}}) {{ {OF_PERSON} }} }}"
)
BY_ID = f"query Q($id: PersonNumber!) {{ p: person(id: $id) {{ {OF_PERSON} }} }}"
NAMES = "query Q($id: DocumentNumber!) { p: personByDocument(document: {passport: $id}) { name } }"
UNCERTAIN: dict[str, list[Record]] = {
    "not reviewed": [document_link(NUMBER, ADULT, reviewed_on=None)],
    "reviewed tomorrow": [document_link(NUMBER, ADULT, reviewed_on=date(2026, 7, 1))],
    "of medium confidence": [document_link(NUMBER, ADULT, confidence="MEDIUM")],
    "of low confidence": [document_link(NUMBER, ADULT, confidence="LOW")],
    "ended": [document_link(NUMBER, ADULT, until=date(2026, 6, 29))],
    "not begun": [document_link(NUMBER, ADULT, since=date(2026, 7, 1))],
    "of two persons": [document_link(NUMBER, ADULT), document_link(NUMBER, OTHER)],
    "claimed by another": [document_link(NUMBER, ADULT), document_link(NUMBER, OTHER, reviewed_on=None)],
    "of another kind": [document_link(NUMBER, ADULT, kind="TAIWAN_PERMIT")],
}
SHOWING_ADULTS = ("supervision.inspection", "financing.credit")
RULES = load_case_rules(ROOT / "policies", policy().purposes)


def linking(*links: Record, seed: int = 3) -> SmallCity:
    """Return a small city with these links of documents, and no others."""
    held: dict[Key, list[Record]] = {}
    for each in links:
        held.setdefault(each["document_number"], []).append(each)
    return SmallCity({**small_city(seed).tables, BY_DOCUMENT: held})


async def asked(city: SmallCity, operation_text: str, purpose: str, key: str, **parts: Any) -> Any:
    """Return the bytes of an answer under permits for everything, and the calls for it."""
    gateway = InMemory(city.sources(**parts))
    answer = await gateway.answer(prepared(gateway, operation_text, purpose), {"id": key})
    return answer.body, calls(gateway)


@pytest.mark.rule("R36", "HN-16", "C15")
@pytest.mark.parametrize("rule", UNCERTAIN)
async def test_a_link_that_is_not_certain_joins_nothing(rule: str):
    """Whoever the purpose shows, such a document and one that nobody has ever seen get equal bytes after equal calls."""
    for purpose in (*SHOWING_ADULTS, "subject.access", "rights.objection"):
        found = await asked(linking(*UNCERTAIN[rule]), BY_PASSPORT, purpose, NUMBER)
        assert found == await asked(linking(), BY_PASSPORT, purpose, NUMBER), purpose
        assert orjson.loads(found[0]) == {"data": {"p": None}}


async def test_a_certain_link_finds_the_person():
    """A reviewed link of the highest confidence leads to its person, to the last day of its term."""
    for until in (None, date(2026, 6, 30)):
        body, _ = await asked(linking(document_link(NUMBER, ADULT, until=until)), NAMES, DUTIES[0], NUMBER)
        name = small_city(3).tables["registry.person"][ADULT][0]["name"]
        assert orjson.loads(body) == {"data": {"p": {"name": name}}}


async def test_an_ended_claim_of_another_does_not_hinder():
    """Where an official ended a wrong link, the right one joins."""
    links = document_link(NUMBER, OTHER, until=date(2024, 1, 1)), document_link(NUMBER, ADULT)
    body, _ = await asked(linking(*links), NAMES, DUTIES[0], NUMBER)
    assert orjson.loads(body)["data"]["p"]["name"]


@pytest.mark.parametrize("minor", MINORS.values(), ids=MINORS)
async def test_a_document_of_a_minor_is_like_one_of_nobody(minor: Key):
    """Where a purpose shows no minor, the document of one gets the bytes and the calls of a document that nobody has."""
    for purpose in SHOWING_ADULTS:
        found = await asked(linking(document_link(NUMBER, minor)), BY_PASSPORT, purpose, NUMBER)
        assert found == await asked(linking(), BY_PASSPORT, purpose, NUMBER), purpose


async def test_nothing_is_read_of_a_minor_by_its_number():
    """The number that a document leads to is no key of any call, where it says that the person is a minor."""
    gateway = InMemory(linking(document_link(NUMBER, BY_NUMBER)).sources())
    await gateway.answer(prepared(gateway, BY_PASSPORT, "supervision.inspection"), {"id": NUMBER})
    keys = {key for source in gateway.sources.values() for _, named in source.asked for key in named}
    assert BY_NUMBER not in keys
    assert NOBODY in keys


def holders() -> list[tuple[str, str]]:
    """Return each kind of caller with each purpose that it may hold."""
    leaves = policy().purposes.leaves
    return [(name, kind) for name, leaf in leaves.items() for kind in sorted(leaf.holders)]


@pytest.mark.rule("R36", "HN-16", "C15")
@pytest.mark.parametrize(("purpose", "kind"), holders())
async def test_a_document_gives_what_the_number_gives(purpose: str, kind: str):
    """By the rules of this installation a purpose is shown and denied the same by a document as by the number."""
    city = linking(*(document_link(f"E{at}0000001", person) for at, person in enumerate(PERSONS)))
    by_document = [f"E{at}0000001" for at in range(len(PERSONS))]
    found = await shown(city, BY_PASSPORT, purpose, kind, by_document)
    assert found == await shown(city, BY_ID, purpose, kind, PERSONS)


async def shown(city: SmallCity, text: str, purpose: str, kind: str, keys: Sequence[str]) -> list[Any]:
    """Return data and codes of answers by the rules of this installation; cursors are sealed for a list and differ."""
    gateway = InMemory(city.sources())
    operation = gateway.prepared(text.replace("cursor ", ""), purpose, kind=kind)
    found = [orjson.loads((await gateway.answer(operation, {"id": key})).body) for key in keys]
    return [(each["data"], errors_of(each)) for each in found]


async def test_of_a_person_whom_a_document_finds_no_number_is_shown():
    """Neither the identity number nor the documents are shown to a duty that holds one document."""
    text = BY_PASSPORT.replace("name sex", "name sex identityDocuments { kind ending }")
    for purpose, kind in holders():
        if not purpose.startswith("subject."):
            gateway = InMemory(linking(document_link(NUMBER, ADULT)).sources())
            answer = await gateway.answer(gateway.prepared(text, purpose, kind=kind), {"id": NUMBER})
            assert ADULT.encode() not in answer.body
            person = orjson.loads(answer.body)["data"]["p"] or {}
            assert (person.get("identityNumber"), person.get("identityDocuments")) == (None, None)


@pytest.mark.parametrize("path", ["asked", "person", "enterprise", "ward"])
def test_no_duty_sees_documents(path: Any):
    """What stands in a link is sensitive: no purpose but the subject's own sees any of it, on any path."""
    fields = [each for each in graph().composed.classifications if each.startswith("IdentityDocument.")]
    for purpose, kind in holders():
        if not purpose.startswith("subject."):
            for field in (*fields, "Person.identityDocuments"):
                question = Question(kind, purpose, "read", field, path)
                assert not policy().judge(question).allowed, (purpose, kind, field)


async def test_a_failing_registry_fails_the_field_and_nobody_is_asked_for():
    """Where the links cannot be read, the field has the bureau's code, and no bureau is asked about anybody."""
    gateway = InMemory(linking(document_link(NUMBER, ADULT)).sources(frozenset({"registry"})))
    answer = await gateway.answer(prepared(gateway, BY_PASSPORT, DUTIES[0]), {"id": NUMBER})
    found = orjson.loads(answer.body)
    assert (found["data"], errors_of(found)) == ({"p": None}, [(["p"], "BUREAU_UNAVAILABLE")])
    assert [each[:2] for each in calls(gateway)] == [("registry", "identity_document_by_number")]


async def test_links_that_break_their_contract_join_nothing():
    """A document with a broken link is like one of nobody: the broken rows are counted where they are read."""
    city = linking(document_link(NUMBER, ADULT))
    broken = await asked(city, BY_PASSPORT, DUTIES[0], NUMBER, broken=frozenset({(BY_DOCUMENT, NUMBER)}))
    assert broken == await asked(linking(), BY_PASSPORT, DUTIES[0], NUMBER)


async def test_several_ways_in_one_document():
    """Two documents of a person and the number itself find the same person beside a document of nobody."""
    links = document_link(NUMBER, ADULT), document_link("410105491231002", ADULT, kind="FORMER_NUMBER")
    text = f"""{{ a: personByDocument(document: {{passport: "{NUMBER.lower()}"}}) {{ name }}
        b: personByDocument(document: {{formerNumber: "410105491231002"}}) {{ name }}
        c: person(id: "{ADULT}") {{ name }}
        d: personByDocument(document: {{taiwanPermit: "{NUMBER}"}}) {{ name }} }}"""
    gateway = InMemory(linking(*links).sources())
    found = orjson.loads((await gateway.answer(prepared(gateway, text, DUTIES[0]), {})).body)["data"]
    assert found["a"] == found["b"] == found["c"] != found["d"]
    assert found["d"] is None
    assert [each[1] for each in calls(gateway)] == ["identity_document_by_number", "person"]


@pytest.mark.parametrize("text", [NAMES, BY_PASSPORT])
async def test_a_document_that_the_purpose_does_not_cover_is_not_looked_up(text: str):
    """Where the field is denied, no bureau is asked whose the document is."""
    gateway = InMemory(linking(document_link(NUMBER, ADULT)).sources())
    answer = await gateway.answer(
        gateway.prepared(text, "reward.reading", kind="scene_operator"), {"id": NUMBER}
    )
    assert errors_of(orjson.loads(answer.body)) == [(["p"], "FIELD_DENIED")]
    assert calls(gateway) == []


@pytest.mark.parametrize("number", ["411502880315974", "４１１５０２８８０３１５９７４", " 411502880315974"])
async def test_a_former_number_in_place_of_an_identity_number_is_refused(number: str):
    """The refusal says how to ask instead; the gateway completes no number, and reads nothing."""
    gateway = InMemory(linking().sources())
    for text in (
        BY_ID,
        BY_ID.replace("person(id: $id)", "subjects(by: [{person: $id}])").replace(OF_PERSON, "name"),
    ):
        with pytest.raises(RequestError) as refused:
            await gateway.answer(prepared(gateway, text, DUTIES[0]), {"id": number})
        assert refused.value.code.name == "IDENTIFIER_FORMER"
        assert "personByDocument" in refused.value.code.remedy
    with pytest.raises(RequestError) as written:
        prepared(gateway, f'{{ person(id: "{number}") {{ name }} }}', DUTIES[0])
    assert written.value.code.name == "IDENTIFIER_FORMER"
    assert "880315" not in str(written.value.formatted())
    assert calls(gateway) == []


async def test_the_digits_of_a_former_number_lead_to_nobody_by_themselves():
    """The 15 digits within a person's own number find nobody without a link, and another person with a link to that one."""
    digits = ADULT[:6] + ADULT[8:17]
    text = f'{{ personByDocument(document: {{formerNumber: "{digits}"}}) {{ name }} }}'
    for links, person in (((), None), ((document_link(digits, OTHER, kind="FORMER_NUMBER"),), OTHER)):
        gateway = InMemory(linking(*links).sources())
        found = orjson.loads((await gateway.answer(prepared(gateway, text, DUTIES[0]), {})).body)["data"]
        name = person and small_city(3).tables["registry.person"][person][0]["name"]
        assert found["personByDocument"] == (name and {"name": name})


@pytest.mark.parametrize(
    ("numbers", "refused"),
    [(("E00000001", "E00000009", "E00000001"), 0), (("E00000001", "E00000009", "E00000008"), 1)],
)
async def test_a_document_counts_as_a_subject_of_its_case(numbers: Sequence[str], refused: int):
    """One case opens no more documents than subjects, whether they lead to anybody or not, and reads nothing of one more."""
    city = City()
    answerer = dataclasses.replace(city.answerer(), bounds=SubjectBounds(Hooks()))
    bound = RULES.terms_of("measure.enforcement", needed=True).bound
    assert bound is not None
    operation = bounded(city.prepared(NAMES), msgspec.structs.replace(bound, subjects=2, alarm=2))
    asking = [
        answerer.answer(operation, {"id": each}, principal(), deadline(), None, CASE) for each in numbers
    ]
    codes = [
        each.code.name
        for each in await asyncio.gather(*asking, return_exceptions=True)
        if isinstance(each, RequestError)
    ]
    assert codes == ["CASE_SUBJECTS_EXCEEDED"] * refused
    assert not any("E00000008" in each.keys for each in city.fetched)


def deadline() -> float:
    """Return a minute from now on the running loop."""
    return asyncio.get_running_loop().time() + 60


def bounded(operation: Operation, case: Any) -> Operation:
    """Return an operation whose cases have a bound."""
    return dataclasses.replace(operation, terms=dataclasses.replace(operation.terms, case=case))


async def test_evidence_and_gate_know_the_person_and_no_document():
    """What is disclosed is kept under the identity number; of a document of nobody no subject is kept."""
    city = City()
    await city.ask(NAMES, id="E00000001")
    assert [each.subjects for each in city.disclosed] == [{"Person": (PERSONS[0],)}]
    offered = [each[1] for each in city.log if isinstance(each, tuple)]
    assert offered == [{"Person": [PERSONS[0]]}]
    stranger = City()
    await stranger.ask(NAMES, id="E99999999")
    assert [each.subjects for each in stranger.disclosed] == [{}]


async def test_a_person_who_is_not_admitted_is_not_found_by_a_document():
    """The subject gate is asked about the person to whom the document leads."""
    city = City(closed=frozenset({PERSONS[0]}))
    assert (await city.ask(NAMES, id="E00000001")).body == b'{"data":{"p":null}}'


async def test_a_person_sees_the_own_documents():
    """The own file shows each link with its kind, the end of the number, its confidence and its review, certain or not."""
    row = {
        "kind": "PASSPORT",
        "ending": "5678",
        "confidence": "LOW",
        "reviewed_on": None,
        "since": date(2024, 1, 1),
        "until": None,
        "link_number": "1",
    }
    city = SmallCity({**small_city(3).tables, DOCUMENTS: {ADULT: [row]}})
    gateway = InMemory(city.sources())
    text = """query Q($id: PersonNumber!) { person(id: $id) { identityDocuments {
        kind ending confidence reviewedOn since until provider } } }"""
    operation = gateway.prepared(text, "subject.access", kind="person")
    assert operation.grant.denied == {}
    found = orjson.loads((await gateway.answer(operation, {"id": ADULT})).body)["data"]["person"]
    assert found["identityDocuments"] == [
        {
            "kind": "PASSPORT",
            "ending": "5678",
            "confidence": "LOW",
            "reviewedOn": None,
            "since": "2024-01-01",
            "until": None,
            "provider": "市公安局",
        }
    ]

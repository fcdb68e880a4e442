"""Persons found by their documents, over HTTP and real bureaus: the links of the synthetic city."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx2
import pytest

from gateway.operations.city_time import city_date
from sandbox.books import rows_of
from sandbox.city import RunningCity
from sandbox.people import Person, person
from tests.support.command_line import Caller, Process, refusal
from tests.support.fixed_headers import fixed_headers
from tests.support.issuer import Issuer

ClientOf = Callable[[Process], httpx2.Client]
MEMBERS = {
    "PASSPORT": "passport",
    "HONG_KONG_MACAO_PERMIT": "hongKongMacaoPermit",
    "TAIWAN_PERMIT": "taiwanPermit",
    "FOREIGN_PERMANENT_RESIDENCE": "foreignPermanentResidence",
    "FORMER_NUMBER": "formerNumber",
}
ASKED = """query Found($of: IdentityDocumentKey!) { p: personByDocument(document: $of) {
    name region taxArrears { tax } judgmentDefaults { court } offices { role } } }"""
BY_NUMBER = """query Found($id: PersonNumber!) { p: person(id: $id) {
    name region taxArrears { tax } judgmentDefaults { court } offices { role } } }"""
NOBODYS = {"passport": "E99999999"}
DUTY = "supervision.inspection"
Link = tuple[Person, tuple[Any, ...]]
FATES: Mapping[str, Callable[[Sequence[Link]], bool]] = {
    "not reviewed": lambda held: len(held) == 1 and held[0][1][3] is None,
    "of medium confidence": lambda held: len(held) == 1 and held[0][1][2] == "MEDIUM",
    "of low confidence": lambda held: len(held) == 1 and held[0][1][2] == "LOW",
    "ended": lambda held: len(held) == 1 and held[0][1][5] is not None,
    "claimed by two": lambda held: len(held) == 2 and all(row[5] is None for _, row in held),
    "of a minor": lambda held: joins(held) and held[0][0].adult_on > city_date(time.time()),
}


@pytest.fixture(scope="module")
def links(city: RunningCity) -> dict[tuple[str, str], list[Link]]:
    """The links of the city by kind and number of the document."""
    found: dict[tuple[str, str], list[Link]] = {}
    for index in range(city.city.population):
        subject = person(city.city, index)
        for row in rows_of(subject, "registry", "identity_document"):
            found.setdefault((row[0], row[7]), []).append((subject, row))
    return found


def joins(held: Sequence[Link]) -> bool:
    """Whether one person holds a document for certain."""
    return (
        len(held) == 1 and held[0][1][2] == "HIGH" and None not in held[0][1][3:4] and held[0][1][5] is None
    )


def key_of(document: tuple[str, str]) -> dict[str, str]:
    """Return the key of a document as a caller writes it."""
    return {MEMBERS[document[0]]: document[1]}


@pytest.mark.parametrize("kind", MEMBERS)
def test_a_certain_link_finds_what_the_number_finds(
    developer: Caller, links: dict[tuple[str, str], list[Link]], kind: str
):
    """By a document of each kind a duty is shown what it is shown by the identity number, and no number."""
    adults = [
        (document, held[0][0])
        for document, held in links.items()
        if document[0] == kind and joins(held) and held[0][0].adult_on < city_date(time.time())
    ]
    assert adults
    for document, holder in adults[:3]:
        found = developer.ask(ASKED, {"of": key_of(document)}, DUTY)
        assert found.json()["data"]["p"]["name"] == holder.name
        assert found.json()["data"] == developer.ask(BY_NUMBER, {"id": holder.number}, DUTY).json()["data"]
        assert holder.number not in found.text
        assert document[1] not in found.text


@pytest.mark.parametrize("fate", FATES)
def test_a_link_that_is_not_certain_finds_nobody(
    developer: Caller, links: dict[tuple[str, str], list[Link]], fate: str
):
    """Such a document gets the bytes and the headers of a document that nobody has."""
    document = next(document for document, held in links.items() if FATES[fate](held))
    found, nobodys = (developer.ask(ASKED, {"of": of}, DUTY) for of in (key_of(document), NOBODYS))
    assert (found.content, fixed_headers(found)) == (nobodys.content, fixed_headers(nobodys))
    assert found.json() == {"data": {"p": None}}


def test_the_digits_of_a_former_number_are_no_identity_number(developer: Caller, persons: list[str]):
    """In place of an identity number they are refused by a code that says how to ask; the answer has no digit of them."""
    digits = persons[0][:6] + persons[0][8:17]
    answer = developer.ask(BY_NUMBER, {"id": digits}, DUTY)
    assert refusal(answer) == (400, "IDENTIFIER_FORMER")
    assert "personByDocument" in answer.text
    assert digits[6:] not in answer.text


@pytest.mark.parametrize("wrong", [{"passport": "E-12"}, {"formerNumber": "411502991331123"}])
def test_a_wrong_number_is_refused_without_a_word_of_it(developer: Caller, wrong: dict[str, str]):
    """A number in no form of its kind is refused by its rule."""
    answer = developer.ask(ASKED, {"of": wrong}, DUTY)
    assert refusal(answer) == (400, "IDENTIFIER_INVALID")
    assert next(iter(wrong.values())) not in answer.text


def test_a_person_sees_the_own_links(
    production: Process,
    issuer: Issuer,
    client_of: ClientOf,
    register: dict[str, str],
    links: dict[tuple[str, str], list[Link]],
):
    """By the registered operation a person is shown each link in any state, with four signs of the number and no more."""
    for document, held in [each for each in links.items() if len(each[1]) == 2][:3]:
        for subject, row in held:
            token = issuer.token("citizen", ("subject.access",), person=subject.number)
            answer = Caller(client_of(production), token).call(register["citizen"])
            shown = answer.json()["data"]["person"]["identityDocuments"]
            wanted = {"kind": row[0], "ending": row[1], "confidence": row[2]}
            assert [each for each in shown if wanted.items() <= each.items()]
            assert document[1] not in answer.text

"""The forms in which clients send a registered document: by its id, by persistedQuery, and as its text, over HTTP."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from graphql import parse, print_ast, strip_ignored_characters

from tests.support.admissions import REGISTER
from tests.support.command_line import Caller, Process, demo_token, refusal
from tests.support.fixed_headers import fixed_headers
from tests.support.issuer import Issuer

TEXT = REGISTER["library"].document
PRINTED = print_ast(parse(TEXT))
ID = REGISTER["library"].document_id
DIGEST = ID.removeprefix("sha256:")
ZEROS = "0" * 64


def digest(text: str) -> str:
    """Return the SHA-256 of a text as clients send it."""
    return hashlib.sha256(text.encode()).hexdigest()


def persisted(sha256: Any, **beside: Any) -> dict[str, Any]:
    """Return the members that clients of persisted queries send, `beside` apart."""
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256}}, **beside}


BY_ID: dict[str, dict[str, Any]] = {
    "documentId": {"documentId": ID},
    "documentId without its prefix": {"documentId": DIGEST},
    "documentId of the text that clients print": {"documentId": f"sha256:{digest(PRINTED)}"},
    "persistedQuery": persisted(DIGEST),
    "persistedQuery with the prefix": persisted(ID),
    "persistedQuery of the text that clients print": persisted(digest(PRINTED)),
    "persistedQuery of the text without blanks": persisted(digest(strip_ignored_characters(TEXT))),
    "persistedQuery with the text": persisted(DIGEST, query=TEXT),
    "persistedQuery with the text as clients print it": persisted(digest(PRINTED), query=PRINTED),
    "persistedQuery with the text and its own hash": persisted(digest(f"# a\n{TEXT}"), query=f"# a\n{TEXT}"),
    "persistedQuery with an empty text": persisted(DIGEST, query=""),
    "persistedQuery with null members": persisted(DIGEST, query=None, documentId=None),
    "persistedQuery with the name of a client library": persisted(DIGEST, operationName="Library")
    | {"extensions": {**persisted(DIGEST)["extensions"], "clientLibrary": {"name": "a", "version": "4.1.0"}}},
    "documentId with an empty text": {"documentId": ID, "query": ""},
    "id": {"id": ID},
    "doc_id": {"doc_id": DIGEST},
    "queryId with an empty text": {"queryId": digest(PRINTED), "query": ""},
}
BY_TEXT: dict[str, dict[str, Any]] = {
    "the registered text": {"query": TEXT},
    "as clients print it": {"query": PRINTED},
    "without blanks": {"query": strip_ignored_characters(TEXT)},
    "with other blanks": {"query": TEXT.replace("\n", "\r\n  ,\ufeff")},
    "with a comment and a name": {"query": f"# Library\n{PRINTED}", "operationName": "Library"},
    "with other extensions": {"query": TEXT, "extensions": {"persistedQuery": None}},
    "with a name in the place of an id": {"query": TEXT, "id": "Library"},
}
OTHER_TEXTS: dict[str, dict[str, Any]] = {
    "another field": {"query": TEXT.replace("pds030", "pds039")},
    "a field more": {"query": TEXT.replace("longerLoan", "__typename longerLoan")},
    "another alias": {"query": TEXT.replace("longerLoan", "longer")},
    "a second operation": {"query": TEXT + "query B { catalogue { field } }"},
    "two tokens as one": {"query": TEXT.replace("query Library", "queryLibrary")},
    "the text in a string": {"query": json.dumps(TEXT)},
    "another client's text": {"query": REGISTER["parking"].document},
    "another client's text with its id": persisted(
        REGISTER["parking"].document_id, query=REGISTER["parking"].document
    ),
    "the text with an unknown id": persisted(ZEROS, query=TEXT),
    "the text with another client's id": persisted(REGISTER["parking"].document_id, query=TEXT),
    "another text with the id": persisted(DIGEST, query="{ catalogue { field } }"),
    "an unknown text with an unknown id": persisted(ZEROS, query="{ catalogue { field } }"),
    "another text beside what is no id": persisted({}, query="{ catalogue { field } }"),
}
OTHER_IDS = (ZEROS, ID.upper(), f" {DIGEST}", "", REGISTER["parking"].document_id, "library")


def send(caller: Caller, members: dict[str, Any], person: str) -> httpx2.Response:
    """Send a request about a person."""
    return caller.post(json.dumps({"variables": {"of": {"person": person}}, **members}).encode())


def bytes_of(answer: httpx2.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Return everything that a client sees of an answer."""
    return answer.status_code, answer.content, fixed_headers(answer)


@pytest.mark.parametrize("form", {**BY_ID, **BY_TEXT})
def test_each_form_of_a_registered_document_is_answered_alike(library: Caller, persons: list[str], form: str):
    """However a client sends a registered document, in production its answer is that of its id, byte for byte."""
    by_id = send(library, {"documentId": ID}, persons[0])
    assert by_id.status_code == 200
    assert bytes_of(send(library, {**BY_ID, **BY_TEXT}[form], persons[0])) == bytes_of(by_id)


@pytest.mark.parametrize("document_id", OTHER_IDS)
def test_an_unknown_hash_is_answered_as_an_unknown_id(library: Caller, persons: list[str], document_id: str):
    """Unknown and foreign ids in persistedQuery get the bytes of an unknown documentId."""
    unknown = send(library, {"documentId": f"sha256:{ZEROS}"}, persons[0])
    assert refusal(unknown) == (404, "OPERATION_UNKNOWN")
    assert bytes_of(send(library, persisted(document_id), persons[0])) == bytes_of(unknown)


@pytest.mark.parametrize("kind", OTHER_TEXTS)
def test_another_text_is_answered_as_a_free_document(library: Caller, persons: list[str], kind: str):
    """A text that is not the caller's registered one, or contradicts its id, gets the bytes of any free document."""
    free = send(library, {"query": "{"}, persons[0])
    assert refusal(free) == (403, "DOCUMENT_NOT_ALLOWED")
    assert bytes_of(send(library, OTHER_TEXTS[kind], persons[0])) == bytes_of(free)


@pytest.mark.parametrize("sent", [{}, {"sha256Hash": None}, {"sha256Hash": [DIGEST]}, [DIGEST], DIGEST, 1])
def test_a_persisted_query_without_a_hash_names_nothing(library: Caller, sent: Any):
    """Where persistedQuery holds no text as its hash, the request names no document."""
    answer = library.post(json.dumps({"extensions": {"persistedQuery": sent}}).encode())
    assert refusal(answer) == (400, "MALFORMED_REQUEST")


@pytest.mark.parametrize(
    "sent", [{"id": ID, "doc_id": ID}, {"id": 7}, {"doc_id": None}, {"documentId": ID, "query": TEXT}]
)
def test_a_request_names_its_document_once(library: Caller, sent: dict[str, Any]):
    """Two names of one document, a name that is no text, and no name are no request."""
    assert refusal(library.post(json.dumps(sent).encode())) == (400, "MALFORMED_REQUEST")


@pytest.mark.parametrize("form", BY_ID)
def test_get_names_a_registered_document_as_post_does(
    explorer: Process, client_of: Callable[[Process], httpx2.Client], persons: list[str], form: str
):
    """Where GET is answered at all, in the explorer, each form with an id is answered as by POST."""
    caller = Caller(client_of(explorer), demo_token("library", ("reward.reading",)))
    members = {"variables": {"of": {"person": persons[0]}}, **BY_ID[form]}
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in members.items()
        if value is not None
    }
    headers = {
        "authorization": f"Bearer {caller.token}",
        "accept": "application/graphql-response+json",
    }
    by_get = caller.http.get("/graphql", params=texts, headers=headers)
    by_id = send(caller, {"documentId": ID}, persons[0])
    assert by_id.status_code == 200
    assert by_get.content == by_id.content


def test_what_binds_an_operation_binds_its_text(
    production: Process,
    issuer: Issuer,
    client_of: Callable[[Process], httpx2.Client],
    persons: list[str],
):
    """A registered text is refused as its id is: without its purpose, and with a variable that the token gives."""
    citizen = REGISTER["citizen"]
    token = issuer.token("citizen", ("subject.access",), person=persons[0])
    caller = Caller(client_of(production), token)
    by_text = caller.post(json.dumps({"query": citizen.document}).encode())
    assert by_text.json()["data"]["person"]["identityNumber"] == persons[0]
    other = {"query": citizen.document, "variables": {"id": persons[1]}}
    assert refusal(caller.post(json.dumps(other).encode())) == (400, "VARIABLE_INVALID")
    poor = Caller(client_of(production), issuer.token("library", ("reward.parking",)))
    assert refusal(send(poor, {"query": TEXT}, persons[0])) == (403, "PURPOSE_NOT_GRANTED")

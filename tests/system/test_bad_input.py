"""Every bad input gets a clear error with a stable code, over real HTTP."""

from __future__ import annotations

import codecs
import gzip
import json
import time
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from sandbox.city import RunningCity
from sandbox.people import person_number
from tests.support.command_line import Caller, Process, codes, demo_token, refusal
from tests.support.fixed_headers import fixed_headers
from tests.support.issuer import Issuer, unsigned

PERSON = "query Q($id: PersonNumber!) { person(id: $id) { name } }"
PERSONS = "query Q($ids: [PersonNumber!]!) { persons(ids: $ids) { name } }"
REPORT = "subject.report"
ClientOf = Callable[[Process], httpx2.Client]

BODIES = {
    b'{"query": "{ catalogue { field } }"': (400, "MALFORMED_JSON"),
    b"\xff\xfe{}": (400, "MALFORMED_JSON"),
    b"": (400, "MALFORMED_JSON"),
    b"{}": (400, "MALFORMED_REQUEST"),
    b"[]": (400, "MALFORMED_REQUEST"),
    b'[{"query": "{ catalogue { field } }"}]': (400, "MALFORMED_REQUEST"),
    b'{"query": 7}': (400, "MALFORMED_REQUEST"),
    b'{"query": "{ catalogue { field } }", "documentId": "sha256:00"}': (400, "MALFORMED_REQUEST"),
    b'{"query": "{ catalogue { field } }", "query": "{ catalogue { item } }"}': (400, "MALFORMED_REQUEST"),
    b'{"query": "{ catalogue { field } }", "variables": {"a": 1, "a": 2}}': (400, "MALFORMED_REQUEST"),
    b'{"query": "{ catalogue { field } }", "variables": {"a": "\\u0000"}}': (400, "NUL_BYTE"),
    b'{"query": "{ catalogue { field } }\x00"}': (400, "NUL_BYTE"),
    b'{"documentId": "sha256:00"}': (404, "OPERATION_UNKNOWN"),
    b'{"documentId": ""}': (404, "OPERATION_UNKNOWN"),
}


@pytest.mark.parametrize(("body", "expected"), BODIES.items())
def test_a_body_that_is_no_request(developer: Caller, body: bytes, expected: tuple[int, str]):
    """What is not JSON, not a GraphQL request, ambiguous or holds NUL is refused by name."""
    assert refusal(developer.post(body)) == expected


def test_codings_over_http(developer: Caller):
    """A client that packs its body is told so, whatever the body holds; one that sends a mark is answered."""
    document = b'{"query": "{ catalogue { field } }"}'
    packed = developer.post(gzip.compress(document), content_encoding="gzip")
    assert refusal(packed) == (415, "UNSUPPORTED_CONTENT_ENCODING")
    assert developer.post(codecs.BOM_UTF8 + document, content_encoding="Identity").status_code == 200


@pytest.mark.parametrize(
    "said", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_body_of_another_media_type(developer: Caller, said: str):
    """A body that does not say it is JSON is not read."""
    answer = developer.post(b'{"query": "{ catalogue { field } }"}', content_type=said)
    assert refusal(answer) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_an_answer_of_another_media_type(developer: Caller):
    """Whoever accepts neither media type is told so."""
    answer = developer.post(b'{"query": "{ catalogue { field } }"}', accept="text/html")
    assert refusal(answer) == (406, "NOT_ACCEPTABLE")


def test_ten_megabytes(developer: Caller):
    """A body of 10 MB is refused, whether its length is announced or not, and the gateway goes on."""
    body = b'{"query": "' + b" " * 10_000_000 + b'{ catalogue { field } }"}'
    assert refusal(developer.post(body)) == (413, "BODY_TOO_LARGE")
    headers = {"authorization": f"Bearer {developer.token}", "content-type": "application/json"}
    pieces = (body[start : start + 65_536] for start in range(0, len(body), 65_536))
    assert refusal(developer.http.post("/graphql", content=pieces, headers=headers)) == (
        413,
        "BODY_TOO_LARGE",
    )
    assert developer.ask("{ catalogue { field } }").status_code == 200


def test_a_foreign_id_is_answered_as_an_unknown_one(
    library: Caller, register: dict[str, str], persons: list[str]
):
    """Nobody learns by asking which operations others have: the answers are the same bytes."""
    foreign = library.call(register["bank"], id=persons[0])
    unknown = library.call("sha256:" + "0" * 64, id=persons[0])
    assert refusal(foreign) == (404, "OPERATION_UNKNOWN")
    assert (foreign.content, foreign.status_code) == (unknown.content, unknown.status_code)
    assert fixed_headers(foreign) == fixed_headers(unknown)


def test_production_answers_registered_operations_only(library: Caller, persons: list[str]):
    """A free document, introspection included, is refused before it is looked at."""
    for document in (PERSON, "{ __schema { types { name } } }", "{ persom { nam } }", "{"):
        answer = library.ask(document, {"id": persons[0]}, "reward.reading")
        assert refusal(answer) == (403, "DOCUMENT_NOT_ALLOWED")
        assert "mean" not in answer.text


def test_production_has_no_get_and_no_explorer(library: Caller, production: Process, client_of: ClientOf):
    """A URL may be logged on its way, so GET is refused; the explorer's page and session are not there."""
    headers = {"authorization": f"Bearer {library.token}"}
    answer = client_of(production).get("/graphql", params={"documentId": "sha256:00"}, headers=headers)
    assert refusal(answer) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "POST"
    for path in ("/", "/explorer", "/explorer/session.json"):
        assert client_of(production).get(path).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods(developer: Caller, method: str):
    """Only POST is answered, and in the explorer GET."""
    answer = developer.http.request(
        method, "/graphql", headers={"authorization": f"Bearer {developer.token}"}
    )
    assert refusal(answer) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "GET, POST"


def bad_tokens(issuer: Issuer, tmp_issuer: Issuer) -> dict[str, tuple[str | None, str]]:
    """Tokens that must not be accepted, each with the code of its refusal."""
    now, granted = int(time.time()), ("library", ("reward.reading",))
    good = issuer.token(*granted)
    head, body, signature = good.split(".")
    return {
        "no token": (None, "TOKEN_MISSING"),
        "no JWT": ("library", "TOKEN_INVALID"),
        "expired": (issuer.token(*granted, exp=now - 60), "TOKEN_EXPIRED"),
        "not yet valid": (issuer.token(*granted, nbf=now + 300), "TOKEN_NOT_YET_VALID"),
        "forged: another issuer's key": (tmp_issuer.token(*granted), "TOKEN_INVALID"),
        "forged: other claims": (f"{head}.{unsigned(*granted).split('.')[1]}.{signature}", "TOKEN_INVALID"),
        "forged: cut off": (f"{head}.{body}.{signature[:-4]}", "TOKEN_INVALID"),
        "algorithm none": (unsigned(*granted), "TOKEN_INVALID"),
        "algorithm none, signed": (unsigned(*granted) + signature, "TOKEN_INVALID"),
        "another audience": (issuer.token(*granted, aud="another"), "TOKEN_INVALID"),
        "no audience": (issuer.token(*granted, aud=None), "TOKEN_INVALID"),
        "no expiry": (issuer.token(*granted, exp=None), "TOKEN_INVALID"),
        "the demo key": (demo_token(*granted), "TOKEN_INVALID"),
        "very long": ("a" * 9_000, "TOKEN_INVALID"),
    }


TOKENS = (
    "no token", "no JWT", "expired", "not yet valid", "forged: another issuer's key", "forged: other claims",
    "forged: cut off", "algorithm none", "algorithm none, signed", "another audience", "no audience",
    "no expiry", "the demo key", "very long",
)  # fmt: skip


@pytest.mark.parametrize("kind", TOKENS)
def test_a_token_that_is_none(
    library: Caller,
    issuer: Issuer,
    other_issuer: Issuer,
    register: dict[str, str],
    persons: list[str],
    kind: str,
):
    """A token that is missing, expired, forged or meant for somebody else answers nothing."""
    token, code = bad_tokens(issuer, other_issuer)[kind]
    answer = Caller(library.http, token).call(register["library"], of={"person": persons[0]})
    assert refusal(answer) == (401, code)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert token is None or token not in answer.text


def test_purposes(developer: Caller, persons: list[str]):
    """A purpose must be one of the tree's leaves and granted; without one no classified field is read."""
    asked = (PERSON, {"id": persons[0]})
    assert refusal(developer.ask(*asked, "reward")) == (400, "PURPOSE_UNKNOWN")
    assert refusal(developer.ask(*asked, "no.such")) == (400, "PURPOSE_UNKNOWN")
    assert refusal(developer.ask(*asked, "supervision.tax")) == (403, "PURPOSE_NOT_GRANTED")
    assert refusal(developer.ask(*asked)) == (400, "PURPOSE_MISSING")
    assert developer.ask(*asked, REPORT).json()["data"]["person"]["name"]


def test_one_granted_purpose_need_not_be_named(developer: Caller, persons: list[str]):
    """A token of one purpose asks under it; a document that reads nothing classified needs none."""
    one = Caller(developer.http, demo_token("developer", [REPORT]))
    assert one.ask(PERSON, {"id": persons[0]}).json()["data"]["person"]["name"]
    assert developer.ask("{ catalogue { field } }").json()["data"]["catalogue"]


def test_a_registered_operation_needs_its_purpose(
    production: Process, issuer: Issuer, client_of: ClientOf, register: dict[str, str], persons: list[str]
):
    """The client's name is not enough: its token must carry the operation's purpose."""
    without = Caller(client_of(production), issuer.token("library", ("reward.parking",)))
    assert refusal(without.call(register["library"], of={"person": persons[0]})) == (
        403,
        "PURPOSE_NOT_GRANTED",
    )


def invalid_numbers(city: RunningCity) -> list[str]:
    """Identity numbers that are none: a wrong check sign, date, length, sign."""
    good = person_number(city.city, 3)
    wrong = "0" if good[-1] != "0" else "1"
    return [good[:-1] + wrong, good[:6] + "19990230" + good[14:], good[:-1], good + "1", good[:-1] + "A", ""]


def test_an_invalid_identity_number_is_not_echoed(
    developer: Caller, library: Caller, register: dict[str, str], city: RunningCity
):
    """A number that cannot be one is refused by name, and no part of it comes back."""
    for number in invalid_numbers(city):
        free = developer.ask(PERSON, {"id": number}, REPORT)
        written = developer.ask(f'{{ person(id: "{number}") {{ name }} }}', None, REPORT)
        registered = library.call(register["library"], of={"person": number})
        for answer in (free, written, registered):
            assert refusal(answer)[1] in {"IDENTIFIER_INVALID", "DOCUMENT_INVALID"}
            assert number == "" or number not in answer.text
            assert number == "" or number[:10] not in answer.text
        assert refusal(free)[1] == refusal(registered)[1] == "IDENTIFIER_INVALID"


def nested(levels: int) -> str:
    """A document of this many levels between persons and enterprises."""
    turn = ["offices(first: 1) { enterprise { ", "officers(first: 1) { person { "]
    head = "".join(turn[level % 2] for level in range(levels))
    return "query Q($id: PersonNumber!) { person(id: $id) { " + head + "name" + " } }" * levels + " } }"


def wide(fields: int) -> str:
    """A document of this many aliased fields."""
    aliased = " ".join(f"n{each}: name" for each in range(fields))
    return "query Q($id: PersonNumber!) { person(id: $id) { " + aliased + " } }"


BOMB = (
    "query Q($id: PersonNumber!) { person(id: $id) { ...F0 } } "
    + " ".join(f"fragment F{n} on Person {{ ...F{n + 1} ...F{n + 1} }}" for n in range(14))
    + " fragment F14 on Person { name }"
)
CYCLE = (
    "query Q($id: PersonNumber!) { person(id: $id) { ...A } } "
    "fragment A on Person { ...B } fragment B on Person { ...A }"
)
DOCUMENTS = {
    "depth": (nested(8), "TOO_DEEP"),
    "aliases": (wide(51), "TOO_MANY_ALIASES"),
    "tokens": ("{ catalogue { " + "field " * 2_000 + "} }", "TOO_MANY_TOKENS"),
    "deep beyond any parser": ("{ a " * 900 + "}" * 900, "TOO_DEEP"),
    "directives": ("{ catalogue { field " + "@skip(if: false) " * 51 + "} }", "TOO_MANY_DIRECTIVES"),
    "conditions": (
        "query Q(" + " ".join(f"$c{n}: Boolean!" for n in range(7)) + ") { catalogue { "
        + " ".join(f"... @skip(if: $c{n}) {{ field }}" for n in range(7)) + " } }",
        "TOO_MANY_CONDITIONS",
    ),
    "fragments": (BOMB, "TOO_MANY_FRAGMENTS"),
    "cycle": (CYCLE, "FRAGMENT_CYCLE"),
    "syntax": ("{ person(", "DOCUMENT_SYNTAX"),
    "empty": ("", "DOCUMENT_SYNTAX"),
    "unknown field": ("{ persom { nam } }", "DOCUMENT_INVALID"),
    "two operations, none named": ("query A { catalogue { field } } query B { catalogue { item } }", "OPERATION_NAME"),
    "a missing variable": (PERSON, "VARIABLE_INVALID"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_beyond_its_limits(developer: Caller, kind: str):
    """A document that is too large in any measure, or not valid, is refused before anything is read."""
    document, code = DOCUMENTS[kind]
    assert refusal(developer.ask(document, {}, REPORT)) == (400, code)


@pytest.mark.parametrize("kind", ["mutation", "subscription"])
def test_only_queries(developer: Caller, kind: str):
    """Nothing is changed through the graph, and nothing subscribed to."""
    status, code = refusal(developer.ask(f"{kind} {{ person {{ name }} }}", {}, REPORT))
    assert status == 400
    assert code == "OPERATION_KIND"


def test_subjects(
    developer: Caller, hall: Caller, register: dict[str, str], city: RunningCity, enterprises: list[str]
):
    """Too many subjects, or one twice, are refused; a registered operation has its own limit."""
    many = [person_number(city.city, n % 600) for n in range(1_001)]
    assert refusal(developer.ask(PERSONS, {"ids": many}, REPORT)) == (400, "TOO_MANY_SUBJECTS")
    twice = {"ids": [many[0], many[1], many[0]]}
    assert refusal(developer.ask(PERSONS, twice, REPORT)) == (400, "DUPLICATE_SUBJECT")
    assert refusal(hall.call(register["approval-hall"], ids=enterprises[:11])) == (400, "TOO_MANY_SUBJECTS")
    assert len(hall.call(register["approval-hall"], ids=enterprises[:10]).json()["data"]["enterprises"]) == 10


def test_nodes(developer: Caller, city: RunningCity):
    """An answer that could be too large is refused by the plan's estimate, before anything is read."""
    document = (
        "query Q($ids: [PersonNumber!]!) { persons(ids: $ids) { "
        "offices(first: 100) { enterprise { officers(first: 100) { role } } } } }"
    )
    ids = [person_number(city.city, n) for n in range(100)]
    assert refusal(developer.ask(document, {"ids": ids}, REPORT)) == (400, "TOO_MANY_NODES")


def test_nul_in_an_identifier(developer: Caller, persons: list[str]):
    """PostgreSQL cannot hold a NUL, so a text with one is refused wherever it stands."""
    body = json.dumps({"query": PERSON, "variables": {"id": persons[0] + "\x00"}}).encode()
    assert refusal(developer.post(body, data_purpose=REPORT)) == (400, "NUL_BYTE")


def test_a_header_twice(developer: Caller):
    """Two tokens, or two purposes, in one request are ambiguous and refused."""
    headers = [
        ("authorization", f"Bearer {developer.token}"),
        ("content-type", "application/json"),
        ("accept", "application/graphql-response+json"),
        ("data-purpose", REPORT),
        ("data-purpose", "reward.reading"),
    ]
    answer = developer.http.post("/graphql", content=b'{"query": "{ catalogue { field } }"}', headers=headers)
    assert refusal(answer) == (400, "MALFORMED_REQUEST")


def test_denied_fields_are_null_with_their_reason(developer: Caller, persons: list[str]):
    """In the explorer a field that the purpose does not cover is null beside an error that explains."""
    document = "query Q($id: PersonNumber!) { person(id: $id) { name contribution { status } } }"
    answer = developer.ask(document, {"id": persons[0]}, "measure.enforcement")
    assert answer.status_code == 200
    assert answer.json()["data"]["person"]["contribution"] is None
    explained: list[dict[str, Any]] = [error["extensions"] for error in answer.json()["errors"]]
    assert codes(answer) == ["FIELD_DENIED"]
    assert REPORT in explained[0]["purposes"]
    assert explained[0]["purpose"] == "measure.enforcement"
    assert explained[0]["reason"]


def test_an_unknown_subject_is_null(developer: Caller, persons: list[str]):
    """A number that nobody has is null in its place, and no error."""
    nobody = "110105194912310021"[:17] + "X"
    answer = developer.ask(PERSONS, {"ids": [nobody, persons[0]]}, REPORT).json()
    assert [each is None for each in answer["data"]["persons"]] == [True, False]
    assert "errors" not in answer

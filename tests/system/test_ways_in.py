"""Ways in past the purpose of a registered operation: by token, header, body, id and version, over HTTP."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from itertools import islice
from typing import Any

import httpx2
import pytest

from sandbox.city import RunningCity
from sandbox.representatives import representatives
from tests.support.command_line import Caller, Process, demo_token, refusal, sources_of
from tests.support.fixed_headers import fixed_headers
from tests.support.issuer import Issuer
from tests.system.conftest import served

ClientOf = Callable[[Process], httpx2.Client]
NOBODY = "11010519491231002X"
UNKNOWN = "sha256:" + "0" * 64
READING = ("library", ("reward.reading",))


def body(**members: Any) -> bytes:
    """Return a request's body."""
    return json.dumps(members).encode()


def own(register: dict[str, str], person: str) -> dict[str, Any]:
    """Return the library's request about a person."""
    return {"documentId": register["library"], "variables": {"of": {"person": person}}}


def same(*answers: httpx2.Response) -> bool:
    """Whether answers are alike in status, headers and bytes."""
    return len({(each.status_code, each.content, fixed_headers(each)) for each in answers}) == 1


HEADERS = {
    "data-purpose": "subject.report",
    "x-data-purpose": "subject.report",
    "purpose": "subject.report",
    "x-client-id": "approval-hall",
    "x-caller-kind": "developer",
    "x-forwarded-user": "citizen",
    "policy-version": "0",
    "if-match": "0",
    "x-http-method-override": "GET",
    "x-original-url": "/explorer",
    "cookie": "purpose=subject.report",
    "apollo-require-preflight": "true",
}
BESIDE: dict[str, dict[str, Any]] = {
    "a purpose beside": {"purpose": "subject.report"},
    "a purpose in the extensions": {
        "extensions": {"purpose": "subject.report", "dataPurpose": "subject.report"}
    },
    "a policy in the extensions": {"extensions": {"policyVersion": "0", "policy": {"version": "0"}}},
    "a persisted query in the extensions": {
        "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}
    },
    "a kind in the extensions": {"extensions": {"kind": "developer", "client": "approval-hall"}},
    "the name of another operation": {"operationName": "CreditReport"},
    "the name of nothing": {"operationName": "x"},
    "an id and a hash": {"id": "credit-report", "doc_id": "credit-report", "sha256Hash": "0" * 64},
}


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_changes_what_a_registered_operation_is_for(
    library: Caller, register: dict[str, str], persons: list[str], name: str
):
    """A header that speaks of purpose, caller or policy changes no byte of an answer."""
    request = body(**own(register, persons[0]))
    answers = [library.post(request), library.post(request, **{name: HEADERS[name]})]
    assert answers[0].status_code == 200
    assert same(*answers)


@pytest.mark.parametrize("kind", BESIDE)
def test_no_member_changes_what_a_registered_operation_is_for(
    library: Caller, register: dict[str, str], persons: list[str], kind: str
):
    """A member beside the id that speaks of purpose, caller or policy changes no byte of an answer."""
    plain = own(register, persons[0])
    assert same(library.post(body(**plain)), library.post(body(**plain, **BESIDE[kind])))


def test_no_variable_changes_what_a_registered_operation_is_for(
    library: Caller, register: dict[str, str], persons: list[str]
):
    """Variables that the document does not declare are passed over, whatever they are called."""
    plain = own(register, persons[0])
    added = {"purpose": "subject.report", "kind": "developer", "withScores": True, "id": persons[1]}
    sent = {**plain, "variables": {**plain["variables"], **added}}
    assert same(library.post(body(**plain)), library.post(body(**sent)))


def test_a_query_string_changes_nothing(library: Caller, register: dict[str, str], persons: list[str]):
    """What stands in the address of a POST is not read."""
    request = body(**own(register, persons[0]))
    headers = {"authorization": f"Bearer {library.token}", "content-type": "application/json"}
    paths = ("/graphql", f"/graphql?purpose=subject.report&documentId={register['court']}&query=%7Bx%7D")
    assert same(*[library.http.post(path, content=request, headers=headers) for path in paths])


def tricks(document_id: str) -> list[str]:
    """Return ids that look like one and are another."""
    digest = document_id.removeprefix("sha256:")
    return [
        document_id.upper(), digest.upper(), f"SHA256:{digest}", f"sha256:{digest.upper()}",
        f" {document_id}", f"{document_id} ", f"{document_id}\n", f"{document_id}\t", f"sha256:sha256:{digest}",
        f"sha256: {digest}", document_id[:-1], f"{document_id}0", f"./{document_id}", f"{document_id}/..",
        f"\ufeff{document_id}", f"{document_id}\u200b", document_id.replace(":", "："), "library", "library.toml",
        "../operations/library", "*", "sha256:*", "sha256:", "null", "0", "%00", document_id[::-1],
    ]  # fmt: skip


def test_an_id_is_taken_by_the_letter(library: Caller, register: dict[str, str], persons: list[str]):
    """Case, blanks, prefixes, lookalikes and names of files make an id unknown, with the bytes of any other."""
    variables = {"of": {"person": persons[0]}}
    answers = [
        library.post(body(documentId=each, variables=variables)) for each in tricks(register["library"])
    ]
    unknown = library.post(body(documentId=UNKNOWN, variables=variables))
    assert refusal(unknown) == (404, "OPERATION_UNKNOWN")
    assert same(unknown, *answers)


AMBIGUOUS = {
    "id and document": b'{"documentId": "%s", "query": "{ catalogue { field } }"}',
    "id twice": b'{"documentId": "sha256:0", "documentId": "%s"}',
    "id twice, the first one good": b'{"documentId": "%s", "documentId": "sha256:0"}',
    "id twice, one escaped": b'{"documentId": "sha256:0", "document\\u0049d": "%s"}',
    "variables twice": b'{"documentId": "%s", "variables": {}, "variables": {"of": {"person": "x"}}}',
    "a variable twice": b'{"documentId": "%s", "variables": {"of": 1, "of": {"person": "x"}}}',
    "a subject twice": b'{"documentId": "%s", "variables": {"of": {"person": "x", "person": "y"}}}',
    "extensions twice": b'{"documentId": "%s", "extensions": {}, "extensions": {"caseNumber": "1"}}',
    "an array": b'[{"documentId": "%s"}]',
    "an array of two": b'[{"documentId": "%s"}, {"documentId": "%s"}]',
    "an id in a list": b'{"documentId": ["%s"]}',
    "an id in an object": b'{"documentId": {"sha256": "%s"}}',
    "variables in a list": b'{"documentId": "%s", "variables": [{"of": {}}]}',
    "variables as a text": b'{"documentId": "%s", "variables": "{}"}',
}


@pytest.mark.parametrize("kind", AMBIGUOUS)
def test_a_request_that_says_two_things_is_refused(library: Caller, register: dict[str, str], kind: str):
    """Two members of one name, an id beside a document, and several requests in one are not answered."""
    template = AMBIGUOUS[kind]
    sent = template.replace(b"%s", register["library"].encode())
    assert refusal(library.post(sent)) == (400, "MALFORMED_REQUEST")


def test_a_document_in_production_is_not_looked_at(library: Caller, register: dict[str, str]):
    """Where an id is null or missing, a document is refused as it is outside the explorer."""
    for beside in ({}, {"documentId": None}):
        answer = library.post(body(query="{ __schema { types { name } } }", **beside))
        assert refusal(answer) == (403, "DOCUMENT_NOT_ALLOWED")


def test_a_token_opens_no_more_than_its_client_holds(
    explorer: Process, client_of: ClientOf, persons: list[str]
):
    """A purpose that the clients' file does not give a client is not granted to it, whatever its token carries."""
    query = "query Q($of: SubjectKey!) { standing(of: $of) { pds039 } }"
    for carried in (("reward.parking",), ("reward.reading", "reward.parking"), ("supervision.tax",)):
        caller = Caller(client_of(explorer), demo_token("library", carried))
        answer = caller.ask(query, {"of": {"person": persons[0]}}, carried[-1])
        assert refusal(answer) == (403, "PURPOSE_NOT_GRANTED")
    unnamed = Caller(client_of(explorer), demo_token("library", ("reward.parking",)))
    assert refusal(unnamed.ask(query, {"of": {"person": persons[0]}})) == (400, "PURPOSE_MISSING")


def test_a_token_names_no_operation_of_another(
    production: Process, issuer: Issuer, client_of: ClientOf, register: dict[str, str], persons: list[str]
):
    """Whoever carries the purpose of another client's operation still gets the bytes of an unknown one."""
    every = ("reward.reading", "financing.credit", "subject.report", "measure.enforcement", "subject.access")
    caller = Caller(client_of(production), issuer.token("library", every))
    names = ("bank", "credit-report", "court", "citizen", "parking")
    answers = [caller.call(register[name], id=persons[0]) for name in names]
    assert same(caller.call(UNKNOWN, id=persons[0]), *answers)


@pytest.mark.parametrize(
    "claims",
    [
        {"kind": "organ"},
        {"caller_kind": "developer", "roles": ["developer"], "groups": ["auditor"]},
        {"sandbox": True, "explorer": True, "admin": True},
        {"purpose": "subject.report", "data_purpose": ["subject.report"]},
        {"scope": "purpose:reward.reading purpose:* purpose:subject.*"},
        {"department": "市税务局", "region": "320500"},
        {"person": NOBODY},
        {"policy_version": "0", "operations": ["court"]},
    ],
)
def test_no_claim_makes_a_caller_another(
    production: Process,
    issuer: Issuer,
    client_of: ClientOf,
    library: Caller,
    register: dict[str, str],
    persons: list[str],
    claims: dict[str, Any],
):
    """What a token says of kind, role, purpose or policy beside the claims that are read changes no byte."""
    claiming = Caller(client_of(production), issuer.token(*READING, **claims))
    request = body(**own(register, persons[0]))
    assert same(library.post(request), claiming.post(request))
    foreign = body(documentId=register["court"], variables={"ids": persons[:1]})
    assert same(library.post(foreign), claiming.post(foreign))


def test_who_speaks_for_a_person_names_nobody_else(
    production: Process, issuer: Issuer, client_of: ClientOf, register: dict[str, str], persons: list[str]
):
    """A person's own record is that of the token's person: a variable that says otherwise is refused or passed over."""
    token = issuer.token("citizen", ("subject.access",), person=persons[0])
    caller = Caller(client_of(production), token)
    plain = caller.call(register["citizen"])
    assert plain.json()["data"]["person"]["identityNumber"] == persons[0]
    for number in persons[:2]:
        assert refusal(caller.call(register["citizen"], id=number)) == (400, "VARIABLE_INVALID")
    others = {"ID": persons[1], "person": persons[1], "$id": persons[1], "Id": persons[1]}
    assert same(plain, caller.call(register["citizen"], **others))
    nobody = Caller(client_of(production), issuer.token("citizen", ("subject.access",)))
    assert refusal(nobody.call(register["citizen"])) == (403, "SUBJECT_NOT_SELF")


def test_a_window_reads_nobody_who_is_not_there(
    production: Process, issuer: Issuer, client_of: ClientOf, register: dict[str, str], persons: list[str]
):
    """The window's token names the person who stands before it: without one, or for another, there is no report."""
    asks = ("approval-hall", ("subject.report",))
    present = Caller(client_of(production), issuer.token(*asks, person=persons[0]))
    assert present.call(register["credit-report"]).json()["data"]["person"]["name"]
    assert refusal(present.call(register["credit-report"], id=persons[1])) == (400, "VARIABLE_INVALID")
    alone = Caller(client_of(production), issuer.token(*asks))
    assert refusal(alone.call(register["credit-report"])) == (403, "SUBJECT_NOT_SELF")
    assert refusal(alone.call(register["credit-report"], id=persons[1])) == (400, "VARIABLE_INVALID")


def test_nobody_acts_for_an_enterprise_without_its_office(
    production: Process,
    issuer: Issuer,
    client_of: ClientOf,
    register: dict[str, str],
    city: RunningCity,
):
    """Its representative sees an enterprise's own file; anybody else gets the answer for an enterprise that is not there."""

    def caller(person: str, enterprise: str) -> Caller:
        token = issuer.token("citizen", ("subject.access",), person=person, enterprise=enterprise)
        return Caller(client_of(production), token)

    first, *others = islice(representatives(city.city), 40)
    other = next(each for each in others if each.person != first.person)
    seen = caller(*first).call(register["enterprise-file"]).json()["data"]["enterprise"]
    assert seen["creditCode"] == first.enterprise
    own = caller(*first).call(register["my-enterprise-incentives"]).json()["data"]["standing"]
    assert {each["id"].partition("-")[0] for each in own["incentives"]} == {"PDS"}
    assert {"MET", "NOT_MET"} & {each["outcome"]["state"] for each in own["incentives"]}
    refused = caller(other.person, first.enterprise).call(register["enterprise-file"])
    assert refusal(refused) == (403, "REPRESENTATIVE_NOT_IN_OFFICE")
    assert same(refused, caller(first.person, "91411502MA9K4X017Q").call(register["enterprise-file"]))
    person = Caller(client_of(production), issuer.token("citizen", ("subject.access",), person=first.person))
    assert refusal(person.call(register["enterprise-file"])) == (403, "SUBJECT_NOT_SELF")
    assert refusal(caller(*first).call(register["enterprise-file"], id=first.enterprise)) == (
        400,
        "VARIABLE_INVALID",
    )


def test_silence_is_one_answer(library: Caller, register: dict[str, str], persons: list[str]):
    """A person without an answer and one whom nobody knows get the same bytes and headers."""
    answers = [library.post(body(**own(register, each))) for each in (*persons, NOBODY)]
    silent = [each for each in answers if set(each.json()["data"]["standing"].values()) == {None}]
    assert len(silent) >= 2
    assert same(answers[-1], *silent)


def test_no_byte_changes_what_a_registered_operation_is_for(
    library: Caller, register: dict[str, str], persons: list[str]
):
    """However the bytes of a request are changed, it is refused or answered as the operation that it names."""
    rng = random.Random(20260601)
    request = body(**own(register, persons[0]))
    words = [b"purpose", b"subject.report", b"\\u0000", b'"query":"{x}",', b"\xff", b"null", b"[", b"}", b" "]
    for _ in range(400):
        changed = bytearray(request)
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(changed))
            end = place + rng.randint(0, 2)
            changed[place:end] = rng.choice((rng.choice(words), bytes([rng.randrange(256)])))
        answer = library.post(bytes(changed))
        if answer.status_code == 200:
            assert set(answer.json()["data"]["standing"]) == {"depositFree", "longerLoan"}
        else:
            refusal(answer)


def test_names_in_a_token_are_not_logged(
    city: RunningCity,
    transport: dict[str, str],
    issuer: Issuer,
    tmp_path: Any,
    persons: list[str],
    client_of: ClientOf,
):
    """An identity number in place of a client, a purpose, an id or a case stands in no answer, log or metric."""
    number = persons[0]
    settings = {"explorer": "1", "jwks": str(issuer.file), "log_level": "DEBUG"}
    with served(tmp_path, sources_of(city, transport), **settings) as process:
        http = client_of(process)
        tokens = [
            issuer.token(number, ("reward.reading",)),
            issuer.token("developer", (number,)),
            issuer.token("developer", (f"reward.{number}",), department=number, region=number),
        ]
        said = "".join(ask_with(Caller(http, token), number) for token in tokens)
        said += http.get("/metrics").text + process.logged + process.printed
    assert "request refused" in said
    assert number not in said


def ask_with(caller: Caller, number: str) -> str:
    """Ask in several ways with a number where names belong, and return what came back."""
    asked = "query Q($of: SubjectKey!) { standing(of: $of) { pds028 } }"
    variables = {"of": {"person": number}}
    answers = [
        caller.ask(asked, variables),
        caller.ask(asked, variables, number),
        caller.call(number),
        caller.post(body(documentId=UNKNOWN, extensions={"caseNumber": number})),
        caller.post(body(query=asked, operationName=number, variables=variables)),
    ]
    return "".join(answer.text + str(answer.headers) for answer in answers)

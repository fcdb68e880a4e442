"""What the explorer's page asks beside its documents, over HTTP at a running gateway."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from graphql import build_client_schema, build_schema, get_introspection_query

from tests.support.command_line import Caller, Process, codes, demo_token

QUESTION = 'query Q { person(id: "%s") { name taxArrears { since } honours { title } } }'
INSPECTION = "supervision.inspection"


@pytest.fixture(scope="module")
def http(explorer: Process, client_of: Callable[[Process], httpx2.Client]) -> httpx2.Client:
    """A client of a gateway in the explorer's mode."""
    return client_of(explorer)


@pytest.fixture(scope="module")
def hall(http: httpx2.Client) -> Caller:
    """The approval hall, granted two purposes."""
    return Caller(http, demo_token("approval-hall", (INSPECTION, "approval.admission")))


def explained(caller: Caller, body: Any, **headers: str) -> httpx2.Response:
    """Ask for an explanation."""
    sent = {"content-type": "application/json"}
    if caller.token:
        sent["authorization"] = f"Bearer {caller.token}"
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    accept = {"accept": "application/graphql-response+json"}
    return caller.http.post("/explorer/explain", content=content, headers=sent | accept | headers)


def viewed(caller: Caller, query: str = "") -> httpx2.Response:
    """Ask for the schema that the caller sees."""
    sent = {"authorization": f"Bearer {caller.token}", "accept": "application/graphql-response+json"}
    return caller.http.get(f"/explorer/schema{query}", headers=sent)


def refused(response: httpx2.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    (error,) = response.json()["errors"]
    return response.status_code, error["extensions"]["code"]


def test_a_document_is_explained_to_its_caller(hall: Caller, persons: list[str]):
    """The lines are those of the caller's kind and the purpose that it names, and no value stands in them."""
    response = explained(hall, {"query": QUESTION % persons[0], "purpose": INSPECTION})
    assert response.status_code == 200
    answer = response.json()
    assert persons[0] not in response.text
    explanation = answer["explanation"]
    assert (explanation["kind"], explanation["purpose"]) == ("organ", INSPECTION)
    lines = {(line["field"], line["use"]): line for line in explanation["lines"]}
    assert lines[("Person.taxArrears", "read")]["state"] == "allowed"
    denied = lines[("Person.honours", "read")]
    assert (denied["state"], denied["rule"]) == ("denied", "incentive-only-rewards")
    assert "reward.approval" in denied["purposes"]
    assert response.headers["cache-control"] == "no-store"


def test_an_explanation_is_what_an_answer_then_says(hall: Caller, persons: list[str]):
    """A field that is explained as denied is denied in the answer, with the same rule, and no other."""
    document = QUESTION % persons[0]
    lines = explained(hall, {"query": document, "purpose": INSPECTION}).json()["explanation"]["lines"]
    errors = hall.ask(document, purpose=INSPECTION).json()["errors"]
    told = {(line["field"], line["rule"]) for line in lines if line["state"] == "denied"}
    assert {(each["extensions"]["field"], each["extensions"]["rule"]) for each in errors} <= told
    assert ("Person.honours", "incentive-only-rewards") in told


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"query": "{ person { name } }", "purpose": INSPECTION}, 400, "DOCUMENT_INVALID"),
        ({"query": "{ person(", "purpose": INSPECTION}, 400, "DOCUMENT_SYNTAX"),
        ({"query": "{ catalogue { field } }", "purpose": "supervision.nothing"}, 400, "PURPOSE_UNKNOWN"),
        ({"query": "{ catalogue { field } }", "purpose": "supervision.tax"}, 403, "PURPOSE_NOT_GRANTED"),
        ({"query": "{ catalogue { field } }", "purpose": 1}, 400, "MALFORMED_REQUEST"),
        ({"documentId": "sha256:0"}, 400, "MALFORMED_REQUEST"),
        ({}, 400, "MALFORMED_REQUEST"),
        (b"{", 400, "MALFORMED_JSON"),
        (b'{"query": "{ catalogue { field } }", "query": ""}', 400, "MALFORMED_REQUEST"),
        ({"query": "{ a: __typename " * 200, "purpose": INSPECTION}, 400, "TOO_DEEP"),
        (b" " * 300_000, 413, "BODY_TOO_LARGE"),
    ],
)
def test_what_cannot_be_explained_is_refused_as_a_document_is(
    hall: Caller, body: Any, status: int, code: str
):
    """The limits and the errors are those of documents."""
    found = refused(explained(hall, body))
    assert found[0] == status
    assert found[1] == code or (code == "TOO_DEEP" and found[1].startswith(("TOO_", "DOCUMENT_")))


def test_a_token_is_needed(hall: Caller):
    """Without a token, or with a wrong one, nothing is explained and no schema shown."""
    for token in (None, "x.y.z"):
        caller = Caller(hall.http, token)
        assert refused(explained(caller, {"query": "{ catalogue { field } }"}))[0] == 401
        assert refused(viewed(caller))[0] == 401


@pytest.mark.parametrize(("method", "path", "allow"), [("GET", "explain", "POST"), ("POST", "schema", "GET")])
def test_other_methods_are_refused(hall: Caller, method: str, path: str, allow: str):
    """Each address says which method it answers."""
    headers = {"authorization": f"Bearer {hall.token}"}
    response = hall.http.request(method, f"/explorer/{path}", headers=headers)
    assert refused(response) == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == allow


def test_introspection_answers_the_callers_schema(hall: Caller, http: httpx2.Client):
    """Each caller's introspection shows what it may read, and the same as its schema in print."""
    library = Caller(http, demo_token("library", ("reward.reading",)))
    shown: dict[str, set[str]] = {}
    for name, caller in (("hall", hall), ("library", library)):
        answer = caller.ask(get_introspection_query()).json()
        schema, printed = build_client_schema(answer["data"]), build_schema(viewed(caller).json()["sdl"])
        shown[name] = {each for each in schema.type_map if not each.startswith("__")}
        assert shown[name] == {each for each in printed.type_map if not each.startswith("__")}
    assert "TaxGrade" in shown["hall"]
    assert "TaxGrade" not in shown["library"]


def test_the_page_asks_for_its_schema_packed(hall: Caller):
    """The page's question for the schema is answered as documents are, and packed where the browser takes it."""
    sent = {"authorization": f"Bearer {hall.token}", "accept-encoding": "gzip"}
    body = {"query": get_introspection_query()}
    answer = hall.http.post("/explorer/graphql", json=body, headers=sent)
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 100_000
    assert answer.json() == hall.ask(get_introspection_query()).json()
    assert refused(hall.http.post("/explorer/graphql", json=body))[0] == 401


def test_one_purpose_shows_less(hall: Caller):
    """With a purpose the schema is that of the purpose alone, and one that was not granted shows nothing."""
    assert "labourGrade" in viewed(hall, f"?purpose={INSPECTION}").json()["sdl"]
    assert "labourGrade" not in viewed(hall, "?purpose=approval.admission").json()["sdl"]
    assert refused(viewed(hall, "?purpose=supervision.tax")) == (403, "PURPOSE_NOT_GRANTED")
    assert refused(viewed(hall, "?purpose=nothing")) == (400, "PURPOSE_UNKNOWN")
    assert refused(viewed(hall, "?purpose=a&purpose=b")) == (400, "MALFORMED_REQUEST")


def test_outside_of_its_view_a_field_is_denied_with_its_rule(http: httpx2.Client, persons: list[str]):
    """A field that a caller does not see is validated and denied as any other: it is explained, not unknown."""
    rewarding = Caller(http, demo_token("green-lane", ("reward.approval",)))
    assert "taxArrears" not in viewed(rewarding).json()["sdl"]
    answer = rewarding.ask(
        f'{{ person(id: "{persons[0]}") {{ taxArrears {{ since }} }} }}', purpose="reward.approval"
    )
    assert codes(answer) == ["FIELD_DENIED"]
    assert answer.json()["errors"][0]["extensions"]["rule"] == "rewards-see-no-adverse-record"


def test_production_has_no_such_address(production: Process, client_of: Callable[[Process], httpx2.Client]):
    """Outside the explorer neither address is there."""
    http = client_of(production)
    assert http.post("/explorer/explain", json={"query": "{ __typename }"}).status_code == 404
    assert http.get("/explorer/schema").status_code == 404
    assert http.post("/explorer/graphql", json={"query": "{ __typename }"}).status_code == 404

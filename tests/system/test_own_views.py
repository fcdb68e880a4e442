"""What callers read about themselves in production: their schema and their registered operations, over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import httpx2
import pytest
from graphql import build_schema, parse, validate

from tests.support.admissions import CLIENTS, REGISTER
from tests.support.command_line import Caller, Process, refusal
from tests.support.issuer import Issuer

OwnOf = Callable[[str], Caller]
PATHS = ("/schema.graphql", "/operations")


@pytest.fixture(scope="module")
def own(production: Process, issuer: Issuer, client_of: Callable[[Process], httpx2.Client]) -> OwnOf:
    """A caller in production for each client, with a token for all purposes of the client."""
    return lambda name: Caller(client_of(production), issuer.token(name, sorted(CLIENTS[name].purposes)))


def get(caller: Caller, path: str, method: str = "GET", **headers: str) -> httpx2.Response:
    """Ask a path as a caller."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    token = {} if caller.token is None else {"authorization": f"Bearer {caller.token}"}
    return caller.http.request(method, path, headers={**token, **sent})


@pytest.mark.parametrize("name", ["library", "bank", "court", "tax-bureau", "statistics"])
def test_a_client_s_operations_fit_the_schema_that_it_reads(own: OwnOf, name: str):
    """The schema of a caller is one that its tools can build, and its registered documents are valid over it."""
    answer = get(own(name), "/schema.graphql")
    assert answer.status_code == 200
    schema = build_schema(answer.text)
    documents = [each["document"] for each in get(own(name), "/operations").json()]
    assert documents
    assert [validate(schema, parse(document)) for document in documents] == [[]] * len(documents)


def test_a_schema_shows_what_its_caller_may_read_only(own: OwnOf):
    """What a client may read for none of its purposes is not in its schema."""
    bank, library = (get(own(name), "/schema.graphql").text for name in ("bank", "library"))
    assert "amountFen" in bank
    assert "amountFen" not in library


def test_a_schema_is_that_of_the_token_s_purposes(
    production: Process, issuer: Issuer, client_of: Callable[[Process], httpx2.Client], own: OwnOf
):
    """A token with fewer purposes than its client may hold reads a smaller schema; others' purposes add nothing."""
    fewer = issuer.token("approval-hall", ["approval.admission"])
    foreign = issuer.token("approval-hall", ["approval.admission", "measure.enforcement"])
    small, same = (
        get(Caller(client_of(production), each), "/schema.graphql").text for each in (fewer, foreign)
    )
    assert small == same
    assert len(small) < len(get(own("approval-hall"), "/schema.graphql").text)


@pytest.mark.parametrize("path", PATHS)
def test_what_a_client_has_is_not_sent_again(own: OwnOf, path: str):
    """A client that names the ETag of its copy gets 304 without a body, and only for its own copy."""
    answer = get(own("library"), path)
    tag = answer.headers["etag"]
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["vary"] == "authorization"
    for named in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        kept = get(own("library"), path, if_none_match=named)
        assert (kept.status_code, kept.content, kept.headers["etag"]) == (304, b"", tag)
        assert len(kept.headers["x-request-id"]) == 32
    for other in ('"x"', get(own("bank"), path).headers["etag"]):
        assert get(own("library"), path, if_none_match=other).content == answer.content
    head = get(own("library"), path, "HEAD")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("accept", ["text/plain", "*/*", "application/json", "text/html"])
def test_one_media_type_whatever_is_accepted(own: OwnOf, path: str, accept: str):
    """Tools that read a schema or a list accept anything or nothing in particular, and get it under their request's id."""
    expected = {"/schema.graphql": "application/graphql", "/operations": "application/json"}[path]
    answer = get(own("library"), path, accept=accept, x_request_id="order-17")
    assert answer.headers["x-request-id"] == "order-17"
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, expected)


@pytest.mark.parametrize("path", PATHS)
def test_own_views_need_a_token_and_are_read_only(own: OwnOf, path: str):
    """Without a token nothing is shown, not even by ETag; no method changes anything."""
    library = own("library")
    nobody = get(Caller(library.http, None), path, if_none_match="*")
    assert refusal(nobody) == (401, "TOKEN_MISSING")
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = get(library, path, method)
        assert refusal(answer) == (405, "METHOD_NOT_ALLOWED")
        assert answer.headers["allow"] == "GET, HEAD"


def test_operations_are_the_client_s_own(own: OwnOf, persons: list[str]):
    """Each operation of the client, and no other's, is listed with all that is needed to ask it."""
    hall = get(own("approval-hall"), "/operations").json()
    names = sorted(name for name, each in REGISTER.items() if "approval-hall" in each.clients)
    assert [each["name"] for each in hall] == names
    library = next(each for each in get(own("library"), "/operations").json() if each["name"] == "library")
    assert library["variables"] == {"of": "SubjectKey!"}
    assert library["granted"] is True
    answer = own("library").call(library["documentId"], of={"person": persons[0]})
    assert answer.status_code == 200
    assert library["caseNumber"] is False
    assert [each["caseNumber"] for each in get(own("court"), "/operations").json()] == [True]
    report = next(each for each in hall if each["name"] == "credit-report")
    assert report["variables"] == {}, "the token gives it"


def test_operations_say_for_what_a_token_is_good(
    production: Process, issuer: Issuer, client_of: Callable[[Process], httpx2.Client]
):
    """An operation whose purpose the token lacks is listed as not granted."""
    token = issuer.token("approval-hall", ["subject.report"])
    listed = get(Caller(client_of(production), token), "/operations").json()
    assert {each["name"]: each["granted"] for each in listed} == {
        "approval-hall": False,
        "credit-report": True,
        "enterprise-report": True,
        "inspection": False,
        "report-summary": True,
    }


def test_an_unknown_client_sees_nothing(
    production: Process, issuer: Issuer, client_of: Callable[[Process], httpx2.Client]
):
    """A token of a client that clients.toml does not name reads neither."""
    caller = Caller(client_of(production), issuer.token("nobody", ["reward.reading"]))
    for path in PATHS:
        assert refusal(get(caller, path)) == (403, "PURPOSE_NOT_GRANTED")

"""The open index of a gateway in production, over HTTP: everybody reads it, and it is what the graph answers."""

from __future__ import annotations

from collections.abc import Callable

import httpx2
import pytest

from sandbox.city import RunningCity
from sandbox.enterprises import credit_code
from sandbox.people import person_number
from tests.support.admissions import REGISTER
from tests.support.command_line import Caller, Process
from tests.support.issuer import Issuer

ClientOf = Callable[[Process], httpx2.Client]
FORMS = ("application/json", "text/html")


@pytest.mark.rule("R05")
def test_everybody_reads_what_the_graph_answers(production: Process, issuer: Issuer, client_of: ClientOf):
    """Without a token the index is answered, and the client that publishes it hears the same from the graph."""
    http = client_of(production)
    answer = http.get("/open", headers={"accept": "application/json"})
    assert answer.status_code == 200
    asked = {"documentId": REGISTER["open-index"].document_id}
    caller = Caller(http, issuer.token("credit-site", ["open.catalogue"]))
    token = {"authorization": f"Bearer {caller.token}"}
    assert http.post("/graphql", json=asked, headers=token).json() == {"data": {"openIndex": answer.json()}}


@pytest.mark.parametrize("form", FORMS)
def test_no_subject_stands_in_it(production: Process, client_of: ClientOf, city: RunningCity, form: str):
    """No identity number and no credit code of the city stands in the index, in either form."""
    answer = client_of(production).get("/open", headers={"accept": form})
    assert answer.headers["content-type"].startswith(form)
    persons = [person_number(city.city, each) for each in range(city.city.population)]
    codes = [credit_code(city.city, each) for each in range(city.city.enterprises)]
    assert [each for each in (*persons, *codes) if each in answer.text] == []


@pytest.mark.parametrize("form", FORMS)
def test_a_head_has_no_body(production: Process, client_of: ClientOf, form: str):
    """HEAD answers as GET does, without the body; another method is refused."""
    http = client_of(production)
    whole, head = (http.request(each, "/open", headers={"accept": form}) for each in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    assert {name: value for name, value in head.headers.items() if name not in ("date", "x-request-id")} == {
        name: value for name, value in whole.headers.items() if name not in ("date", "x-request-id")
    }
    assert http.post("/open").status_code == 405

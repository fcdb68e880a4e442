"""What an adversary tried against a running gateway, each attempt with the rule that ends it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx2

from catalogue.ages import digits_of, is_born_by, youngest_adult
from catalogue.city_clock import city_today
from sandbox.city import RunningCity
from sandbox.people import person
from tests.support.command_line import Caller, Process, refusal
from tests.support.issuer import Issuer

NUMBER = "411502197703180028"


def raw(process: Process, *parts: bytes) -> bytes:
    """Send bytes as they are and return what comes back until the connection ends."""
    address = urlsplit(process.ready())
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        for part in parts:
            try:
                connection.sendall(part)
            except OSError:
                break
        received = b""
        while chunk := _received(connection):
            received += chunk
    return received


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except OSError:
        return b""


def test_a_head_that_goes_on_is_ended(production: Process):
    """A request head of more than 64 KiB ends the connection, whether or not it is complete."""
    head = b"POST /graphql HTTP/1.1\r\nhost: x\r\nx: "
    answer = raw(production, head, *[b"a" * 65536] * 40)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431")
    assert httpx2.get(f"{production.ready()}/healthz", trust_env=False).status_code == 200


def test_a_long_accept_header_is_not_read(production: Process):
    """An Accept header of many parts is refused before anything is made of it, and without a token."""
    answer = httpx2.post(
        f"{production.ready()}/graphql", headers={"accept": ";," * 20_000}, content=b"{}", trust_env=False
    )
    assert refusal(answer) == (406, "NOT_ACCEPTABLE")


def test_a_padded_token_is_refused(library: Caller):
    """Blanks before a token do not make the gateway remember them."""
    answer = library.post(b"{}", authorization="Bearer " + " " * 20_000 + (library.token or ""))
    assert refusal(answer) == (401, "TOKEN_INVALID")


def test_a_sandbox_client_is_unknown_in_production(
    production: Process, issuer: Issuer, client_of: Callable[[Process], httpx2.Client], register
):
    """What exists in the explorer only is not served outside it, whoever signs the token."""
    developer = Caller(client_of(production), issuer.token("developer", ("approval.admission",)))
    answer = developer.call(register["developer"], by=[{"person": NUMBER}])
    assert refusal(answer) == (404, "OPERATION_UNKNOWN")


def test_no_redirect_repeats_a_query_string(production: Process):
    """A path with a slash too many is not found; a redirect would say the query string once more."""
    answer = httpx2.get(f"{production.ready()}/graphql/?id={NUMBER}", trust_env=False)
    assert answer.status_code == 404
    assert NUMBER not in str(answer.headers) + answer.text


def test_aliases_of_schema_fields_are_bounded(developer: Caller):
    """A document cannot ask for introspection as often as it likes."""
    introspection = " ".join(f"s{n}: __schema {{ types {{ name }} }}" for n in range(20))
    assert refusal(developer.ask(f"{{ {introspection} }}")) == (400, "TOO_MANY_NODES")


def test_errors_beside_an_answer_are_bounded(developer: Caller, city: RunningCity):
    """An answer holds at most 2,000 errors and says how many it leaves out."""
    latest = digits_of(youngest_adult(city_today()))
    living = (each for each in (person(city.city, number) for number in range(160)) if not each.deceased)
    ids = [each.number for each in living if is_born_by(each.number, latest)][:60]
    fields = " ".join(f"s{number}: scores {{ band }}" for number in range(49))
    query = f"query($ids: [PersonNumber!]!) {{ persons(ids: $ids) {{ {fields} }} }}"
    answer = developer.ask(query, {"ids": ids}, "supervision.inspection").json()
    assert len(answer["errors"]) == 2_000
    assert answer["extensions"]["errorsLeftOut"] == 49 * 60 - 2_000

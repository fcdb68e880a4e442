"""A bank at a gateway in production, over real bureaus: authorisations of the synthetic city open its borrowers and nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import httpx2
import pytest

from sandbox.books import rows_of
from sandbox.city import RunningCity
from sandbox.people import person
from tests.support.command_line import Caller, Process, refusal
from tests.support.fixed_headers import fixed_headers
from tests.support.issuer import Issuer

UNKNOWN = "11010519491231002X"
FATES: dict[str, Callable[[tuple[Any, ...]], bool]] = {
    "spent": lambda row: row[6] is not None and row[7] >= row[6],
    "over": lambda row: row[5] < date(2026, 7, 1),
    "withdrawn": lambda row: row[8] is not None,
    "of another lender": lambda row: row[1] != "bank",
}


@pytest.fixture(scope="module")
def bank(production: Process, issuer: Issuer, client_of: Callable[[Process], httpx2.Client]) -> Caller:
    """The bank's system at the gateway in production."""
    return Caller(client_of(production), issuer.token("bank", ("financing.credit",)))


def authorised(city: RunningCity) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the persons of the city who gave an authorisation, with its row."""
    for index in range(city.city.population):
        subject = person(city.city, index)
        for row in rows_of(subject, "credit_office", "authorisation"):
            yield subject.number, row


def ask(bank: Caller, document_id: str, borrower: str, number: str) -> httpx2.Response:
    """Ask about a borrower under a number."""
    request = {"documentId": document_id, "variables": {"id": borrower}}
    return bank.post(json.dumps({**request, "extensions": {"caseNumber": number}}).encode())


def test_a_bank_reads_who_authorised_it(bank: Caller, city: RunningCity, register: dict[str, str]):
    """Under an authorisation that stands and names every item the borrower is answered without an error."""
    stands = (
        (key, row[0])
        for key, row in authorised(city)
        if not any(each(row) for each in FATES.values()) and "XY-TAX" in row[3] and row[6] is None
    )
    borrower, number = next(stands)
    answer = ask(bank, register["bank"], borrower, number).json()
    assert "errors" not in answer
    assert answer["data"]["person"]["name"]


@pytest.mark.parametrize("fate", FATES)
def test_a_bank_learns_nothing_of_whoever_did_not(
    bank: Caller, city: RunningCity, register: dict[str, str], fate: str
):
    """Spent, over, withdrawn or another lender's: the answer is that about an unknown person, byte by byte."""
    borrower, row = next((key, row) for key, row in authorised(city) if FATES[fate](row))
    answer = ask(bank, register["bank"], borrower, row[0])
    unknown = ask(bank, register["bank"], UNKNOWN, row[0])
    assert refusal(answer) == (403, "AUTHORISATION_MISSING")
    assert (answer.content, fixed_headers(answer)) == (unknown.content, fixed_headers(unknown))
    assert borrower not in answer.text


@pytest.mark.parametrize("number", ["（2026）豫15执123号", "信市监处罚〔2026〕12号"])
def test_a_bank_names_no_case_of_a_court_or_an_organ(
    bank: Caller, register: dict[str, str], persons: list[str], number: str
):
    """The number of another kind of case is refused with a code of its own, before anybody is looked at."""
    assert refusal(ask(bank, register["bank"], persons[0], number)) == (400, "CASE_NUMBER_KIND")

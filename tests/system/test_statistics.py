"""The city's statistics as their one client asks for them, against the ground truth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from sandbox.city import RunningCity
from sandbox.counted import counts_of
from tests.support.command_line import Caller, Process, codes, refusal
from tests.support.issuer import Issuer

TABLES = {
    "enterprisesByCountyAndTaxGrade": ("tax.enterprises_by_county_and_grade", "county", "grade"),
    "employersByCountyAndPaymentGrade": ("social_security.employers_by_county_and_grade", "county", "grade"),
    "defaultersByCourtAndConduct": ("courts.defaulters_by_court_and_conduct", "court", "conduct"),
    "newEnterprisesByCountyAndKind": ("registry.new_enterprises_by_county_and_kind", "county", "kind"),
}
YEAR = 2025


@pytest.fixture(scope="module")
def statistics(production: Process, issuer: Issuer, client_of: Callable[[Process], httpx2.Client]) -> Caller:
    """The statistics bureau's system at the gateway in production."""
    return Caller(client_of(production), issuer.token("statistics", ("statistics.city",)))


@pytest.fixture(scope="module")
def answer(statistics: Caller, register: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """All tables of a year."""
    response = statistics.call(register["city-statistics"], year=YEAR)
    assert response.status_code == 200
    return response.json()["data"]


@pytest.mark.parametrize("field", TABLES)
def test_what_is_released_is_true(answer: dict[str, list[dict[str, Any]]], city: RunningCity, field: str):
    """Each released count, totals included, is what the books of the city come to."""
    table, row, column = TABLES[field]
    truth = {cell[1:]: count for cell, count in counts_of(city.city, table).items() if cell[0] == YEAR}
    released = [each for each in answer[field] if not each["suppressed"]]
    assert released
    for each in released:
        labels = (each[row], each[column])
        fits = (
            count
            for cell, count in truth.items()
            if all(label in (None, held) for label, held in zip(labels, cell, strict=True))
        )
        assert each["count"] == sum(fits)


def test_no_small_count_of_the_city_is_released(answer: dict[str, list[dict[str, Any]]]):
    """A city of few enterprises has many small counts, and every one of them is withheld."""
    cells = [each for table in answer.values() for each in table]
    assert any(each["suppressed"] for each in cells)
    assert any(each["count"] for each in cells)
    assert all(each["count"] is None for each in cells if each["suppressed"])
    assert all(each["count"] == 0 or each["count"] >= 5 for each in cells if not each["suppressed"])


def test_asked_again_a_table_is_the_same_bytes(statistics: Caller, register: dict[str, str]):
    """Two releases of one closed year differ in nothing."""
    one, other = (statistics.call(register["city-statistics"], year=YEAR) for _ in range(2))
    assert one.content == other.content


def test_nobody_else_asks_for_statistics(library: Caller, register: dict[str, str]):
    """To another client the operation does not exist."""
    assert refusal(library.call(register["city-statistics"], year=YEAR)) == (404, "OPERATION_UNKNOWN")


def test_the_statistics_bureau_asks_for_nothing_else(
    statistics: Caller, register: dict[str, str], enterprises: list[str]
):
    """To the statistics bureau every operation over subjects is unknown."""
    asked = statistics.call(register["auditor"], ids=enterprises[:1])
    assert refusal(asked) == (404, "OPERATION_UNKNOWN")


def test_a_developer_sees_tables_under_statistics_only(developer: Caller):
    """At the explorer a table is denied under a purpose over subjects."""
    text = "{ defaultersByCourtAndConduct(year: 2025) { count } }"
    response = developer.ask(text, purpose="supervision.inspection")
    assert response.json()["data"] == {"defaultersByCourtAndConduct": None}
    assert codes(response) == ["FIELD_DENIED"]

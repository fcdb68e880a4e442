"""A grade enters as one of its scheme. A subject that the scheme does not grade has no grade, and a time without a scheme has none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import bureaus
from adapters.bureau_errors import ContractBroken
from adapters.form_entry import OTHER_FORM
from adapters.grade_entry import NOT_APPLIED, OTHER_LETTER, UNGRADED, UNSCHEMED, GradeRule
from adapters.quality.row_judge import RowJudge
from adapters.source import Batch, Query
from adapters.validation import checker_of
from catalogue.declarations import datasets_by_name
from catalogue.grade_schemes import CUSTOMS_ENTERPRISES, LABOUR_INTEGRITY, TAXPAYERS, Grading
from catalogue.legal_forms import LegalForm, legal_form_of
from sandbox.enterprises import enterprise
from sandbox.model import City
from sandbox.people import person_number

DATASETS = datasets_by_name(bureaus.discover().values())
CITY = City.of(2_000)
PERSON = person_number(CITY, 0)
KINDS = {
    kind: next(
        firm.number
        for index in range(CITY.enterprises)
        if legal_form_of((firm := enterprise(CITY, index)).number) is kind
    )
    for kind in LegalForm
    if kind is not LegalForm.PERSON
}
"""An organisation of each kind."""
ENTERPRISE = LegalForm.ENTERPRISE
COMPANY, BUSINESS = KINDS[LegalForm.ENTERPRISE], KINDS[LegalForm.INDIVIDUAL_BUSINESS]
OLD, NEW = date(2025, 4, 30), date(2026, 4, 30)
APPLIED = date(2025, 9, 1)


def entered(name: str, key: str, *rows: Sequence[Any]) -> Batch:
    """Return what enters of rows by all columns of a data set of grades."""
    bureau, dataset = name.partition(".")[0], DATASETS[name]
    query = Query(bureau, dataset, tuple(each.name for each in dataset.stored), "supervision.tax")
    return checker_of(query).check([key], [(key, *row) for row in rows])


def broken(batch: Batch) -> list[str]:
    """Return the rules that the keys of a batch break."""
    return [each.reason for each in batch.broken.values() if isinstance(each, ContractBroken)]


def taxed(key: str, assessed: date, applied: date | None) -> Batch:
    """Return what enters of one taxpayer grade."""
    return entered("tax.latest_taxpayer_grade", key, (assessed.year - 1, "B", 80, assessed, applied))


def test_a_grade_of_its_scheme_enters():
    """A company is graded as a taxpayer, under the measures of the day."""
    for day in (OLD, NEW):
        assert list(taxed(COMPANY, day, None).rows) == [COMPANY]


def test_an_individual_business_is_graded_if_it_applied():
    """An individual business's grade without an application breaks the contract, and enters with one."""
    assert broken(taxed(BUSINESS, NEW, None)) == [NOT_APPLIED]
    assert list(taxed(BUSINESS, NEW, APPLIED).rows) == [BUSINESS]


def test_a_grade_of_a_time_without_a_scheme_is_used_for_nothing():
    """Before 2025-07-01 no measures graded an individual business: the row is counted and told, and shown to nobody."""
    batch = taxed(BUSINESS, OLD, APPLIED)
    assert (batch.rows, batch.broken, batch.refused) == ({}, {}, {UNSCHEMED: 1})


def test_of_several_years_those_of_a_scheme_enter():
    """A list keeps the years that a scheme graded, and counts the others."""
    rows = ((2025, "B", 80, NEW, APPLIED), (2024, "A", 95, OLD, APPLIED))
    batch = entered("tax.taxpayer_grade", BUSINESS, *rows)
    assert [row[1] for row in batch.rows[BUSINESS]] == [2025]
    assert batch.refused == {UNSCHEMED: 1}


@pytest.mark.parametrize("kind", sorted(KINDS, key=str))
def test_labour_grades_are_of_enterprises_alone(kind: LegalForm):
    """A labour grade of anybody but an enterprise breaks the contract."""
    batch = entered("social_security.labour_grade", KINDS[kind], (2025, "A", NEW))
    assert broken(batch) == ([] if kind is LegalForm.ENTERPRISE else [UNGRADED])


@pytest.mark.parametrize("kind", [None, *sorted(KINDS, key=str)])
def test_transport_grades_are_of_workers_and_enterprises(kind: LegalForm | None):
    """Workers with a licence and enterprises are graded in road transport, and no other organisation."""
    key = KINDS[kind] if kind else PERSON
    batch = entered("transport.transport_grade", key, (2025, "AAA", 0, NEW, "豫1号"))
    assert broken(batch) == ([] if kind in (None, LegalForm.ENTERPRISE) else [UNGRADED])


def test_a_letter_of_another_scheme_is_refused():
    """D was a grade of another trade: no worker has it."""
    batch = entered("transport.transport_grade", PERSON, (2025, "D", 30, NEW, "豫1号"))
    assert broken(batch) == ["grade: not a declared code"]


def test_each_scheme_has_letters_of_its_own():
    """Where a data set has two schemes, a letter of the one is no grade of the other."""
    grading = Grading((LABOUR_INTEGRITY, CUSTOMS_ENTERPRISES))
    rule = GradeRule(grading, ("grade", "assessed_on"))
    assert rule.fault((COMPANY, "ADVANCED_CERTIFIED", NEW), ENTERPRISE) == OTHER_LETTER
    assert rule.fault((COMPANY, "A", NEW), ENTERPRISE) is None


@pytest.mark.parametrize("columns", [(), ("grade",), ("year",)])
@pytest.mark.parametrize(
    ("day", "letter", "rule"),
    [
        (date(2018, 3, 31), "M", [OTHER_LETTER]),
        (date(2018, 4, 1), "M", []),
        (date(2018, 3, 31), "B", []),
    ],
)
def test_a_letter_before_its_first_day_breaks_the_contract(
    columns: tuple[str, ...], day: date, letter: str, rule: list[str]
):
    """No taxpayer had an M before 2018-04-01, whether or not the letter is asked for."""
    dataset = DATASETS["tax.latest_taxpayer_grade"]
    query = Query("tax", dataset, columns, "supervision.tax")
    values = {"year": day.year - 1, "grade": letter, "points": None, "assessed_on": day, "applied_on": None}
    row = (COMPANY, *(values[name] for name in query.read_columns))
    batch = checker_of(query).check([COMPANY], [row])
    assert broken(batch) == rule
    assert bool(batch.rows) is not bool(rule)


def test_customs_levels_are_those_since_april_2026():
    """Five levels hold from 2026-04-01; what was determined before is of another scheme, and used for nothing."""
    assert len(CUSTOMS_ENTERPRISES.letters) == 5
    rule = GradeRule(Grading((CUSTOMS_ENTERPRISES,)), ("grade", "assessed_on"))
    assert rule.scheme((COMPANY, "CERTIFIED", date(2026, 3, 31)), ENTERPRISE) is None
    assert rule.scheme((COMPANY, "CERTIFIED", date(2026, 4, 1)), ENTERPRISE) is CUSTOMS_ENTERPRISES


@given(
    key=st.sampled_from([PERSON, *KINDS.values()]),
    day=st.dates(date(2010, 1, 1), date(2030, 1, 1)),
    applied=st.none() | st.just(APPLIED),
)
def test_whatever_enters_is_of_a_scheme(key: str, day: date, applied: date | None):
    """A grade that enters is of a scheme in force on its day that covers its subject, by itself or on application."""
    dataset = DATASETS["tax.latest_taxpayer_grade"]
    assert dataset.grading is not None
    rule = GradeRule(dataset.grading, ("grade", "assessed_on", "applied_on"))
    row = (key, "B", day, applied)
    covered = [each for each in dataset.grading.schemes if each.holds(day)]
    kind = legal_form_of(key)
    by_itself = any(kind in each.graded for each in covered)
    by_choice = any(kind in each.by_choice for each in covered) and applied is not None
    enters = rule.fault(row, kind) is None and rule.scheme(row, kind) is not None
    assert enters is (by_itself or by_choice)


def test_a_grade_that_nobody_asks_for_is_held_to_its_scheme():
    """The gateway reads the deciding columns in every query. A question for the year alone is decided alike."""
    dataset = DATASETS["tax.latest_taxpayer_grade"]
    query = Query("tax", dataset, ("year",), "supervision.tax")
    assert {"assessed_on", "applied_on"} <= set(query.read_columns)
    places = {"year": 2025, "grade": "B", "assessed_on": NEW, "applied_on": None}
    batch = checker_of(query).check([BUSINESS], [(BUSINESS, *(places[name] for name in query.read_columns))])
    assert broken(batch) == [NOT_APPLIED]
    assert TAXPAYERS.holds(NEW)


@pytest.mark.parametrize("form", sorted(KINDS, key=str))
@pytest.mark.parametrize(
    ("name", "role"),
    [("registry.legal_representative", "LEGAL_REPRESENTATIVE"), ("registry.operator", "OPERATOR")],
)
def test_an_individual_business_has_an_operator(name: str, role: str, form: LegalForm):
    """An individual business has an operator and no legal representative; every other organisation the other way round."""
    row = (PERSON, KINDS[form], role, APPLIED, None, "1")
    batch = entered(name, KINDS[form], row)
    rightly = (form is LegalForm.INDIVIDUAL_BUSINESS) is (role == "OPERATOR")
    assert broken(batch) == ([] if rightly else [OTHER_FORM])
    assert bool(batch.rows) is rightly


REGISTERED = {
    "COMPANY": {LegalForm.ENTERPRISE},
    "INDIVIDUAL_BUSINESS": {LegalForm.INDIVIDUAL_BUSINESS},
    "COOPERATIVE": {LegalForm.COOPERATIVE},
    "VILLAGE_COLLECTIVE": {LegalForm.ENTERPRISE, LegalForm.COOPERATIVE, LegalForm.OTHER},
    "PUBLIC_INSTITUTION": {LegalForm.OTHER},
    "SOCIAL_ORGANISATION": {LegalForm.OTHER},
}
"""The forms that a credit code may tell of what the registry calls so (GB 32100-2015)."""


@pytest.mark.parametrize("form", sorted(KINDS, key=str))
@pytest.mark.parametrize("kind", sorted(REGISTERED))
@pytest.mark.parametrize("asked", [("name",), ("kind",)])
def test_the_kind_and_the_code_are_of_one_organisation(kind: str, form: LegalForm, asked: tuple[str, ...]):
    """A row of the registry whose kind its code contradicts breaks the contract, whatever is asked of it, and is counted."""
    dataset, code = DATASETS["registry.enterprise"], KINDS[form]
    assert REGISTERED.keys() == dataset.by_name["kind"].codes
    values: dict[str, Any] = {
        "credit_code": code, "name": "甲", "kind": kind, "region": "411502", "industry": "零售业",
        "established_on": NEW, "registered_capital_fen": None, "status": "ACTIVE",
    }  # fmt: skip
    query = Query("registry", dataset, asked, "supervision.tax")
    batch = checker_of(query).check([code], [(code, *(values[each] for each in query.read_columns))])
    can_be = form in REGISTERED[kind]
    assert broken(batch) == ([] if can_be else [OTHER_FORM])
    assert bool(batch.rows) is can_be
    judge = RowJudge(dataset)
    judge.take([(code, *(values[each.name] for each in dataset.stored))])
    assert judge.result("registry", "all").faults["scheme"] == (not can_be)


@pytest.mark.parametrize("form", sorted(KINDS, key=str))
@pytest.mark.parametrize("name", ["registry.office_by_person", "registry.office_by_enterprise"])
@pytest.mark.parametrize("role", ["LEGAL_REPRESENTATIVE", "OPERATOR", "MANAGER"])
@pytest.mark.parametrize("asked", [("role",), ("since",)])
def test_no_list_of_offices_has_an_office_that_cannot_be(
    name: str, role: str, form: LegalForm, asked: tuple[str, ...]
):
    """A legal representative of an individual business, or another's operator, is in no list, whatever is asked of it."""
    dataset, code = DATASETS[name], KINDS[form]
    values = {
        "person_number": PERSON, "credit_code": code, "role": role,
        "since": APPLIED, "until": None, "office_number": "1",
    }  # fmt: skip
    query = Query("registry", dataset, asked, "supervision.tax")
    key = values[dataset.key]
    assert isinstance(key, str)
    batch = checker_of(query).check([key], [(key, *(values[each] for each in query.read_columns))])
    can_be = role == "MANAGER" or (form is LegalForm.INDIVIDUAL_BUSINESS) is (role == "OPERATOR")
    assert broken(batch) == ([] if can_be else [OTHER_FORM])
    assert bool(batch.rows) is can_be


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("tax.latest_taxpayer_grade", (BUSINESS, 2025, "B", 80, NEW, None)),
        ("transport.transport_grade", (BUSINESS, 2025, "AAA", 0, NEW, "豫1号")),
        (
            "registry.legal_representative",
            (BUSINESS, PERSON, BUSINESS, "LEGAL_REPRESENTATIVE", NEW, None, "1"),
        ),
        ("registry.office_by_person", (PERSON, PERSON, BUSINESS, "LEGAL_REPRESENTATIVE", NEW, None, "1")),
    ],
)
def test_the_check_of_bureaus_counts_what_no_scheme_covers(name: str, row: Sequence[Any]):
    """A row that a subject of its form cannot have is counted by `creditgraph bureaus check`, as `scheme`."""
    judge = RowJudge(DATASETS[name])
    judge.take([row])
    found = judge.result(name.partition(".")[0], "all").faults
    assert {fault for fault, count in found.items() if count} == {"scheme"}

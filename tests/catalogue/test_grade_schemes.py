"""A grade belongs to a scheme: who is graded, by whom, in which letters, from when on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import bureaus
from catalogue.catalogue_item import BOTH, ENTERPRISES, PERSONS, SubjectKind
from catalogue.classification import DataClass
from catalogue.declaration_checks import check_declarations
from catalogue.declarations import Bureau, Dataset, DeclarationError, SubjectField, adverse_datasets
from catalogue.declared_codes import Codes
from catalogue.grade_schemes import (
    ENTERPRISE_TAXPAYERS,
    LABOUR,
    ROAD_TRANSPORT,
    TAXPAYERS,
    TRANSPORT_WORKERS,
    Grading,
)
from catalogue.legal_forms import LegalForm, legal_form_of
from sandbox.enterprises import credit_code
from sandbox.model import City
from sandbox.people import person_number

BUREAUS = bureaus.discover()
GRADED = {
    f"{bureau.name}.{each.name}": each
    for bureau in BUREAUS.values()
    for each in bureau.datasets
    if each.grading is not None
}
CITY = City.of(1_000)


def changed(name: str, **changes: Any) -> Iterator[Bureau]:
    """Yield the bureaus with a data set of grades, and whatever shares its type, declared otherwise."""
    type_name = GRADED[name].type_name
    for bureau in BUREAUS.values():
        found = (
            replace(each, **changes) if each.type_name == type_name else each for each in bureau.datasets
        )
        yield replace(bureau, datasets=tuple(found))


def test_the_law_grades_no_person_but_a_licensed_worker():
    """Persons have no grade as taxpayers, as payers of insurance or of labour: only as workers in road transport."""
    of_persons = {
        name for name, each in GRADED.items() if each.field and SubjectKind.PERSON in each.field.subjects
    }
    assert of_persons == {"transport.transport_grade"}
    by_scheme = {
        each
        for dataset in GRADED.values()
        if dataset.grading
        for each in dataset.grading.of(LegalForm.PERSON)
    }
    assert by_scheme == {TRANSPORT_WORKERS}


@pytest.mark.rule("HN-20")
def test_what_is_adverse_of_a_person_is_what_the_law_names():
    """Insurance arrears are an employer's, and enforcement closed without result is adverse to nobody (art. 20)."""
    of_persons = set(adverse_datasets(BUREAUS.values(), SubjectKind.PERSON))
    of_enterprises = set(adverse_datasets(BUREAUS.values(), SubjectKind.ENTERPRISE))
    assert of_enterprises - of_persons == {"social_security.insurance_arrears"}
    assert of_persons == {
        *("tax.tax_arrears", "tax.serious_violation"),
        *("courts.judgment_defaulter", "transport.transport_violation"),
    }


def test_every_data_set_of_the_class_grade_has_a_scheme():
    """No grade is shared of which nobody says whom it grades."""
    graded = {
        f"{bureau.name}.{each.name}"
        for bureau in BUREAUS.values()
        for each in bureau.datasets
        if each.data_class is DataClass.GRADE
    }
    assert graded == set(GRADED)
    assert all(each.source and each.organ for dataset in GRADED.values() for each in schemes(dataset))


def schemes(dataset: Dataset) -> Any:
    """Return the schemes of a data set."""
    assert dataset.grading is not None
    return dataset.grading.schemes


def test_the_letters_are_those_of_the_schemes():
    """Road transport has four letters, labour three, and taxpayers five with M between B and C."""
    assert tuple(ROAD_TRANSPORT.labels) == ("AAA", "AA", "A", "B")
    assert tuple(LABOUR.labels) == ("A", "B", "C")
    assert tuple(TAXPAYERS.letters.labels) == ("A", "B", "M", "C", "D")


@given(st.sampled_from(tuple(TAXPAYERS.letters.labels)), st.dates(date(2014, 10, 1), date(2025, 6, 30)))
def test_a_letter_has_its_own_first_day(letter: str, day: date):
    """M exists from 2018-04-01 (税务总局公告2018年第8号); the other letters exist as long as the measures of 2014."""
    assert ENTERPRISE_TAXPAYERS.has_letter(letter, day) is (letter != "M" or day >= date(2018, 4, 1))


def test_the_graph_tells_the_first_day_of_a_letter():
    """The text of a scheme names the first day of a letter that came later, in both languages."""
    assert "M（2018-04-01起）" in ENTERPRISE_TAXPAYERS.text
    assert "M from 2018-04-01" in ENTERPRISE_TAXPAYERS.text
    assert "M from" not in TAXPAYERS.text


def test_serious_tax_violations_are_of_eleven_kinds():
    """Order 54 of the State Taxation Administration lists eleven (税务总局令第54号)."""
    (dataset,) = [each for each in BUREAUS["tax"].datasets if each.name == "serious_violation"]
    codes = dataset.by_name["violation"].codes
    assert isinstance(codes, Codes)
    assert len(codes) == 11


def test_individual_businesses_are_graded_as_taxpayers_if_they_apply():
    """Before 2025-07-01 no individual business is graded as a taxpayer, and since then on application."""
    kind = LegalForm.INDIVIDUAL_BUSINESS
    assert Grading((ENTERPRISE_TAXPAYERS, TAXPAYERS)).of(kind) == (TAXPAYERS,)
    assert kind not in TAXPAYERS.graded
    assert not TAXPAYERS.holds(date(2025, 6, 30))
    assert TAXPAYERS.holds(date(2025, 7, 1))


@given(st.integers(0, 999))
def test_an_identifier_shows_its_kind(index: int):
    """A number is a person's, and the first signs of a credit code tell enterprises from others (GB 32100-2015)."""
    assert legal_form_of(person_number(CITY, index)) is LegalForm.PERSON
    code = credit_code(CITY, index % CITY.enterprises)
    kinds = {
        "91": LegalForm.ENTERPRISE,
        "92": LegalForm.INDIVIDUAL_BUSINESS,
        "93": LegalForm.COOPERATIVE,
    }
    assert legal_form_of(code) is kinds.get(code[:2], LegalForm.OTHER)


TAX, LABOUR_SET, TRANSPORT = "tax.taxpayer_grade", "social_security.labour_grade", "transport.transport_grade"
FIELD = SubjectField("labourGrade", PERSONS, "等级", "Grade")


@pytest.mark.parametrize(
    ("name", "changes", "named"),
    [
        (LABOUR_SET, {"grading": None}, "is of the class GRADE and has no scheme"),
        (LABOUR_SET, {"data_class": DataClass.ADMINISTRATIVE}, "and has no scheme, or the other way round"),
        (LABOUR_SET, {"grading": Grading(())}, "codes are not the letters of its schemes"),
        (LABOUR_SET, {"grading": Grading((TRANSPORT_WORKERS,))}, "codes are not the letters of its schemes"),
        (
            LABOUR_SET,
            {"grading": replace(GRADED[LABOUR_SET].grading or Grading(()), day="graded_on")},
            "is graded on graded_on, which is no titled day",
        ),
        (
            TAX,
            {"grading": Grading((ENTERPRISE_TAXPAYERS, TAXPAYERS))},
            "a scheme on application and no titled",
        ),
        (
            TAX,
            {"grading": Grading((replace(ENTERPRISE_TAXPAYERS, until=None), TAXPAYERS), chosen="applied_on")},
            "two schemes of one time for one subject",
        ),
        (
            TAX,
            {
                "grading": Grading(
                    (replace(ENTERPRISE_TAXPAYERS, later_letters=(("M", date(2014, 9, 30)),)), TAXPAYERS),
                    chosen="applied_on",
                )
            },
            "a first day of the letter 'M', which 'Taxpayer credit, former measures' does not have then",
        ),
        (
            TAX,
            {
                "grading": Grading(
                    (replace(ENTERPRISE_TAXPAYERS, later_letters=(("E", date(2018, 4, 1)),)), TAXPAYERS),
                    chosen="applied_on",
                )
            },
            "a first day of the letter 'E', which",
        ),
        (
            LABOUR_SET,
            {"field": FIELD, "item": replace(GRADED[LABOUR_SET].item, subjects=BOTH)},
            "is a field of the subject PERSON whom no scheme of it grades",
        ),
        (
            TRANSPORT,
            {"field": SubjectField("transportGrade", ENTERPRISES, "等级", "Grade")},
            "is a field of the subject PERSON whom no scheme of it grades, or the other way round",
        ),
    ],
)
def test_grades_without_their_scheme_are_refused(name: str, changes: dict[str, Any], named: str):
    """A data set of grades states its schemes, and is about those whom they grade in the letters that they have."""
    with pytest.raises(DeclarationError, match=named):
        check_declarations(tuple(changed(name, **changes)))

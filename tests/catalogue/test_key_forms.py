"""The form of a key is the one spelling under which a bureau's row can be found."""

from __future__ import annotations

import pytest

from adapters import bureaus
from catalogue.key_forms import KeyForm
from tests.support.small_city import ENTERPRISES, PERSONS

NUMBER, CODE = PERSONS[3], ENTERPRISES[0]


@pytest.mark.rule("R36", "HN-16")
@pytest.mark.parametrize(
    ("form", "key", "fault"),
    [
        (KeyForm.PERSON_NUMBER, NUMBER, None),
        (KeyForm.PERSON_NUMBER, NUMBER.lower(), "key_form"),
        (KeyForm.PERSON_NUMBER, f"{NUMBER} ", "key_form"),
        (KeyForm.PERSON_NUMBER, NUMBER[:-1], "key_form"),
        (KeyForm.PERSON_NUMBER, NUMBER[:-1] + "0", "check_sign"),
        (KeyForm.PERSON_NUMBER, NUMBER[:6] + "19990230" + NUMBER[14:], "key_form"),
        (KeyForm.PERSON_NUMBER, CODE, "key_form"),
        (KeyForm.PERSON_NUMBER, "", "key_form"),
        (KeyForm.CREDIT_CODE, CODE, None),
        (KeyForm.CREDIT_CODE, CODE.lower(), "key_form"),
        (KeyForm.CREDIT_CODE, f"\u3000{CODE}", "key_form"),
        (KeyForm.CREDIT_CODE, CODE[:-1] + "0", "check_sign"),
        (KeyForm.CREDIT_CODE, CODE[:-1] + "I", "key_form"),
        (KeyForm.EITHER, NUMBER, None),
        (KeyForm.EITHER, CODE, None),
        (KeyForm.EITHER, NUMBER[:-1] + "0", "check_sign"),
        (KeyForm.EITHER, CODE[:-1] + "0", "check_sign"),
        (KeyForm.EITHER, NUMBER.lower(), "key_form"),
        (KeyForm.EITHER, "unknown", "key_form"),
        (KeyForm.YEAR, "2025", None),
        (KeyForm.YEAR, "2025年", "key_form"),
        (KeyForm.YEAR, "２０２５", "key_form"),
        (KeyForm.YEAR, " 2025", "key_form"),
    ],
)
def test_a_key_has_its_form_or_a_fault(form: KeyForm, key: str, fault: str | None):
    """A key in another spelling is a fault of form; a wrong check sign is a fault of its own."""
    assert form.fault(key) == fault


def test_each_data_set_states_the_form_of_its_key():
    """The form follows from the subjects: what is about both kinds has either, and a table has its year."""
    forms = {
        f"{bureau.name}.{each.name}": each.key_form
        for bureau in bureaus.discover().values()
        for each in bureau.shared
    }
    assert forms["registry.person"] is KeyForm.PERSON_NUMBER
    assert forms["registry.office_by_enterprise"] is KeyForm.CREDIT_CODE
    assert forms["courts.judgment_defaulter"] is KeyForm.EITHER
    assert forms["tax.enterprises_by_county_and_grade"] is KeyForm.YEAR

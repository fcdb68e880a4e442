"""Numbers of documents have a form, and no former number of 15 digits becomes one of 18."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.identifiers import (
    FormerNumberGiven,
    IdentifierError,
    is_former_number,
    parse_former_number,
    parse_person_number,
)
from catalogue.identity_documents import (
    FORMER_NUMBER,
    IDENTITY_DOCUMENT_KIND,
    NOBODY,
    parse_document_number,
)
from schema.query import KINDS_OF_MEMBERS

PROVINCES = ("11", "15", "21", "23", "31", "37", "41", "46", "50", "54", "61", "65")
former_numbers = st.builds(
    lambda province, district, born, order: f"{province}{district:04}{born:%y%m%d}{order:03}",
    st.sampled_from(PROVINCES),
    st.integers(0, 9999),
    st.dates(date(1900, 1, 1), date(1999, 12, 31)),
    st.integers(0, 999),
)
FULL_WIDTH = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in string.digits + string.ascii_letters}


@given(former_numbers, st.sampled_from(("{}", " {}", "{}\u3000")), st.booleans())
def test_a_former_number_is_read_in_any_spelling_and_stays_as_it_is(number: str, around: str, wide: bool):
    """A province, a day of the 20th century and an order code are a former number, and none of 18 signs is made of it."""
    text = around.format(number.translate(FULL_WIDTH) if wide else number)
    assert parse_former_number(text) == number
    with pytest.raises(FormerNumberGiven) as refused:
        parse_person_number(text)
    assert number[6:] not in str(refused.value)


@given(st.text(string.digits, min_size=15, max_size=15))
def test_fifteen_digits_are_a_former_number_by_province_and_day(text: str):
    """Of 15 digits the first two must be a province and the next but four a day; anything else is refused by a rule."""
    try:
        date(1900 + int(text[6:8]), int(text[8:10]), int(text[10:12]))
        is_day = True
    except ValueError:
        is_day = False
    known = {
        f"{each}"
        for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65))
        for each in range(first, last + 1)
    }
    assert is_former_number(text) is (is_day and text[:2] in known)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("41150288031597", "A former identity number has 15 digits."),
        ("4115028803159749", "A former identity number has 15 digits."),
        ("41150288031597X", "A former identity number has 15 digits."),
        ("811502880315974", "Digits 1 and 2 of a former identity number are a province."),
        ("411502880230974", "Digits 7 to 12 of a former identity number are a birth date."),
        (411502880315974, "A former identity number has 15 digits."),
        (None, "A former identity number has 15 digits."),
    ],
)
def test_what_is_no_former_number_is_refused_by_its_rule(text: object, rule: str):
    """The refusal names the broken rule and nothing of the number."""
    with pytest.raises(IdentifierError) as refused:
        parse_former_number(text)
    assert str(refused.value) == rule


@given(st.text(string.digits + string.ascii_uppercase, min_size=5, max_size=20))
def test_a_number_of_a_document_is_read_in_any_spelling(number: str):
    """Small letters, full-width signs and blanks around are the same number."""
    for text in (number, number.lower(), f" {number}\u3000", number.lower().translate(FULL_WIDTH)):
        assert parse_document_number(text) == number


@pytest.mark.parametrize("text", ["E123", "E" * 21, "E-1234567", "Ｅ１２３ ４５６", "", None, 12345678])
def test_what_is_no_number_of_a_document_is_refused(text: object):
    """Too few, too many and other signs are refused without a word of them."""
    with pytest.raises(IdentifierError, match=r"^A number of a document has 5 to 20 digits and letters\.$"):
        parse_document_number(text)


def test_each_kind_has_a_member_by_which_it_is_named():
    """The members of the key are the kinds of documents, so none can be declared and never be asked for."""
    assert sorted(KINDS_OF_MEMBERS.values()) == sorted(IDENTITY_DOCUMENT_KIND)
    assert KINDS_OF_MEMBERS["formerNumber"] == FORMER_NUMBER


def test_nobody_has_a_number_in_its_form():
    """The number that stands for nobody is read as any other by every bureau, and is of no county and no order code."""
    assert parse_person_number(NOBODY) == NOBODY
    assert (NOBODY[:6], NOBODY[14:17]) == ("100000", "000")

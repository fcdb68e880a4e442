"""Identifiers are checked by their structure alone, and never repeated in an error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from catalogue.identifiers import (
    CODE_ALPHABET,
    PERSON_SIGNS,
    IdentifierError,
    count_wrong_check_signs,
    credit_code_check_sign,
    credit_code_warnings,
    organisation_check_sign,
    parse_credit_code,
    parse_person_number,
    person_check_sign,
    person_number_warnings,
)

DIGITS = "0123456789"
BIRTHS = st.dates(date(1900, 1, 1), date(2026, 1, 1)).map(lambda day: f"{day:%Y%m%d}")
BODIES = st.builds(
    lambda region, born, order: region + born + order,
    st.from_regex(r"[1-9][0-9]{5}", fullmatch=True).filter(str.isascii),
    BIRTHS,
    st.text(DIGITS, min_size=3, max_size=3),
)
CODE_BODIES = st.builds(
    lambda kind, region, entity: kind + region + entity,
    st.text(CODE_ALPHABET, min_size=2, max_size=2),
    st.text(DIGITS, min_size=6, max_size=6),
    st.text(CODE_ALPHABET, min_size=9, max_size=9),
)


def person(body: str) -> str:
    """Complete an identity number."""
    return body + person_check_sign(body)


def code(body: str) -> str:
    """Complete a credit code."""
    return body + credit_code_check_sign(body)


@given(BODIES)
def test_the_check_sign_of_a_person_is_the_oracles(body: str):
    """python-stdnum computes the same check sign for every body."""
    assert person_check_sign(body) == ric.calc_check_digit(body + "0")


@given(st.text(DIGITS, min_size=8, max_size=8), st.text(CODE_ALPHABET, min_size=9, max_size=9))
def test_the_check_sign_of_a_code_is_the_oracles(head: str, entity: str):
    """python-stdnum computes the same check sign for every code whose first eight signs are digits."""
    assert credit_code_check_sign(head + entity) == uscc.calc_check_digit(head + entity + "0")


@given(BODIES)
def test_every_well_formed_number_is_accepted_unchanged(body: str):
    """Any region is accepted: tables of regions change and never reject."""
    assert parse_person_number(person(body)) == person(body)


@given(CODE_BODIES)
def test_every_well_formed_code_is_accepted_unchanged(body: str):
    """Any authority, kind, region and organisation code is accepted where the check sign fits."""
    assert parse_credit_code(code(body)) == code(body)


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        "440524188001010014",
        person("33011320220101001"),
        person("41130319850101001"),
        person("81000019900101001"),
        person("82000019900101001"),
        person("83000019900101001"),
        person("91115619900101001"),
    ],
    ids=[
        "standard-1",
        "standard-2",
        "new county",
        "early county",
        "Hong Kong",
        "Macau",
        "Taiwan",
        "foreigner",
    ],
)
def test_lawful_numbers_that_python_stdnum_refuses_are_accepted(number: str):
    """The standard's own examples, unknown counties, permits of residents and foreigners are lawful."""
    assert parse_person_number(number) == number
    assert person_number_warnings(number) == ()


@pytest.mark.parametrize(
    "body", ["N2411525MA9K4X2R7", "A1100000MA9K4X2R7", "Y1411500MA9K4X2R7", "52411500MA9K4X2R7"]
)
def test_codes_of_every_authority_are_accepted(body: str):
    """Village collectives, the military, others and social organisations have codes that start otherwise."""
    assert parse_credit_code(code(body)) == code(body)


def test_a_birth_date_that_lies_ahead_is_refused():
    """Nobody is born tomorrow, whatever the check sign says."""
    ahead = datetime.now(UTC).date() + timedelta(days=2)
    with pytest.raises(IdentifierError, match="lies ahead"):
        parse_person_number(person(f"411502{ahead:%Y%m%d}001"))


@pytest.mark.parametrize("born", ["19990229", "19991301", "19990100", "00000101"])
def test_a_birth_date_that_is_no_date_is_refused(born: str):
    """Digits 7 to 14 are a date of the calendar."""
    with pytest.raises(IdentifierError, match="birth date"):
        parse_person_number(person(f"411502{born}001"))


@given(BODIES, st.sampled_from(PERSON_SIGNS))
def test_every_other_check_sign_is_refused(body: str, sign: str):
    """Exactly one of the eleven signs completes a body."""
    if sign == person_check_sign(body):
        assert parse_person_number(body + sign)
    else:
        with pytest.raises(IdentifierError, match="check sign"):
            parse_person_number(body + sign)


@given(CODE_BODIES, st.sampled_from(CODE_ALPHABET))
def test_the_check_sign_of_a_code_warns_and_never_refuses(body: str, sign: str):
    """Codes with a wrong check sign were issued: any sign is read, and counted where it does not fit."""
    wrong = sign != credit_code_check_sign(body)
    assert parse_credit_code(body + sign) == body + sign
    assert count_wrong_check_signs([body + sign, code(body)]) == wrong
    warnings = credit_code_warnings(body + sign)
    assert ("The check sign of the unified social credit code is wrong." in warnings) is wrong


SPELLED = st.one_of(
    BODIES.map(lambda body: (parse_person_number, person(body))),
    CODE_BODIES.map(lambda body: (parse_credit_code, code(body))),
)
BLANKS = st.text(" \t\r\n\u00a0\u3000", max_size=3)


def wide(sign: str) -> str:
    """Return the full-width form of a sign."""
    return chr(ord(sign) + 0xFEE0)


@given(SPELLED, BLANKS, st.data())
def test_case_full_width_signs_and_blanks_around_change_no_identifier(
    asked: tuple[Callable[[object], str], str], blanks: str, data: st.DataObject
):
    """Each sign may be small or wide, and blanks may stand around: the standard's own spelling is returned."""
    parse, text = asked
    forms = [[small, sign, wide(small), wide(sign)] for sign, small in zip(text, text.lower(), strict=True)]
    spelled = "".join(data.draw(st.sampled_from(each)) for each in forms)
    assert parse(blanks + spelled + blanks) == text


@given(BODIES, st.integers(0, 16), st.sampled_from(DIGITS))
def test_a_single_wrong_digit_is_always_caught(body: str, place: int, digit: str):
    """A number with one digit of its body changed is no identity number any more."""
    number = person(body)
    if number[place] == digit:
        return
    with pytest.raises(IdentifierError):
        parse_person_number(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        None,
        440524188001010014,
        ["440524188001010014"],
        "",
        "44052418800101001",
        "4405241880 01010014",
        "٤40524188001010014",
        "110105194912310020x",
        "440524188001010014\x00",
    ],
)
def test_what_is_not_shaped_like_a_number_is_refused(text: object):
    """Wrong types and lengths, blanks within and digits of other scripts are no identity number."""
    with pytest.raises(IdentifierError, match="17 digits"):
        parse_person_number(text)


@pytest.mark.parametrize("sign", "IOSVZ")
def test_signs_outside_of_the_alphabet_are_refused(sign: str):
    """A credit code has no I, O, S, V and Z."""
    with pytest.raises(IdentifierError, match="18 digits and capitals"):
        parse_credit_code(f"91411500MA9K4X{sign}R7A")


@given(
    st.one_of(BODIES.map(person), CODE_BODIES.map(code), st.text(min_size=6)),
    st.integers(0, 17),
    st.characters(),
)
def test_no_error_repeats_the_identifier(text: str, place: int, sign: str):
    """Whatever is sent, the text of an error holds no run of six signs of it."""
    spoiled = text[:place] + sign + text[place + 1 :]
    for parse in (parse_person_number, parse_credit_code):
        try:
            parse(spoiled)
        except IdentifierError as error:
            runs = {spoiled[start : start + 6] for start in range(len(spoiled) - 5)}
            shown = (
                str(error)
                + repr(error)
                + repr(error.__cause__)
                + repr(error.__context__ if not error.__suppress_context__ else None)
            )
            assert not any(any(each.isdigit() for each in run) and run in shown for run in runs)


def test_the_check_sign_of_an_organisation_code():
    """GB 11714 gives 1 to the example of public-credit.md, and a misfit only warns."""
    assert organisation_check_sign("60003734") == "1"
    assert credit_code_warnings("91110000600037341L") == ()
    assert credit_code_warnings(code("91110000600037342")) == (
        "The check sign of the organisation code does not fit.",
    )


def test_what_is_odd_about_an_identifier_only_warns():
    """A region of no known province and a kind of no known authority are told and never refused."""
    assert person_number_warnings(person("99011319900101001")) == ()
    assert person_number_warnings(person("24011319900101001"))
    assert len(credit_code_warnings(code("9Y990000600037341"))) == 2

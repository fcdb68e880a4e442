"""A case number is recognised by its form, and nothing that names a person or an enterprise passes for one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import CASE_NUMBER_INVALID, CASE_NUMBER_MISSING, RequestError
from gateway.operations.case_number import check_case_number, is_case_number
from tests.support.small_city import ENTERPRISES, PERSONS

GOOD = (
    "（2026）豫15执123号",
    "(2026)豫15执恢7号之一",
    "信市监处罚〔2026〕12号",
    "2026-000123",
    "XY-2026-7",
    "案件 2026 年第 9 号",
    "（２０２６）豫15执123号",
)


@pytest.mark.parametrize("text", GOOD)
def test_forms_that_organs_use(text: str):
    """The courts' form, that of organs' documents, and a year with a number are case numbers."""
    assert is_case_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "no case",
        "2026",
        "（2026）号",
        "12345",
        "20261",
        "（1998）豫15执123号",
        "（2026）豫15执123号\n",
        "（2026）豫15执\u200b123号",
        "（2026）豫15执123号" + "长" * 60,
        "2026-1 411502199003071233",
        "2026-1 41150219900307123X",
        "2026-1 ４１１５０２１９９００３０７１２３３",
        "2026-1 4115 0219 9003 0712 33",
        "2026-1 411502900307123",
        "2026-1 91411502MA9K4X1234",
        "13912345678",
    ],
)
def test_what_is_none(text: str):
    """No year, no number, signs that are not seen, too long, or a number of somebody: none of it is one."""
    assert not is_case_number(text)


@given(st.text(max_size=20), st.sampled_from(PERSONS + ENTERPRISES), st.text(max_size=20))
def test_no_identifier_hides_in_one(before: str, identifier: str, after: str):
    """Whatever stands around an identity number or a credit code, the whole is refused and not repeated."""
    with pytest.raises(RequestError) as caught:
        check_case_number(f"2026-1 {before}{identifier}{after}", needed=True)
    assert caught.value.code is CASE_NUMBER_INVALID
    assert identifier not in json.dumps(caught.value.formatted(), ensure_ascii=False)


def test_where_it_is_needed():
    """A purpose that needs one gets it; one that needs none may be asked with one, but not with a wrong one."""
    with pytest.raises(RequestError) as caught:
        check_case_number(None, needed=True)
    assert caught.value.code is CASE_NUMBER_MISSING
    check_case_number(None, needed=False)
    check_case_number(GOOD[0], needed=False)
    with pytest.raises(RequestError) as caught:
        check_case_number("wrong", needed=False)
    assert caught.value.code is CASE_NUMBER_INVALID

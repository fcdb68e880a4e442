"""Money and counts are exact whole numbers within their bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.scalars import ScalarError, parse_count, parse_fen

OTHERS = st.one_of(st.floats(), st.booleans(), st.text(), st.none(), st.lists(st.integers()))


@given(st.integers())
def test_fen_are_whole_numbers_that_json_keeps(value: int):
    """An amount below 2**53 either way passes unchanged, any other is refused."""
    if abs(value) < 2**53:
        assert parse_fen(value) == value
    else:
        with pytest.raises(ScalarError):
            parse_fen(value)


@given(st.integers())
def test_a_count_is_from_1_to_100(value: int):
    """A count outside of 1 to 100 is refused."""
    if 1 <= value <= 100:
        assert parse_count(value) == value
    else:
        with pytest.raises(ScalarError):
            parse_count(value)


@given(OTHERS)
def test_no_other_type_is_an_amount_or_a_count(value: object):
    """Floats, booleans, texts and lists are refused, and no error repeats them."""
    for parse in (parse_fen, parse_count):
        with pytest.raises(ScalarError) as caught:
            parse(value)
        assert len(str(value)) < 6 or str(value) not in str(caught.value)

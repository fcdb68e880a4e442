"""A cursor tells of nothing and fits one place."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.release.cursors import Cursors, List
from resolvers.fetch.reading import CursorRefused

CURSORS = Cursors()
LIST = List("supervision.tax", "Person.taxArrears", b"[null,null]", "411502197001010014")
NUMBERS = st.integers(0, 2**64 - 1)
TEXTS = st.text(max_size=40)


def opened(cursors: Cursors, listed: List, cursor: str) -> int | None:
    """Return the number in a cursor, or None where it is refused."""
    try:
        return cursors.open(listed, cursor)
    except CursorRefused:
        return None


@given(NUMBERS)
def test_a_cursor_opens_where_it_was_given(number: int):
    """The list that gave a cursor finds the place again, and gives the same cursor for it."""
    cursor = CURSORS.seal(LIST, number)
    assert opened(CURSORS, LIST, cursor) == number
    assert CURSORS.seal(LIST, number) == cursor


@pytest.mark.parametrize("part", ["purpose", "coordinate", "chosen_by", "subject"])
@given(number=NUMBERS, other=TEXTS)
def test_a_cursor_opens_nowhere_else(part: str, number: int, other: str):
    """Another purpose, list, choice or subject refuses it."""
    value = other.encode() if part == "chosen_by" else other
    if value != getattr(LIST, part):
        assert opened(CURSORS, replace(LIST, **{part: value}), CURSORS.seal(LIST, number)) is None


def test_the_parts_of_a_list_do_not_run_together():
    """What is moved from the end of one part to the start of the next is another list."""
    cursor = CURSORS.seal(LIST, 1)
    assert (
        opened(CURSORS, replace(LIST, purpose="supervision.ta", coordinate="xPerson.taxArrears"), cursor)
        is None
    )


@given(number=NUMBERS, place=st.integers(0, 31), sign=st.sampled_from("ABab01-_=+/ \n٣"))
def test_a_changed_cursor_is_refused(number: int, place: int, sign: str):
    """No sign can be changed, put in or left out, not even where base64 would read the same bytes."""
    cursor = CURSORS.seal(LIST, number)
    for forged in (
        cursor[:place] + sign + cursor[place + 1 :],
        cursor[:place] + sign + cursor[place:],
        cursor[:place],
    ):
        if forged != cursor:
            assert opened(CURSORS, LIST, forged) is None


def test_a_cursor_is_written_in_one_way():
    """A sign at the end of which base64 ignores a part is changed for none that reads the same."""
    cursor = CURSORS.seal(LIST, 1)
    signs = string.ascii_letters + string.digits + "-_"
    assert [sign for sign in signs if opened(CURSORS, LIST, cursor[:-1] + sign) is not None] == [cursor[-1]]


@given(TEXTS)
def test_an_invented_cursor_is_refused(invented: str):
    """Whatever text is sent, it is no cursor unless it was given out."""
    assert opened(CURSORS, LIST, invented) is None


@given(NUMBERS, NUMBERS)
def test_cursors_are_of_one_length(one: int, other: int):
    """Which record a cursor stands for is not told by the length either."""
    assert len(CURSORS.seal(LIST, one)) == len(CURSORS.seal(LIST, other)) == 32


def test_a_cursor_ends_with_its_key():
    """Another process refuses it, unless both were given one secret."""
    secret = "one secret for several gateways, kept"
    assert opened(Cursors(), LIST, CURSORS.seal(LIST, 1)) is None
    assert opened(Cursors(secret), LIST, Cursors(secret).seal(LIST, 1)) == 1
    assert opened(Cursors(secret + "!"), LIST, Cursors(secret).seal(LIST, 1)) is None

"""What a registered table withholds, held against a reader who solves its equations."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.release.cell_network import Cell, Counts, shift, with_totals
from gateway.release.suppression import covered, needs_of, withheld
from tests.support.effort import examples
from tests.support.suppression_oracle import Reader

COUNT = st.one_of(st.just(0), st.integers(1, 4), st.integers(0, 30))
MINIMUM = st.integers(3, 6)


def tables(side: int = 4) -> st.SearchStrategy[Counts]:
    """Draw tables with totals, of which many counts are small and many are nothing."""
    widths = st.integers(1, side)
    rows = widths.flatmap(lambda width: st.lists(st.tuples(*[COUNT] * width), min_size=1, max_size=side))
    return rows.map(with_totals)


def cells(counts: Counts) -> list[Cell]:
    """Return every cell of a table."""
    return [(i, j) for i, row in enumerate(counts) for j in range(len(row))]


@examples(200)
@given(counts=tables(), minimum=MINIMUM)
def test_no_small_count_is_released(counts: Counts, minimum: int):
    """Every count from 1 to below the minimum is withheld, a total like any other."""
    hidden = withheld(counts, minimum)
    assert {(i, j) for i, j in cells(counts) if 0 < counts[i][j] < minimum} <= hidden


@examples(150)
@given(counts=tables(), minimum=MINIMUM)
def test_nobody_can_work_out_a_small_count(counts: Counts, minimum: int):
    """Of a withheld small count a reader can exclude neither that it is 0 nor that it reaches the minimum."""
    hidden = withheld(counts, minimum)
    reader = Reader(counts, hidden)
    for i, j in hidden:
        if 0 < counts[i][j] < minimum:
            assert reader.thinks_possible((i, j), 0, 0)
            assert reader.thinks_possible((i, j), minimum)


@examples(150)
@given(counts=tables(), minimum=MINIMUM)
def test_nobody_can_pin_a_withheld_count(counts: Counts, minimum: int):
    """Of every withheld count, small or not, a reader finds at least two values possible."""
    hidden = withheld(counts, minimum)
    reader = Reader(counts, hidden)
    for i, j in hidden:
        count = counts[i][j]
        assert reader.thinks_possible((i, j), count + 1) or reader.thinks_possible((i, j), 0, count - 1)


@examples(150)
@given(counts=tables(), minimum=MINIMUM)
def test_nobody_learns_that_a_whole_row_stands_in_one_cell(counts: Counts, minimum: int):
    """Where a row of several cells has all its subjects in one, a reader thinks it possible of fewer."""
    reader = Reader(counts, withheld(counts, minimum))
    for i, row in enumerate(counts):
        for j, count in enumerate(row[:-1]):
            if count and len(row) > 2 and count == row[-1]:
                assert reader.thinks_possible((i, j), 0, max(count - minimum, 0))


@examples(100)
@given(counts=tables(3), data=st.data())
def test_a_shift_goes_as_far_as_any_table_can(counts: Counts, data: st.DataObject):
    """How far a cell moves among the withheld ones is exactly what the equations leave, up to what is asked."""
    hidden = data.draw(st.frozensets(st.sampled_from(cells(counts)), min_size=1))
    cell = data.draw(st.sampled_from(sorted(hidden)))
    sign, most = data.draw(st.sampled_from([-1, 1])), data.draw(st.integers(1, 9))
    moved = shift(counts, dict.fromkeys(hidden, 0), cell, sign, most).moved
    held, reader = counts[cell[0]][cell[1]], Reader(counts, hidden)
    assert reader.thinks_possible(cell, held + sign * moved, held + sign * moved)
    if moved < most:
        further = held + sign * (moved + 1)
        assert not reader.thinks_possible(cell, further, further)


@examples(50)
@given(counts=tables(), minimum=MINIMUM)
def test_the_same_counts_withhold_the_same(counts: Counts, minimum: int):
    """The choice is a function of counts and minimum, made anew or remembered."""
    assert withheld.__wrapped__(counts, minimum) == withheld(counts, minimum)


def test_one_small_count_takes_three_others_with_it():
    """In an ample table one small count is withheld with the fewest and smallest that hide it: a rectangle."""
    counts = with_totals([[20, 50, 3], [40, 60, 70], [80, 30, 90]])
    assert withheld(counts, 5) == {(0, 2), (0, 0), (1, 2), (1, 0)}


def test_a_small_count_alone_would_be_no_secret():
    """A withheld count that its row gives away is not covered."""
    counts = with_totals([[20, 3], [40, 60]])
    assert not covered(counts, {(0, 1)}, tuple(needs_of(counts, 5)))
    assert covered(counts, withheld(counts, 5), tuple(needs_of(counts, 5)))


def test_an_ample_table_is_released_whole():
    """Where every count is 0 or ample and no row stands in one cell, nothing is withheld."""
    assert withheld(with_totals([[9, 0, 7], [5, 8, 6]]), 5) == frozenset()


def test_a_zero_is_released():
    """That there is nobody is told, while a small count beside it is not."""
    hidden = withheld(with_totals([[0, 30, 3], [40, 50, 60], [20, 30, 40]]), 5)
    assert (0, 0) not in hidden
    assert (0, 2) in hidden


def test_a_table_of_few_withholds_its_totals():
    """A grand total below the minimum is a small count too."""
    hidden = withheld(with_totals([[1, 0], [0, 2]]), 5)
    assert {(2, 2), (0, 2), (1, 2), (2, 0), (2, 1)} <= hidden

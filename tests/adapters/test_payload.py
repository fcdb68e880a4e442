"""Rows of an answer over HTTP, whatever their cells."""

import json

from hypothesis import given
from hypothesis import strategies as st

from adapters.http.exchange_messages import RowDecoder
from catalogue.declarations import Column, Kind
from tests.support.bureau_samples import COLUMNS, GRADE

ROW = ["one", 2024, "A", None, 5, "2025-01-01", True]
NAMES = tuple(column.name for column in COLUMNS)
KEYS = ["one", "two"]


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=3),
    st.just("A"),
)


def holds(column: Column, cell: object) -> bool:
    """The declaration's rule over JSON, said once more in the plainest way."""
    if cell is None:
        return column.nullable
    if column.kind is Kind.TEXT:
        return isinstance(cell, str) and (column.codes is None or cell in column.codes)
    bits = {Kind.INTEGER: 31, Kind.FEN: 63}.get(column.kind)
    if bits is not None:
        return type(cell) is int and -(2**bits) <= cell < 2**bits
    if column.kind is Kind.BOOLEAN:
        return isinstance(cell, bool)
    return cell == "2025-01-01"


@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(KEYS)).map(lambda key: [*key, *ROW[1:]]),
            st.tuples(st.sampled_from(KEYS), st.lists(CELLS, min_size=4, max_size=7)).map(
                lambda pair: [pair[0], *pair[1]]
            ),
        ),
        max_size=6,
    )
)
def test_every_row_is_answered_or_counted(rows: list[list[object]]) -> None:
    """Whatever the cells, each row is either among its key's rows or counted as broken."""
    batch = RowDecoder("tax", GRADE, NAMES).decode(json.dumps({"rows": rows}).encode(), KEYS)
    for key in KEYS:
        mine = [row for row in rows if row[0] == key]
        bad = sum(not (len(row) == 7 and all(map(holds, COLUMNS, row[1:]))) for row in mine)
        if bad:
            assert batch.broken[key].rows == bad
            assert key not in batch.rows
        else:
            assert len(batch.rows.get(key, [])) == len(mine)

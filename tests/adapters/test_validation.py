"""The check of rows against their declaration."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bureau_errors import ContractBroken
from adapters.source import Batch
from adapters.validation import Checker
from catalogue.catalogue_item import SubjectKind
from catalogue.declarations import Column, Kind, LeadsTo
from tests.support.bureau_samples import COLUMNS, GRADE, SINGLE
from tests.support.small_city import ENTERPRISES, PERSONS

NAMES = tuple(column.name for column in COLUMNS)
GOOD = ("one", 2024, "A", None, 5, date(2025, 1, 1), True)
KEYS = ["one", "two", "three"]

GOOD_VALUES = {
    Kind.TEXT: st.sampled_from("AB"),
    Kind.INTEGER: st.integers(-(2**31), 2**31 - 1),
    Kind.FEN: st.integers(-(2**53), 2**53 - 1),
    Kind.DATE: st.dates(),
    Kind.BOOLEAN: st.booleans(),
}
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([2**31, -(2**31) - 1, 2**53, -(2**53) - 1]),
    st.floats(),
    st.text(max_size=2),
    st.dates(),
    st.datetimes(),
    st.lists(st.integers(), max_size=1),
)


def allowed(column: Column, value: object) -> bool:
    """The declaration's rule, said once more in the plainest way."""
    if value is None:
        return column.nullable
    if column.kind is Kind.TEXT:
        return isinstance(value, str) and (column.codes is None or value in column.codes)
    if column.kind is Kind.DATE:
        return isinstance(value, date) and not isinstance(value, datetime)
    if column.kind is Kind.BOOLEAN:
        return isinstance(value, bool)
    bits = 31 if column.kind is Kind.INTEGER else 53
    return isinstance(value, int) and not isinstance(value, bool) and -(2**bits) <= value < 2**bits


@st.composite
def rows(draw: st.DrawFn) -> list[tuple[object, ...]]:
    """Rows for known keys that mostly hold."""
    cells = [st.one_of(GOOD_VALUES[c.kind], GOOD_VALUES[c.kind], ANYTHING) for c in COLUMNS]
    row = st.tuples(st.sampled_from(KEYS), *cells)
    good = st.tuples(st.sampled_from(KEYS), *(GOOD_VALUES[c.kind] for c in COLUMNS))
    return draw(st.lists(st.one_of(good, good, row), max_size=12))


def check(*given_rows: tuple[object, ...], single: bool = False) -> Batch:
    """Check rows for the keys above."""
    return Checker("tax", SINGLE if single else GRADE, NAMES).check(KEYS, given_rows)


@pytest.mark.rule("HN-17")
@given(rows())
def test_accepts_exactly_what_the_declaration_allows(given_rows: list[tuple[object, ...]]) -> None:
    """A key has all its rows, in their order, when each is allowed; else its broken rows are counted."""
    batch = check(*given_rows)
    expected = defaultdict(list)
    broken: dict[object, int] = defaultdict(int)
    for row in given_rows:
        expected[row[0]].append(row)
        broken[row[0]] += not all(map(allowed, COLUMNS, row[1:]))
    assert dict(batch.rows) == {key: kept for key, kept in expected.items() if not broken[key]}
    assert {key: fault.rows for key, fault in batch.broken.items()} == {k: n for k, n in broken.items() if n}


@given(rows())
def test_a_single_row_is_the_only_one(given_rows: list[tuple[object, ...]]) -> None:
    """Where a key has one row at most, a second one breaks the contract and none is chosen."""
    batch = check(*given_rows, single=True)
    keys = [row[0] for row in given_rows]
    whole = {row[0]: row for row in given_rows if all(map(allowed, COLUMNS, row[1:]))}
    assert dict(batch.rows) == {key: row for key, row in whole.items() if keys.count(key) == 1}
    assert set(batch.rows) | set(batch.broken) == set(keys)
    assert not set(batch.rows) & set(batch.broken)


def test_rows_are_kept_as_they_are() -> None:
    """A row that holds is handed on itself, not a copy."""
    assert check(GOOD).rows["one"][0] is GOOD


def test_a_row_for_another_key_costs_the_batch() -> None:
    """A row for a key that nobody asked for puts every row beside it in doubt."""
    with pytest.raises(ContractBroken, match="not asked for") as caught:
        check(GOOD, ("stranger", *GOOD[1:]))
    assert caught.value.rows == 1
    assert "stranger" not in str(caught.value)


@pytest.mark.parametrize("key", [None, 7, ["one"]])
def test_a_key_that_is_no_text_costs_the_batch(key: object) -> None:
    """A row whose key is no text belongs to nobody."""
    with pytest.raises(ContractBroken):
        check((key, *GOOD[1:]))


def test_the_reason_names_column_and_rule_but_no_value() -> None:
    """What is wrong is said by the names of our own declaration."""
    batch = check(("one", 2024, "110105194912310021", None, 5, date(2025, 1, 1), True))
    assert str(batch.broken["one"]) == "BUREAU_CONTRACT_BROKEN tax.grade: grade: not a declared code"


def test_no_entry_appears_by_asking() -> None:
    """Looking up a key without rows finds nothing and leaves nothing behind."""
    batch = check(GOOD)
    with pytest.raises(KeyError):
        batch.rows["two"]
    assert list(batch.rows) == ["one"]


@pytest.mark.rule("R08")
def test_a_column_that_is_not_declared_is_refused() -> None:
    """Nothing is read that the dataset does not declare."""
    with pytest.raises(ContractBroken):
        Checker("tax", GRADE, ("secret",))


def test_keys_without_columns() -> None:
    """A query for no column still tells which keys the bureau knows."""
    assert dict(Checker("tax", GRADE, ()).check(KEYS, [("one",)]).rows) == {"one": [("one",)]}


REFERENCE = replace(
    GRADE,
    name="office",
    columns=(
        Column("person_number", leads_to=LeadsTo("person", SubjectKind.PERSON, "人", "Who"), nullable=True),
        Column("credit_code", leads_to=LeadsTo("enterprise", SubjectKind.ENTERPRISE, "企业", "Where")),
    ),
    order=(),
)


@pytest.mark.parametrize(
    ("person", "code", "reason"),
    [
        (PERSONS[3], ENTERPRISES[0], None),
        (None, ENTERPRISES[0], None),
        (PERSONS[3], ENTERPRISES[0][:-1] + "0", None),
        (PERSONS[3].lower(), ENTERPRISES[0], "person_number: an identifier in another form"),
        (f"{PERSONS[3]} ", ENTERPRISES[0], "person_number: an identifier in another form"),
        (PERSONS[3], f" {ENTERPRISES[0]}", "credit_code: an identifier in another form"),
        (PERSONS[3], "", "credit_code: an identifier in another form"),
    ],
)
def test_a_reference_in_another_form_breaks_its_row(person: str | None, code: str, reason: str | None):
    """A reference that no subject could be found by is no subject that is unknown; a wrong check sign refers all the same."""
    checker = Checker("registry", REFERENCE, ("person_number", "credit_code"))
    batch = checker.check(["one", "two"], [("one", person, code), ("two", PERSONS[0], ENTERPRISES[1])])
    assert set(batch.rows) == ({"two"} if reason else {"one", "two"})
    assert {error.reason for error in batch.broken.values()} == ({reason} if reason else set())

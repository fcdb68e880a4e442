"""Counting is declared by field, under a name, and never of incentive data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue.classification import (
    COUNTED,
    READ_ONLY,
    REGISTERED_TABLE,
    Classification,
    DataClass,
    Sensitivity,
    Use,
    inputs,
)
from schema import declassifications
from schema.classification_checks import OF_INCENTIVES, loose_fields
from tests.support.declared_otherwise import composed_here

COMPOSED = composed_here()
RECORD = Classification("T-1", DataClass.GRADE, Sensitivity.PERSONAL)
REWARD = Classification("T-2", DataClass.INCENTIVE, Sensitivity.PERSONAL)
TABLE = Classification("T-3", DataClass.STATISTIC)


def counted(field: Classification) -> Classification:
    """Return the classification of a field that a table may count by."""
    return replace(field, uses=READ_ONLY | COUNTED)


def counting(field: str) -> Classification:
    """Return the classification of a registered table that counts by one field."""
    return replace(TABLE, inputs=inputs(field, use=Use.AGGREGATE), declassification=REGISTERED_TABLE)


def found(table: Classification, counted: Classification) -> list[str]:
    """Return what is wrong with a table that counts by one field."""
    return [*loose_fields({"Query.table": table, "Record.field": counted})]


def test_a_registered_table_counts_what_may_be_counted():
    """Under a named declassification a table may be less sensitive than the fields that it counts."""
    assert found(counting("Record.field"), counted(RECORD)) == []


def test_a_field_that_does_not_declare_it_is_not_counted():
    """A use that a field does not declare does not exist for a table either."""
    assert found(counting("Record.field"), RECORD) == [
        "Query.table makes the use aggregate of Record.field, which does not exist for it"
    ]


def test_nothing_is_counted_without_a_name():
    """A table that names no declassification is refused."""
    unnamed = replace(counting("Record.field"), declassification=None)
    (line, *_) = found(unnamed, counted(RECORD))
    assert line.endswith("of Record.field without a named declassification")


def test_only_statistics_count():
    """A field of any other class has no input that it counts, whatever its declassification."""
    other = replace(counting("Record.field"), data_class=DataClass.PUBLIC_RECORD)
    assert found(other, counted(RECORD)) == ["Query.table counts by Record.field and is no statistic"]


def test_incentive_data_is_not_counted():
    """A table over incentive data does not compose, nor does the data that would let itself be counted."""
    lines = found(counting("Record.field"), counted(REWARD))
    assert "Record.field is INCENTIVE and never has the use aggregate" in lines
    assert "Query.table is STATISTIC, and an input is INCENTIVE" in lines


@pytest.mark.parametrize("use", [use for use in Use if use not in OF_INCENTIVES])
def test_incentive_data_has_no_use_that_chooses_or_finds(use: Use):
    """Whatever else could be done with incentive data is refused where it is declared."""
    changed = replace(REWARD, uses=REWARD.uses | {use})
    assert [*loose_fields({"Record.field": changed})] == [
        f"Record.field is INCENTIVE and never has the use {use.value}"
    ]


def test_no_field_of_incentive_data_is_counted_here():
    """In this installation only fields of other classes declare the use, and each of them for a table."""
    fields = {name for name, each in COMPOSED.classifications.items() if Use.AGGREGATE in each.uses}
    assert all(COMPOSED.classifications[name].data_class is not DataClass.INCENTIVE for name in fields)
    tables = [each for each in COMPOSED.classifications.values() if each.data_class is DataClass.STATISTIC]
    used = {each.field for table in tables for each in table.inputs}
    assert fields == used


def test_a_table_counts_only_what_was_reviewed():
    """A table that counts by a field beyond the review of its declassification is named."""
    reviewed = declassifications.declassifications()
    table = counting("Person.birthDate")
    (line,) = declassifications.violations({"Query.table": table}, reviewed)
    assert line == (
        "Query.table derives from Person.birthDate, which the review of registered-table does not cover"
    )


def test_an_ordinary_input_still_limits_a_table():
    """A declassification lifts what is counted, and no value that is read beside it."""
    read = replace(counting("Record.field"), inputs=inputs("Record.field"))
    assert "Query.table is ORDINARY, and an input is PERSONAL" in found(read, counted(RECORD))

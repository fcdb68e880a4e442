"""A record under another document than the identity number never enters, and is counted with its data set and its rule."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.quality.row_judge import RowJudge
from adapters.source import Query, Row
from adapters.validation import checker_of
from catalogue.declarations import Dataset
from catalogue.key_forms import KeyForm
from tests.support.declared_otherwise import DATASETS
from tests.support.small_city import ADULTS, ENTERPRISES, small_city

OTHERS = ("E12345678", "H01234567", "01234567", "XYZ411512345678", "411502710101001", "公民")
"""Numbers of a passport, of two permits, of a card and of 15 digits, and what is none at all."""
OF_SUBJECTS = {
    name: each for name, each in DATASETS.items() if each.key_form not in (KeyForm.YEAR, KeyForm.DOCUMENT)
}
LEADING = [
    (name, column.name, key)
    for name, each in DATASETS.items()
    for column in each.columns
    if column.leads_to and column.name != each.key
    for key in (ADULTS[0], ENTERPRISES[0], "E12345678")
    if each.key_form.fault(key) is None and (each.key_form is not KeyForm.DOCUMENT or key == "E12345678")
]


def rows_of(name: str, dataset: Dataset) -> Iterator[Row]:
    """Yield rows of a data set in the small city, with the columns that the bureau has."""
    for key, records in small_city().tables[name].items():
        for record in records:
            yield (key, *(record[column.name] for column in dataset.stored))


@pytest.mark.rule("HN-16", "C15")
@pytest.mark.parametrize("name", OF_SUBJECTS)
def test_a_row_under_another_document_is_counted_by_its_rule(name: str):
    """Whatever stands in place of an identity number or a credit code is one faulty row of the data set, by the form of its key."""
    dataset = OF_SUBJECTS[name]
    bureau = name.partition(".")[0]
    (_, *values) = next(rows_of(name, dataset))
    places = [at for at, column in enumerate(dataset.stored) if column.name == dataset.key]
    for number in OTHERS:
        row = [number, *values]
        for at in places:
            row[at + 1] = number
        judge = RowJudge(dataset)
        judge.take([tuple(row)])
        counted = judge.result(bureau, "all")
        assert (counted.name, counted.rows, counted.faulty) == (name, 1, 1)
        assert counted.faults["key_form"] >= 1


@pytest.mark.parametrize(("name", "column", "key"), LEADING)
def test_a_reference_by_another_document_breaks_its_row(name: str, column: str, key: str):
    """A record that leads to somebody by a passport, a permit or 15 digits is refused with its data set and the rule."""
    dataset = DATASETS[name]
    query = Query(name.partition(".")[0], dataset, (column,), "subject.access", unordered=True)
    (_, *values) = next(rows_of(name, dataset))
    held = {each.name: value for each, value in zip(dataset.stored, values, strict=True)}
    for number in OTHERS:
        row = (key, *(number if each == column else held[each] for each in query.read_columns))
        batch = checker_of(query).check([key], [row])
        assert batch.rows == {}
        (error,) = batch.broken.values()
        assert (f"{error.bureau}.{error.dataset}", error.reason) == (
            name,
            f"{column}: an identifier in another form",
        )
        assert number not in str(error)

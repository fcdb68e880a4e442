"""Judges the rows of one data set by its contract, one after the other, and keeps nothing but counts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from adapters.band_entry import OTHER_BAND, BandRule
from adapters.bureau_errors import BureauError, ContractBroken
from adapters.form_entry import OTHER_FORM, FormRule
from adapters.grade_entry import FAULTS, GradeRule
from adapters.quality.check_result import ROW_FAULTS, CheckedDataset, Coverage, RowFault
from adapters.source import Batch, Row
from adapters.validation import EQUAL_IN_ORDER, ColumnRule
from catalogue.city_clock import city_today
from catalogue.dated_rules import dated_rules
from catalogue.declarations import COUNT, FORMS, Column, Dataset, Kind
from catalogue.key_forms import KeyForm
from catalogue.legal_forms import legal_form_of
from catalogue.record_faults import AHEAD, BLANK, FAULTS_OF_COURSE
from catalogue.record_states import LifeReader

_BY_RULE: Final[dict[str, RowFault]] = {
    **dict.fromkeys(("null", BLANK), "null"),
    "not a declared code": "code",
    "more than one row": "repeated",
    EQUAL_IN_ORDER: "order_tie",
    "an identifier in another form": "key_form",
    AHEAD: "future",
    **dict.fromkeys((*FAULTS, OTHER_FORM, OTHER_BAND), "scheme"),
}
"""The fault of a row by the rule of `adapters.validation` that it breaks; any other rule is about types."""


class RowJudge:
    """Counts rows by fault. Rows of one key follow each other, in the declared order or by the labels of a table."""

    def __init__(self, dataset: Dataset, *, mistyped: str | None = None) -> None:
        """Judge rows of the key and all columns; `mistyped` says which column is of another type in every row.

        Such rows come in no order, so none is compared with the one before.
        """
        self._dataset = dataset
        self._mistyped = mistyped
        self._cells = [_Cell(dataset, column) for column in dataset.stored]
        places = {dataset.key: 0} | {
            name: at for at, name in enumerate((each.name for each in dataset.stored), start=1)
        }
        tie, told_apart_by = _rule_of_places(dataset)
        self._tie: RowFault | None = tie if mistyped is None else None
        self._place = [0, *(places[name] for name in told_apart_by)]
        names = [each.name for each in dataset.stored]
        life, grounds = dataset.life, dataset.grounds
        self._life = LifeReader(life, dated_rules(), columns=names, grounds=grounds) if life else None
        self._names = (dataset.key, *names)
        self._forms = FormRule(dataset, names)
        self._grades = GradeRule(dataset.grading, names) if dataset.grading else None
        self._bands = BandRule(dataset.banding, names) if dataset.banding else None
        self._today = city_today()
        self._rows = self._faulty = 0
        self._counts: Counter[RowFault] = Counter()
        self._last: tuple[Any, ...] | None = None
        self._last_faults: set[RowFault] = set()

    def take(self, rows: Iterable[Row]) -> None:
        """Count rows."""
        for row in rows:
            found = set(self._faults(row)) or self._fault_of_course(row) or set(self._faults_of_schemes(row))
            self._rows += 1
            self._find_tie(row, found)
            self._counts.update(found)
            self._faulty += bool(found)
            self._last_faults = found

    def take_batch(self, batch: Batch) -> None:
        """Count the rows of an answer by key; a broken key shows the first fault of its rows alone."""
        for found in batch.rows.values():
            rows = found if self._dataset.many else (found,)
            # A bureau may give the cells of a table in any order.
            self.take(sorted(rows, key=self._place_of) if self._dataset.counting else rows)
        for error in batch.broken.values():
            self._count_broken(error)

    def result(self, bureau: str, coverage: Coverage, failure: str = "") -> CheckedDataset:
        """Return the counts."""
        dataset, faults = self._dataset, {name: self._counts[name] for name in ROW_FAULTS}
        failure = failure or self._mistyped or ""
        form = dataset.key_form.value
        return CheckedDataset(
            bureau, dataset.name, form, coverage, self._rows, self._faulty, {**faults}, failure
        )

    def _count_broken(self, error: BureauError) -> None:
        rows = error.rows if isinstance(error, ContractBroken) else 1
        self._rows += rows
        self._faulty += rows
        self._counts[_fault_of(error.reason)] += rows

    def _faults(self, row: Row) -> Iterator[RowFault]:
        if self._mistyped is not None:
            yield "type"
        yield from _key_faults(self._dataset.key_form, row[0])
        for cell, value in zip(self._cells, row[1:], strict=True):
            yield from cell.faults(value, self._today)

    def _fault_of_course(self, row: Row) -> set[RowFault]:
        """Return the fault of a record, each value of which could be, that cannot have come about."""
        if self._life is None:
            return set()
        fault = self._life.fault(dict(zip(self._names, row, strict=True)), row[0], self._today)
        return {_fault_of(fault)} if fault else set()

    def _faults_of_schemes(self, row: Row) -> Iterator[RowFault]:
        """A row whose columns are faulty is not held to its scheme: its day or its letter may be none."""
        by_grade = self._grades is not None and self._grades.fault(row, legal_form_of(row[0])) is not None
        by_label = self._bands is not None and self._bands.is_broken(row)
        if by_grade or by_label or self._forms.is_broken(row):
            yield "scheme"

    def _find_tie(self, row: Row, found: set[RowFault]) -> None:
        """Add the fault of a row at the place of the one before, which has the fault as well."""
        if self._tie is None:
            return
        place = self._place_of(row)
        if place == self._last:
            found.add(self._tie)
            if self._tie not in self._last_faults:
                self._counts[self._tie] += 1
                self._faulty += not self._last_faults
        self._last = place

    def _place_of(self, row: Row) -> tuple[Any, ...]:
        return tuple(row[at] for at in self._place)


def _rule_of_places(dataset: Dataset) -> tuple[RowFault | None, Sequence[str]]:
    """Return the fault of rows of one key at one place, and the columns that make a place."""
    if dataset.counting:
        return "repeated", (dataset.counting.row, dataset.counting.column)
    if not dataset.many and not dataset.latest:
        return "repeated", ()
    names = [name for name, _ in dataset.order_terms]
    return ("order_tie" if names else None), names


class _Cell:
    """The rules of one column."""

    __slots__ = ("_ahead", "_counts", "_form", "_rule")

    def __init__(self, dataset: Dataset, column: Column) -> None:
        self._rule = ColumnRule(column)
        self._counts = dataset.counting is not None and column.name == COUNT
        self._ahead = column.ahead or column.kind is not Kind.DATE
        self._form = FORMS[column.leads_to.subject] if column.leads_to else None

    def faults(self, value: Any, today: date) -> Iterator[RowFault]:
        reason = self._rule.fault(value)
        if reason is not None:
            yield _fault_of(reason)
        elif value is not None:
            if self._form is not None:
                yield from _key_faults(self._form, value)
            elif self._counts and value < 0:
                yield "type"
            elif not self._ahead and value > today:
                yield "future"


def _key_faults(form: KeyForm, key: Any) -> Iterator[RowFault]:
    if key is None:
        yield "null"
    elif not isinstance(key, str):
        yield "type"
    elif (fault := form.fault(key)) is not None:
        yield fault


def _fault_of(reason: str) -> RowFault:
    rule = reason.rpartition(": ")[2]
    return "course" if rule.startswith(FAULTS_OF_COURSE) else _BY_RULE.get(rule, "type")

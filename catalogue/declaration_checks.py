"""What a bureau's declaration must state; a gap is named with the bureau, the data set or the column, and a remedy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from catalogue.catalogue_item import Nature, SubjectKind
from catalogue.classification import NEVER_CHOSEN, DataClass, Use
from catalogue.declarations import (
    COUNT,
    ORDERED_KINDS,
    Bureau,
    Codes,
    Column,
    Counting,
    Dataset,
    DeclarationError,
    Kind,
    Reads,
)

Datasets: TypeAlias = Mapping[str, Dataset]
"""The data sets and tables of all bureaus by their full name: "bureau.dataset"."""

LEAST_MINIMUM: Final = 3
"""With a minimum of two, each of two counted subjects could tell the other from the count."""
_ADVERSE: Final = frozenset({DataClass.ADVERSE, DataClass.JUDICIAL})
_COLUMN: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z][a-z0-9]+)*", re.ASCII)
"""A column's name, so that the name of its field leads back to it."""
_TYPE: Final = re.compile(r"[A-Z][A-Za-z0-9]*", re.ASCII)
_FIELD: Final = re.compile(r"[a-z][A-Za-z0-9]*", re.ASCII)


def check_declarations(bureaus: Iterable[Bureau]) -> None:
    """Raise DeclarationError where the bureaus' declarations do not make one graph."""
    known = tuple(bureaus)
    datasets = {f"{bureau.name}.{each.name}": each for bureau in known for each in bureau.shared}
    for check in (_classes, _titles, _shared, _adverse, _places, _fields, _columns, _orders, _tables):
        for problem in check(datasets):
            raise DeclarationError(problem)
    if sum(len(bureau.shared) for bureau in known) != len(datasets):
        raise DeclarationError("two bureaus, or two data sets of one, have the same name: rename one")


def _titles(datasets: Datasets) -> Iterator[str]:
    for name, dataset in datasets.items():
        for place, zh, en in _titled(name, dataset):
            if not (zh and en):
                missing = "Chinese" if en else "English" if zh else "Chinese and English"
                yield f"{place} has no title in {missing}: state both"


def _titled(name: str, dataset: Dataset) -> Iterator[tuple[str, str, str]]:
    yield name, *dataset.title
    if dataset.field:
        yield f"{name}, field {dataset.field.name},", dataset.field.zh, dataset.field.en
    for column in dataset.columns:
        place = f"{name}.{column.name}"
        if column.leads_to:
            yield f"{place}, field {column.leads_to.field},", column.leads_to.zh, column.leads_to.en
        elif column.zh or column.en or not column.neutral:
            yield place, column.zh, column.en
        if isinstance(column.codes, Codes):
            yield f"{place}, codes {column.codes.name},", *column.codes.title
            for code, (zh, en) in column.codes.labels.items():
                yield f"{place}, code {code},", zh, en


def _shared(datasets: Datasets) -> Iterator[str]:
    """What several data sets declare under one name is the same: types, codes and catalogue items."""
    types: dict[str, tuple[str, object]] = {}
    for name, each in datasets.items():
        declared: list[tuple[str, object]] = [
            (each.type_name, (each.title, each.columns, each.classification, each.adverse)),
            (each.item.code, each.item),
            *((c.codes.name, (c.codes, c.codes.labels)) for c in each.columns if isinstance(c.codes, Codes)),
        ]
        for key, value in declared:
            first, other = types.setdefault(key, (name, value))
            if other != value:
                yield f"{name} declares {key} otherwise than {first}: rename it, or declare it once for both"


def _classes(datasets: Datasets) -> Iterator[str]:
    for name, each in datasets.items():
        statistic = any(found is DataClass.STATISTIC for found in _classes_of(each))
        if each.data_class is None:
            yield f"{name} states no class: state `data_class`"
        elif statistic is not (each.counting is not None):
            yield f"{name} is a statistic and no registered table, or the other way round: see `counting`"


def _classes_of(dataset: Dataset) -> set[DataClass | None]:
    return {dataset.data_class, *(each.data_class for each in dataset.columns if each.data_class)}


def _adverse(datasets: Datasets) -> Iterator[str]:
    """An adverse data set without a rule would be shown, and ignored by every reward."""
    for name, each in datasets.items():
        adverse = not _ADVERSE.isdisjoint(_classes_of(each))
        if each.adverse is None:
            if adverse or each.item.nature is Nature.ADVERSE:
                yield f"{name} is adverse and does not say how its records count and end: state `adverse`"
            continue
        if each.data_class not in _ADVERSE or each.field is None or not each.many:
            yield f"{name} states `adverse` and is no list of the class ADVERSE or JUDICIAL on a subject"
        for read in each.adverse.counts.reads:
            yield from (
                f"{name} counts by {problem}" for problem in _read(read, each.by_name.get(read.column))
            )


def _read(read: Reads, column: Column | None) -> Iterator[str]:
    """A rule could not tell of a record without the column, or would fail on it."""
    if column is None or not column.zh:
        yield f"{read.column}, which is no titled column of it: declare the column"
    elif column.kind is not read.kind or (column.nullable and not read.nullable):
        yield f"{read.column}, which is not a {read.kind.name} that is always there: use another rule"
    elif read.code is not None and read.code not in (column.codes or ()):
        yield f"the code {read.code}, which {read.column} does not have: state one of its codes"


def _places(datasets: Datasets) -> Iterator[str]:
    places = Counter(each.adverse.place for each in datasets.values() if each.adverse)
    for name, each in datasets.items():
        if each.adverse and places[each.adverse.place] > 1:
            yield f"{name} has the place {each.adverse.place} in adverseRecords, which another one has too"


def _fields(datasets: Datasets) -> Iterator[str]:
    """Each data set is reached by one field of a subject that is there, and by no name that is taken."""
    known = {each.identifies for each in datasets.values() if each.identifies}
    taken: set[tuple[SubjectKind, str]] = set()
    for name, each in datasets.items():
        if each.counting is None and (each.field is None) is (each.identifies is None):
            yield f"{name} is reached by no field of a subject, or by two ways: state `field` or `identifies`"
        if not _TYPE.fullmatch(each.type_name):
            yield f"{name} has the type {each.type_name!r}: state a `type_name` such as TaxArrears"
        if each.identifies and (each.key not in each.by_name or each.many):
            yield f"{name} identifies subjects by {each.key}: declare it as a column, with `many=False`"
        for subject in each.field.subjects if each.field else ():
            if subject not in known:
                yield f"{name} is a field of the subject {subject.name}, which no data set identifies"
            if not each.field or not _FIELD.fullmatch(each.field.name) or (subject, each.field.name) in taken:
                yield f"{name} has the field {each.field and each.field.name}, which is no name or taken"
            taken.add((subject, each.field.name if each.field else ""))


def _columns(datasets: Datasets) -> Iterator[str]:
    known = {each.identifies for each in datasets.values() if each.identifies}
    for name, dataset in datasets.items():
        for column in dataset.columns:
            if column.zh and not _COLUMN.fullmatch(column.name):
                yield f"{name}.{column.name} makes no name of a field: name the column such as listed_on"
            if column.leads_to and (column.leads_to.subject not in known or dataset.identifies):
                yield f"{name}.{column.name} leads to a subject that no data set identifies, or from one"
            if column.field and not dataset.identifies:
                yield f"{name}.{column.name} is renamed to {column.field}, and only a subject's columns can be"
            if column.codes is not None and (column.kind is not Kind.TEXT or not column.codes):
                yield f"{name}.{column.name} has codes and is no text, or has none: state `codes` of a text"
            yield from (f"{name}.{column.name} {problem}" for problem in _chosen(dataset, column))


def _chosen(dataset: Dataset, column: Column) -> Iterator[str]:
    """Incentive data is never filtered nor ordered by, nor is an identity, a right of a subject, or a text."""
    data_class = column.data_class or dataset.data_class
    able: dict[Use, bool] = {
        Use.FILTER: column.kind is not Kind.TEXT or isinstance(column.codes, Codes),
        Use.SORT: column.kind in ORDERED_KINDS,
    }
    for use in (use for use in able if use in column.uses):
        if data_class in NEVER_CHOSEN:
            yield f"is {data_class and data_class.name} and never has the use {use.value}"
        elif not able[use]:
            yield f"is {column.kind.name}, and no list has the use {use.value} of such a value"


def _orders(datasets: Datasets) -> Iterator[str]:
    """The order of records is seen by whoever sees two of them, whichever of their fields are read."""
    for name, dataset in datasets.items():
        for each in (term.removeprefix("-") for term in dataset.order):
            column = dataset.by_name.get(each)
            if column is None or not (column.neutral or column.zh):
                yield f"{name} is ordered by {each}, which no field of {dataset.type_name} shows and which is not neutral"


def _tables(datasets: Datasets) -> Iterator[str]:
    for name, each in datasets.items():
        if each.counting is not None:
            yield from (f"{name} {problem}" for problem in _layout(each, each.counting))


def _layout(dataset: Dataset, counting: Counting) -> Iterator[str]:
    for each in (counting.row, counting.column):
        column = dataset.by_name.get(each)
        if column is None or column.codes is None or column.nullable:
            yield f"labels its cells by {each}, which is no column of a closed set of codes"
    count = dataset.by_name.get(COUNT)
    if count is None or count.kind is not Kind.INTEGER or count.nullable or not dataset.many:
        yield f"has no column {COUNT} with a whole number for each of many cells"
    if {counting.row, counting.column, COUNT} != set(dataset.by_name) or counting.row == counting.column:
        yield f"has other columns than {counting.row}, {counting.column} and {COUNT}"
    if counting.minimum < LEAST_MINIMUM:
        yield f"releases counts of {counting.minimum}; the least minimum is {LEAST_MINIMUM}"
    if not counting.of or dataset.field or dataset.identifies:
        yield "does not say by which fields it counts, or is a field of a subject: see `Counting.of`"

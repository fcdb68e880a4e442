"""What the columns of a data set must state: names, codes, edges to subjects, and the uses of lists."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final, TypeAlias

from catalogue.catalogue_item import SubjectKind
from catalogue.classification import NEVER_CHOSEN, Use
from catalogue.declarations import ORDERED_KINDS, Column, Dataset, Kind
from catalogue.declared_codes import Codes
from catalogue.record_life import COLUMNS_OF

Datasets: TypeAlias = Mapping[str, Dataset]
"""The data sets and tables of all bureaus by their full name: "bureau.dataset"."""

TYPE_NAME: Final = re.compile(
    r"(?!(ID|Int|Float|String|Boolean|Query|Mutation|Subscription|None|True|False)$)[A-Z][A-Za-z0-9]*",
    re.ASCII,
)
"""A name of a type that neither GraphQL nor Python has already."""
FIELD_NAME: Final = re.compile(r"[a-z][A-Za-z0-9]*", re.ASCII)
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", re.ASCII)
_OF_LIVES: Final = frozenset(column for columns in COLUMNS_OF.values() for column in columns)
_USES: Final = frozenset({Use.READ, Use.FILTER, Use.SORT, Use.AGGREGATE, Use.DERIVE})
"""The uses that a column may have; the others are those of identifiers."""


def check_columns(datasets: Datasets) -> Iterator[str]:
    """Yield for each column that cannot be a field, an edge or an order of records: where it stands, why, and a remedy."""
    known = {each.identifies for each in datasets.values() if each.identifies}
    for name, dataset in datasets.items():
        if not any(column.zh or column.leads_to for column in dataset.columns):
            yield f"{name} shows nothing: declare a column with titles"
        for column in dataset.columns:
            problems = [*_edge(dataset, column, known), *_codes(column), *_list_uses(dataset, column)]
            yield from (f"{name}.{column.name} {problem}" for problem in problems)


def _edge(dataset: Dataset, column: Column, known: Collection[SubjectKind]) -> Iterator[str]:
    """An edge column holds an identifier and is not a field itself. Few columns may be renamed."""
    leads = column.leads_to
    if leads and (leads.subject not in known or dataset.identifies):
        yield (
            "leads to a subject that no data set identifies, or from one: declare the subject's data set with"
            " `identifies`, and the edge in another"
        )
    if leads and (column.kind is not Kind.TEXT or column.codes is not None or column.zh or column.data_class):
        yield "leads to a subject, and is no plain text or has titles or a class: state `leads_to` of a text alone"
    if leads and not FIELD_NAME.fullmatch(leads.field):
        yield f"leads to a subject by {leads.field!r:.80}, which is no name: state a field such as employer"
    if leads and leads.term and not _is_term(dataset, *leads.term):
        yield (
            "leads to a ward by a term that is none: state in `term` the columns of its first day, which is never null, and"
            " of its last day"
        )
    if column.field and not dataset.identifies and not (dataset.life and column in _OF_LIVES):
        yield (
            f"is renamed to {column.field}, and only a subject's columns and those of a life can be: rename the column"
        )


def _is_term(dataset: Dataset, first: str, last: str) -> bool:
    days = [dataset.by_name.get(each) for each in (first, last)]
    return all(each and each.kind is Kind.DATE for each in days) and not dataset.by_name[first].nullable


def _codes(column: Column) -> Iterator[str]:
    if column.codes is None:
        return
    if column.kind is not Kind.TEXT or not column.codes:
        yield "has codes and is no text, or has none: state `codes` of a text"
    if isinstance(column.codes, Codes):
        if not TYPE_NAME.fullmatch(column.codes.name):
            yield f"has the codes {column.codes.name!r:.80}: state another name, such as TaxKind"
        for code in column.codes.labels:
            if not _CODE.fullmatch(code):
                yield f"has the code {code!r:.80}: state one such as INCOME_TAX"


def _list_uses(dataset: Dataset, column: Column) -> Iterator[str]:
    """Incentive data is never filtered nor ordered by, nor is an identity, a right of a subject, or a text."""
    data_class = column.data_class or dataset.data_class
    able: dict[Use, bool] = {
        Use.FILTER: column.kind is not Kind.TEXT or isinstance(column.codes, Codes),
        Use.SORT: column.kind in ORDERED_KINDS,
    }
    for use in (use for use in able if use in column.uses):
        if data_class in NEVER_CHOSEN:
            yield f"is {data_class and data_class.name} and never has the use {use.value}: declare it without"
        elif not able[use]:
            yield f"is {column.kind.name}, and no list has the use {use.value} of such a value: declare it without"
    for use in sorted(each.value for each in column.uses - _USES):
        yield f"has the use {use}, which no column states: declare it without"


def check_orders(datasets: Datasets) -> Iterator[str]:
    """A caller who sees two records sees their order. It must not depend on a column that no field shows."""
    for name, dataset in datasets.items():
        if dataset.many and dataset.counting is None and not dataset.order:
            yield (
                f"{name} is a list without an order, and chance would decide which record comes first:"
                " state `order` so that no two different records are equal in it"
            )
        for each in (term.removeprefix("-") for term in dataset.order):
            column = dataset.by_name.get(each)
            if column is None or not (column.neutral or column.zh):
                yield (
                    f"{name} is ordered by {each}, which no field of {dataset.type_name} shows and which is not neutral:"
                    " order it by columns with titles"
                )

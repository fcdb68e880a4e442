"""The types of the bureaus' records and of the cells of their tables, from the bureaus' declarations."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from catalogue.catalogue_item import CatalogueItem, SubjectKind
from catalogue.classification import REGISTERED_TABLE, Use, inputs
from catalogue.declarations import COUNT, Column, Dataset, Kind
from catalogue.declared_codes import Codes, bilingual
from schema.type_builder import Member, Types

IDENTIFIERS: Final[Mapping[SubjectKind, str]] = {
    SubjectKind.PERSON: "PersonNumber",
    SubjectKind.ENTERPRISE: "CreditCode",
}
"""The scalar of the identifier of each kind of subject."""
_ELEMENTS: Final = {
    "provider": ("提供单位", "Bureau that provides the record"),
    "legalBasis": ("法律依据", "Rule under which the record is collected and shared"),
}
SUPPRESSED: Final = "suppressed"
"""The field of a cell that says whether its count is withheld; no bureau has a column for it."""
_SCALARS: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "String",
    Kind.INTEGER: "Int",
    Kind.FEN: "Fen",
    Kind.DATE: "Date",
    Kind.BOOLEAN: "Boolean",
}


def snake_case(name: str) -> str:
    """Return the column name of a GraphQL field name."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def camel_case(code: str) -> str:
    """Return the name of a GraphQL field that stands for a code."""
    first, *rest = code.lower().split("_")
    return first + "".join(each.capitalize() for each in rest)


def constant_case(name: str) -> str:
    """Return the enum value that stands for a GraphQL field."""
    return snake_case(name).upper()


def leaf_of(dataset: Dataset, column: Column) -> str:
    """Return the name of the scalar or of the enum of a column."""
    if isinstance(column.codes, Codes):
        return column.codes.name
    identifies = dataset.identifies if column.name == dataset.key else None
    return IDENTIFIERS[identifies] if identifies else _SCALARS[column.kind]


def add_codes(types: Types, datasets: Iterable[Dataset]) -> None:
    """Make the enum of each closed set of codes that has a name, once."""
    found = {
        each.codes.name: each.codes
        for dataset in datasets
        for each in dataset.columns
        if isinstance(each.codes, Codes)
    }
    for codes in found.values():
        labels = {code: bilingual(*label) for code, label in codes.labels.items()}
        types.add_enum(codes.name, bilingual(*codes.title), labels)


def fields_of_columns(
    dataset: Dataset, columns: Iterable[Column], subjects: Mapping[SubjectKind, str]
) -> Iterator[Member]:
    """Yield the field of each column that has one, those that lead to a subject at last.

    `subjects` are the types of the kinds of subject.
    """
    for column in sorted(columns, key=lambda each: each.leads_to is not None):
        leads_to = column.leads_to
        if leads_to:
            text = bilingual(leads_to.zh, leads_to.en)
            type_ = f"{subjects[leads_to.subject]} | None"
            yield Member(leads_to.field, type_, text, dataset.classification)
        elif column.zh:
            text = bilingual(column.zh, column.en)
            type_ = f"{leaf_of(dataset, column)} | None"
            yield Member(column.field_name, type_, text, dataset.classification_of(column))


def described(dataset: Dataset) -> str:
    """Return the description of the type of a data set's records: its title, and the schemes of its grades."""
    schemes = dataset.grading.schemes if dataset.grading else ()
    return "\n\n".join((dataset.description, *(each.text for each in schemes)))


def elements_of(item: CatalogueItem) -> Mapping[str, str]:
    """Return the elements of a catalogue item that every record of it shows, by the name of the field."""
    return {"provider": item.provider, "legalBasis": item.legal_basis}


def fields_of_item(dataset: Dataset) -> Iterator[Member]:
    """Yield the fields of a record that say from whom it is and on which basis: of the class of the record itself."""
    for name in elements_of(dataset.item):
        yield Member(name, "String | None", bilingual(*_ELEMENTS[name]), dataset.classification)


def add_cells(types: Types, table: Dataset) -> None:
    """Make the type of the cells of a registered table: its labels, its count, and whether that is withheld."""
    classification = table.classification
    labels = [
        Member(
            column.field_name,
            f"{leaf_of(table, column)} | None",
            bilingual(
                column.zh, f"{column.en}; null {'where withheld' if column.name == COUNT else 'for all'}"
            ),
            classification,
        )
        for column in table.columns
    ]
    text = bilingual("是否隐匿", "Whether the count is withheld")
    withheld = Member(SUPPRESSED, "Boolean | None", text, classification)
    zh, en = table.title
    described = bilingual(f"{zh}的一格", f"A cell of: {en[0].lower()}{en[1:]}")
    types.add_object(table.type_name, described, [*labels, withheld])


def table_field(table: Dataset) -> Member:
    """Return the field of the query that gives a registered table for a closed year."""
    assert table.counting is not None  # noqa: S101 it is a table
    counted = inputs(*table.counting.of, use=Use.AGGREGATE)
    return Member(
        table_field_name(table),
        f"list[{table.type_name}] | None",
        f"{table.description} of a closed year, with totals",
        replace(table.classification, inputs=counted, declassification=REGISTERED_TABLE),
        (Member("year", "Int"),),
    )


def table_field_name(table: Dataset) -> str:
    """Return the name of the field of the query that gives a registered table."""
    return f"{table.type_name[0].lower()}{table.type_name[1:]}"

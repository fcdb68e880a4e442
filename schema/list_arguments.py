"""What a list of records can be chosen by: `where`, `orderBy` and `after`, made from the uses that columns declare.

A list gets the arguments where columns of its data set declare FILTER or SORT, and its records get a `cursor`. There
is no count of a list and no sign of whether it goes on: either would tell how many records a filter met that the
caller did not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from graphql import GraphQLField, GraphQLNamedType, GraphQLObjectType

from catalogue.classification import READ_ONLY, Use
from catalogue.declarations import Column, Dataset, bilingual
from schema.filter_inputs import add_order, add_where
from schema.graphql_types import named_type_of
from schema.name_case import constant_case
from schema.record_types import field_name
from schema.scalars import DEFAULT_RECORDS
from schema.type_builder import Member, Types

CHOOSING: Final = ("where", "orderBy", "after")
"""The arguments that choose among the records of a list."""
CERTAIN: Final = ("where", "orderBy")
"""Arguments in which every variable must be non-null: an omitted value would remove a condition."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the lists of a record type can be filtered and ordered by."""

    filters: Mapping[str, bool]
    """Fields that filter, and whether a record may lack the value."""
    orders: Mapping[str, str]
    """Fields that order, by the enum value that stands for each."""


def is_cursor(type_: GraphQLNamedType) -> bool:
    """Whether a leaf is the place of a record in its list, which no column holds."""
    return type_.name == "Cursor"


def records_of(listed: GraphQLField) -> GraphQLObjectType | None:
    """Return the record type of a list that takes `first`, or None where the field is none."""
    named = named_type_of(listed)
    return named if "first" in listed.args and isinstance(named, GraphQLObjectType) else None


def choices_of(dataset: Dataset) -> Choices:
    """Return what the lists of a data set can be filtered and ordered by."""
    filters = {field_name(each): each.nullable for each in _with(dataset, Use.FILTER)}
    orders = {constant_case(field_name(each)): field_name(each) for each in _with(dataset, Use.SORT)}
    return Choices(filters, orders)


def add_inputs(types: Types, dataset: Dataset) -> None:
    """Make the filter and the order of a record type, where there is anything to choose by."""
    if filters := [*_with(dataset, Use.FILTER)]:
        add_where(types, dataset, filters)
    if orders := [*_with(dataset, Use.SORT)]:
        add_order(types, dataset, orders)


def list_arguments(dataset: Dataset) -> tuple[Member, ...]:
    """Return the arguments of a list of the data set's records."""
    record, choices = dataset.type_name, choices_of(dataset)
    texts = {
        "where": bilingual("筛选", "Only records that meet all conditions"),
        "orderBy": bilingual("排序", "In this order instead of the data set's own"),
        "after": bilingual("续读", "Only records behind this place"),
    }
    offered = {
        "where": (choices.filters, f"{record}Where"),
        "orderBy": (choices.orders, f"{record}Order"),
        "after": (choices.filters or choices.orders, "Cursor"),
    }
    chosen = (Member(name, f"{type_} | None", texts[name]) for name, (any_, type_) in offered.items() if any_)
    return (FIRST, *chosen)


def cursor_of(dataset: Dataset) -> Iterator[Member]:
    """Yield the cursor of a record where its list has one: of the class of what the list is chosen by, and read only."""
    for column in [*_with(dataset, Use.FILTER), *_with(dataset, Use.SORT)][:1]:
        text = bilingual(
            "本条在列表中的位置",
            "The place in its list, for `after`; null where the list cannot be continued",
        )
        yield Member(
            "cursor", "Cursor | None", text, replace(dataset.classification_of(column), uses=READ_ONLY)
        )


def _with(dataset: Dataset, use: Use) -> Iterator[Column]:
    return (each for each in dataset.columns if use in each.uses)


FIRST: Final = Member("first", "Count", default=DEFAULT_RECORDS)
"""The argument of every list: how many records are read."""

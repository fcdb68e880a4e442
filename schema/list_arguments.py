"""What a list of records can be chosen by: `where`, `orderBy` and `after`, made from the uses that columns declare.

A list gets the arguments where columns of its data set declare FILTER or SORT, and its records get a `cursor`. There
is no count of a list and no sign of whether it goes on: either would tell how many records a filter met that the
caller did not read.

All conditions of a filter hold together. A text has no condition: it could be searched for whatever it holds, and an
identity number has none for the same reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from graphql import GraphQLField, GraphQLNamedType, GraphQLObjectType

from catalogue.classification import READ_ONLY, Use
from catalogue.declarations import ORDERED_KINDS, Column, Dataset
from catalogue.declared_codes import bilingual
from schema.graphql_types import named_type_of
from schema.record_types import constant_case, leaf_of
from schema.scalars import DEFAULT_RECORDS
from schema.type_builder import Member, Types

FIRST: Final = Member("first", "Count", default=DEFAULT_RECORDS)
"""The argument of every list: how many records are read."""
CHOOSING: Final = ("where", "orderBy", "after")
"""The arguments that choose among the records of a list."""
CERTAIN: Final = ("where", "orderBy")
"""Arguments in which every variable must be non-null: an omitted value would remove a condition."""
MOST_VALUES: Final = 100
"""Values in the list of one condition."""
_DIRECTION: Final = "OrderDirection"


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
    filters = {each.field_name: each.nullable for each in _with(dataset, Use.FILTER)}
    orders = {constant_case(each.field_name): each.field_name for each in _with(dataset, Use.SORT)}
    return Choices(filters, orders)


def add_inputs(types: Types, dataset: Dataset) -> None:
    """Make the filter and the order of a record type, where there is anything to choose by."""
    if filters := [*_with(dataset, Use.FILTER)]:
        _add_where(types, dataset, filters)
    if orders := [*_with(dataset, Use.SORT)]:
        _add_order(types, dataset, orders)


def list_arguments(dataset: Dataset) -> tuple[Member, ...]:
    """Return the arguments of a list of the data set's records."""
    record, choices = dataset.type_name, choices_of(dataset)
    offered = [
        (choices.filters, "where", f"{record}Where", "筛选", "Only records that meet all conditions"),
        (choices.orders, "orderBy", f"{record}Order", "排序", "In this order instead of the data set's own"),
        (choices.filters or choices.orders, "after", "Cursor", "续读", "Only records behind this place"),
    ]
    chosen = (
        Member(name, f"{type_} | None", bilingual(*text)) for any_, name, type_, *text in offered if any_
    )
    return (FIRST, *chosen)


def cursor_of(dataset: Dataset) -> Iterator[Member]:
    """Yield the cursor of a record where its list has one: of the class of what the list is chosen by, and read only."""
    en = "The place in its list, for `after`; null where the list cannot be continued"
    for column in [*_with(dataset, Use.FILTER), *_with(dataset, Use.SORT)][:1]:
        classification = replace(dataset.classification_of(column), uses=READ_ONLY)
        yield Member("cursor", "Cursor | None", bilingual("本条在列表中的位置", en), classification)


def _with(dataset: Dataset, use: Use) -> Iterator[Column]:
    return (each for each in dataset.columns if use in each.uses)


def _add_where(types: Types, dataset: Dataset, columns: Sequence[Column]) -> None:
    """Make the filter of a record type from the columns that filter."""
    record = dataset.type_name
    members = [
        Member(each.field_name, f"{_condition(types, dataset, each)} | None", bilingual(each.zh, each.en))
        for each in columns
    ]
    text = bilingual("筛选，全部条件同时成立", f"A filter of {record}; all conditions hold together")
    types.add_input(f"{record}Where", text, members)


def _condition(types: Types, dataset: Dataset, column: Column) -> str:
    """Return the condition on the values of a column; make it where no other column has it."""
    leaf = leaf_of(dataset, column)
    name = f"{'Optional' if column.nullable else ''}{leaf}Condition"
    if name not in types.by_name:
        text = bilingual("条件，全部同时成立", f"A condition on {leaf}; all of its members hold together")
        types.add_input(name, text, [*_operators(leaf, column)])
    return name


def _operators(leaf: str, column: Column) -> Iterator[Member]:
    one = f"{leaf} | None"
    yield Member("eq", one, bilingual("等于", "Is this value"))
    text = bilingual("属于其一", f"Is one of these values, {MOST_VALUES} at the most")
    yield Member("in", f"list[{leaf}] | None", text)
    if column.kind in ORDERED_KINDS:
        yield Member("from", one, bilingual("不小于", "Is this value or above it"))
        yield Member("until", one, bilingual("不大于", "Is this value or below it"))
    if column.nullable:
        text = bilingual("是否没有值", "Whether the record has no such value")
        yield Member("isNull", "Boolean | None", text)


def _add_order(types: Types, dataset: Dataset, columns: Sequence[Column]) -> None:
    """Make the order of a record type from the columns that order."""
    record, field = dataset.type_name, f"{dataset.type_name}OrderField"
    if _DIRECTION not in types.by_name:
        directions = {
            "ASC": bilingual("升序", "Smallest or earliest first"),
            "DESC": bilingual("降序", "Largest or latest first"),
        }
        text = bilingual("排序方向", "Direction of an order; a record without the value comes last")
        types.add_enum(_DIRECTION, text, directions)
    values = {constant_case(each.field_name): bilingual(each.zh, each.en) for each in columns}
    types.add_enum(field, bilingual("排序字段", f"A field by which {record} is ordered"), values)
    ascending = types.by_name[_DIRECTION].ASC
    members = [
        Member("field", field, bilingual("字段", "The field")),
        Member("direction", _DIRECTION, bilingual("方向", "The direction"), default=ascending),
    ]
    text = bilingual("排序，同值保持原序", f"An order of {record}; equal values keep the data set's own")
    types.add_input(f"{record}Order", text, members)

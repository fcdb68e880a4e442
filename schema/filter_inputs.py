"""Inputs by which a list of records is filtered and ordered: one condition a kind of value.

All conditions of a filter hold together. A text has no condition: it could be searched for whatever it
holds, and an identity number has none for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from catalogue.declarations import ORDERED_KINDS, Column, Dataset, bilingual
from schema.name_case import constant_case
from schema.record_types import field_name, leaf_of
from schema.type_builder import Member, Types

MOST_VALUES: Final = 100
"""Values in the list of one condition."""
_DIRECTION: Final = "OrderDirection"


def add_where(types: Types, dataset: Dataset, columns: Sequence[Column]) -> None:
    """Make the filter of a record type from the columns that filter."""
    record = dataset.type_name
    members = [
        Member(field_name(each), f"{_condition(types, dataset, each)} | None", bilingual(each.zh, each.en))
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


def add_order(types: Types, dataset: Dataset, columns: Sequence[Column]) -> None:
    """Make the order of a record type from the columns that order."""
    record, field = dataset.type_name, f"{dataset.type_name}OrderField"
    if _DIRECTION not in types.by_name:
        directions = {
            "ASC": bilingual("升序", "Smallest or earliest first"),
            "DESC": bilingual("降序", "Largest or latest first"),
        }
        text = bilingual("排序方向", "Direction of an order; a record without the value comes last")
        types.add_enum(_DIRECTION, text, directions)
    values = {constant_case(field_name(each)): bilingual(each.zh, each.en) for each in columns}
    types.add_enum(field, bilingual("排序字段", f"A field by which {record} is ordered"), values)
    ascending = types.by_name[_DIRECTION].ASC
    members = [
        Member("field", field, bilingual("字段", "The field")),
        Member("direction", _DIRECTION, bilingual("方向", "The direction"), default=ascending),
    ]
    text = bilingual("排序，同值保持原序", f"An order of {record}; equal values keep the data set's own")
    types.add_input(f"{record}Order", text, members)

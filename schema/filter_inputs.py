"""Inputs by which a list of records is filtered and ordered: one condition a kind of value.

All conditions of a filter hold together. A text has no condition: it could be searched for whatever it
holds, and an identity number has none for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLScalarType,
)

from schema.classification import bilingual
from schema.name_case import constant_case

Leaf: TypeAlias = GraphQLScalarType | GraphQLEnumType

MOST_VALUES: Final = 100
"""Values in the list of one condition."""
_ORDERED: Final = frozenset({"Date", "Fen", "Int"})
_ALIKE: Final = frozenset({"Boolean"})

DIRECTION: Final = GraphQLEnumType(
    "OrderDirection",
    {
        "ASC": GraphQLEnumValue("ASC", description=bilingual("升序", "Smallest or earliest first")),
        "DESC": GraphQLEnumValue("DESC", description=bilingual("降序", "Largest or latest first")),
    },
    description=bilingual("排序方向", "Direction of an order; a record without the value comes last"),
)


def filters(leaf: GraphQLNamedType) -> bool:
    """Whether values of a type can be compared in a filter."""
    return isinstance(leaf, GraphQLEnumType) or leaf.name in _ORDERED | _ALIKE


def orders(leaf: GraphQLNamedType) -> bool:
    """Whether values of a type have an order that says something: days, amounts and numbers."""
    return leaf.name in _ORDERED


def condition(leaf: Leaf, *, absent: bool) -> GraphQLInputObjectType:
    """Make the condition on a value; with `absent` it can ask whether there is one."""
    return GraphQLInputObjectType(
        f"{'Optional' if absent else ''}{leaf.name}Condition",
        dict(_operators(leaf, absent=absent)),
        description=bilingual(
            "条件，全部同时成立", f"A condition on {leaf.name}; all of its members hold together"
        ),
    )


def _operators(leaf: Leaf, *, absent: bool) -> Iterator[tuple[str, GraphQLInputField]]:
    yield "eq", GraphQLInputField(leaf, description=bilingual("等于", "Is this value"))
    several = GraphQLList(GraphQLNonNull(leaf))
    text = bilingual("属于其一", f"Is one of these values, {MOST_VALUES} at the most")
    yield "in", GraphQLInputField(several, description=text)
    if orders(leaf):
        yield "from", GraphQLInputField(leaf, description=bilingual("不小于", "Is this value or above it"))
        yield "until", GraphQLInputField(leaf, description=bilingual("不大于", "Is this value or below it"))
    if absent:
        text = bilingual("是否没有值", "Whether the record has no such value")
        yield "isNull", GraphQLInputField(GraphQLBoolean, description=text)


def where(record: str, conditions: dict[str, tuple[GraphQLInputObjectType, str]]) -> GraphQLInputObjectType:
    """Make the filter of a record type from the condition and the description of each field."""
    return GraphQLInputObjectType(
        f"{record}Where",
        {name: GraphQLInputField(made, description=text) for name, (made, text) in conditions.items()},
        description=bilingual(
            "筛选，全部条件同时成立", f"A filter of {record}; all conditions hold together"
        ),
    )


def order(record: str, described: dict[str, str]) -> GraphQLInputObjectType:
    """Make the order of a record type from the description of each field."""
    field = GraphQLEnumType(
        f"{record}OrderField",
        {
            constant_case(name): GraphQLEnumValue(constant_case(name), description=text)
            for name, text in described.items()
        },
        description=bilingual("排序字段", f"A field by which {record} is ordered"),
    )
    return GraphQLInputObjectType(
        f"{record}Order",
        {
            "field": GraphQLInputField(GraphQLNonNull(field), description=bilingual("字段", "The field")),
            "direction": GraphQLInputField(
                GraphQLNonNull(DIRECTION), "ASC", description=bilingual("方向", "The direction")
            ),
        },
        description=bilingual(
            "排序，同值保持原序", f"An order of {record}; equal values keep the data set's own"
        ),
    )

"""What a list of records can be chosen by: `where`, `orderBy` and `after`, made from the uses that fields declare.

A list is one that takes `first` and holds records of one type. It gets the arguments where fields of the type
declare FILTER or SORT, and its records get a `cursor`. There is no count of a list and no sign of whether it
goes on: either would tell how many records a filter met that the caller did not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
)

from schema import filter_inputs as conditions
from schema.classification import (
    ABSENT_KEY,
    METADATA_KEY,
    READ_ONLY,
    Classification,
    DataClass,
    Use,
    bilingual,
)
from schema.graphql_types import named_type_of
from schema.name_case import constant_case
from schema.scalars import parse_cursor

Classifications = Mapping[str, Classification]

CHOOSING: Final = ("where", "orderBy", "after")
"""The arguments that choose among the records of a list."""
CERTAIN: Final = ("where", "orderBy")
"""Those of them in which nothing may be null or left to a caller to leave out."""
NEVER: Final = frozenset({DataClass.INCENTIVE, DataClass.IDENTITY, DataClass.RIGHTS})
"""Classes of which no field ever filters or sorts."""
CURSOR: Final = GraphQLScalarType(
    "Cursor",
    description=bilingual("游标", "A place in a list, as a token that says nothing of any value"),
    serialize=str,
    parse_value=parse_cursor,
)
_CURSOR_FIELD: Final = bilingual(
    "本条在列表中的位置", "The place in its list, for `after`; null where the list cannot be continued"
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the lists of a record type can be filtered and ordered by."""

    filters: Mapping[str, bool]
    """Fields that filter, and whether a record may lack the value."""
    orders: Mapping[str, str]
    """Fields that order, by the enum value that stands for each."""


def records_of(listed: GraphQLField) -> GraphQLObjectType | None:
    """Return the record type of a list that takes `first`, or None where the field is none."""
    named = named_type_of(listed)
    return named if "first" in listed.args and isinstance(named, GraphQLObjectType) else None


def violations(schema: GraphQLSchema, classifications: Classifications) -> Iterator[str]:
    """Yield one line for each field that declares to filter or sort and may not."""
    for coordinate, classification in classifications.items():
        owner, name = coordinate.split(".")
        leaf = named_type_of(cast("GraphQLObjectType", schema.type_map[owner]).fields[name])
        for use, able in ((Use.FILTER, conditions.filters), (Use.SORT, conditions.orders)):
            if use not in classification.uses:
                continue
            if classification.data_class in NEVER:
                yield f"{coordinate} is {classification.data_class.name} and never has the use {use.value}"
            elif not able(leaf):
                yield f"{coordinate} is {leaf.name}, and no list has the use {use.value} of such a value"


def add_choices(schema: GraphQLSchema, classifications: Classifications) -> dict[str, Choices]:
    """Give every list of records its arguments, and its records their cursor; return what was made."""
    maker = _Maker(schema, classifications)
    for type_ in list(schema.type_map.values()):
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and not type_.name.startswith("__"):
            for each in type_.fields.values():
                maker.offer(each)
    return maker.made


@dataclass(slots=True)
class _Maker:
    schema: GraphQLSchema
    classifications: Classifications
    made: dict[str, Choices] = field(default_factory=dict[str, Choices])

    def offer(self, listed: GraphQLField) -> None:
        """Add the arguments to one list, where its records have anything to choose by."""
        record = records_of(listed)
        if record is None:
            return
        if record.name not in self.made:
            self._make(record)
        choices = self.made[record.name]
        texts = {
            "Where": ("where", bilingual("筛选", "Only records that meet all conditions")),
            "Order": ("orderBy", bilingual("排序", "In this order instead of the data set's own")),
        }
        for suffix, (name, text) in texts.items():
            type_ = self.schema.type_map.get(f"{record.name}{suffix}")
            if isinstance(type_, GraphQLInputObjectType):
                listed.args[name] = GraphQLArgument(type_, description=text)
        if choices.filters or choices.orders:
            text = bilingual("续读", "Only records behind this place")
            listed.args["after"] = GraphQLArgument(CURSOR, description=text)

    def _make(self, record: GraphQLObjectType) -> None:
        chosen = {use: self._fields(record, use) for use in (Use.FILTER, Use.SORT)}
        filters = {name: _may_be_absent(each) for name, each in chosen[Use.FILTER].items()}
        self.made[record.name] = Choices(filters, {constant_case(name): name for name in chosen[Use.SORT]})
        if chosen[Use.FILTER]:
            self._add(conditions.where(record.name, self._conditions(chosen[Use.FILTER])))
        if chosen[Use.SORT]:
            texts = {name: each.description or "" for name, each in chosen[Use.SORT].items()}
            self._add(conditions.order(record.name, texts))
        for each in (*chosen[Use.FILTER], *chosen[Use.SORT])[:1]:
            self._add_cursor(record, self.classifications[f"{record.name}.{each}"])

    def _fields(self, record: GraphQLObjectType, use: Use) -> dict[str, GraphQLField]:
        return {
            name: each
            for name, each in record.fields.items()
            if use in self.classifications[f"{record.name}.{name}"].uses
        }

    def _conditions(
        self, fields: Mapping[str, GraphQLField]
    ) -> dict[str, tuple[GraphQLInputObjectType, str]]:
        found: dict[str, tuple[GraphQLInputObjectType, str]] = {}
        for name, each in fields.items():
            leaf = cast("conditions.Leaf", named_type_of(each))
            made = self._add(conditions.condition(leaf, absent=_may_be_absent(each)))
            found[name] = (cast("GraphQLInputObjectType", made), each.description or "")
        return found

    def _add_cursor(self, record: GraphQLObjectType, like: Classification) -> None:
        """Add the cursor; it is of the class of what its list is chosen by, and only ever read."""
        extensions = {METADATA_KEY: replace(like, uses=READ_ONLY)}
        record.fields["cursor"] = GraphQLField(
            self._add(CURSOR), description=_CURSOR_FIELD, extensions=extensions
        )

    def _add(self, type_: Any) -> Any:
        """Add a type and those of its members, once; return the one that is in the schema."""
        known: GraphQLNamedType = self.schema.type_map.setdefault(type_.name, type_)
        if known is type_ and isinstance(type_, GraphQLInputObjectType):
            for member in type_.fields.values():
                self._add(named_type_of(member))
        return known


def _may_be_absent(declared: GraphQLField) -> bool:
    return bool(declared.extensions["strawberry-definition"].metadata.get(ABSENT_KEY))

"""Makes the types of a schema with Strawberry from what is declared as data, and keeps how each field is classified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Annotated, Any, Final, Union, cast

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.schema_directives import OneOf
from strawberry.tools import create_type
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from catalogue.classification import Classification
from catalogue.declarations import DeclarationError
from schema.scalars import Count, CreditCode, Cursor, DocumentNumber, Fen, FormerNumber, PersonNumber

_LEAVES: Final[Mapping[str, Any]] = {
    "Boolean": bool,
    "Count": Count,
    "CreditCode": CreditCode,
    "Cursor": Cursor,
    "Date": date,
    "DocumentNumber": DocumentNumber,
    "Fen": Fen,
    "FormerNumber": FormerNumber,
    "Int": int,
    "PersonNumber": PersonNumber,
    "String": str,
}


@dataclass(frozen=True, slots=True)
class Member:
    """A field of a type, an argument of a field or a member of an input.

    `type` is written as an annotation over the names of the schema: "list[TaxArrears] | None". Only fields of
    object types and of interfaces have a classification.
    """

    name: str
    type: str
    description: str = ""
    classification: Classification | None = None
    arguments: tuple[Member, ...] = ()
    default: Any = strawberry.UNSET


@dataclass(slots=True)
class Types:
    """The types of one schema by their names. A type may name another one that is made after it."""

    by_name: dict[str, Any] = field(default_factory=lambda: dict(_LEAVES))
    classifications: dict[str, Classification] = field(default_factory=dict[str, Classification])
    """By the coordinate "Type.field"."""

    def add_object(
        self, name: str, description: str, fields: Sequence[Member], *, interface: bool = False
    ) -> None:
        """Make an object type or an interface."""
        self._classify(name, fields)
        self._add(name, self._created(name, description, fields, is_interface=interface))

    def add_implementation(
        self, name: str, description: str, own: Sequence[Member], interface: str, inherited: Sequence[Member]
    ) -> None:
        """Make an object type with fields of its own before those of its interface."""
        self._classify(name, inherited)
        self._classify(name, own)
        bases = (self._created(f"{name}Fields", "", own), self.by_name[interface])
        self._add(name, strawberry.type(type(name, bases, {}), description=description))

    def add_input(
        self, name: str, description: str, members: Sequence[Member], *, one_of: bool = False
    ) -> None:
        """Make an input; of one with `one_of` a caller gives exactly one member."""
        directives = (OneOf(),) if one_of else ()
        self._add(name, self._created(name, description, members, is_input=True, directives=directives))

    def add_enum(self, name: str, description: str, values: Mapping[str, str]) -> None:
        """Make an enum from the description of each value."""
        described = {each: strawberry.enum_value(each, description=text) for each, text in values.items()}
        self._add(name, strawberry.enum(cast("Any", Enum)(name, described), description=description))

    def add_union(self, name: str, description: str, members: Iterable[str]) -> None:
        """Make a union of object types, in their order."""
        of = cast("Any", Union)[tuple(self.by_name[each] for each in members)]
        self._add(name, Annotated[of, strawberry.union(name, description=description)])

    def _add(self, name: str, made: Any) -> None:
        if name in self.by_name:
            raise DeclarationError(f"{name} is declared twice, or is a name of the schema itself: rename it")
        self.by_name[name] = made

    def _classify(self, name: str, fields: Sequence[Member]) -> None:
        for each in fields:
            assert each.classification is not None  # noqa: S101 only members of inputs have none
            self.classifications[f"{name}.{each.name}"] = each.classification

    def _created(self, name: str, description: str, members: Sequence[Member], **form: Any) -> type[Any]:
        if len({each.name for each in members}) < len(members):
            raise DeclarationError(f"{name} has two fields of one name: rename a column")
        fields = [self._field(each) for each in members]
        made = create_type(name, fields, description=description, **form)
        for each, member in zip(fields, members, strict=True):
            # Only now, since `create_type` looks names up at once, and one may be of a type that is still to come.
            each.type_annotation = self._annotation(member)
        return made

    def _field(self, member: Member) -> StrawberryField:
        made = StrawberryField(
            python_name=f"{member.name}_",  # a member may be called `in` or `from`
            graphql_name=member.name,
            type_annotation=StrawberryAnnotation(str),
            description=member.description,
            default=member.default,
        )
        made.arguments = [self._argument(each) for each in member.arguments]
        return made

    def _argument(self, member: Member) -> StrawberryArgument:
        return StrawberryArgument(
            member.name,
            member.name,
            self._annotation(member),
            description=member.description or None,
            default=member.default,
        )

    def _annotation(self, member: Member) -> StrawberryAnnotation:
        return StrawberryAnnotation(member.type, namespace=self.by_name)

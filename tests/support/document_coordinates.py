"""Which fields a document asks for, by graphql-core's own look at it."""

from __future__ import annotations

from typing import Any

from graphql import FieldNode, GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, parse, visit


def coordinates_of(schema: GraphQLSchema, document: str) -> set[str]:
    """Return every field that a document asks for."""
    info = TypeInfo(schema)
    found = Coordinates(info)
    visit(parse(document), TypeInfoVisitor(info, found))
    return found.found


class Coordinates(Visitor):
    """The coordinates of all fields of a document."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.found: set[str] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        self.found.add(f"{self.info.get_parent_type()}.{node.name.value}")

"""A schema without some of its fields: whatever is empty or out of reach without them goes as well."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    ObjectTypeDefinitionNode,
    StringValueNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
)

ROOT: Final = "Query"
WithFields: TypeAlias = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode
Describe: TypeAlias = Callable[[str], str]
"""What is added to the description of a field, by its coordinate "Type.field"."""


def narrowed(document: DocumentNode, kept: Collection[str], describe: Describe) -> DocumentNode | None:
    """Return the definitions of a schema with the fields `kept` of its object types, or None where nothing is left.

    An interface keeps a field that each of its types keeps, so that what is left is a schema.
    """
    rest = _Rest.of(document, kept)
    rest.settle()
    reached = rest.reached()
    if ROOT not in reached:
        return None
    types = {each.name.value: each for each in document.definitions if isinstance(each, TypeDefinitionNode)}
    others = [each for each in document.definitions if not isinstance(each, TypeDefinitionNode)]
    left = [rest.rebuilt(each, describe) for name, each in types.items() if name in reached]
    return DocumentNode(definitions=(*others, *left))


@dataclass(slots=True)
class _Rest:
    """What is left of each type, taken away from until nothing more has to go."""

    types: dict[str, TypeDefinitionNode]
    fields: dict[str, dict[str, FieldDefinitionNode]] = field(
        default_factory=dict[str, dict[str, FieldDefinitionNode]]
    )
    members: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    @classmethod
    def of(cls, document: DocumentNode, kept: Collection[str]) -> _Rest:
        rest = cls(
            {each.name.value: each for each in document.definitions if isinstance(each, TypeDefinitionNode)}
        )
        for name, node in rest.types.items():
            if isinstance(node, UnionTypeDefinitionNode):
                rest.members[name] = [each.name.value for each in node.types or ()]
            elif isinstance(node, WithFields):
                objects = isinstance(node, ObjectTypeDefinitionNode)
                rest.fields[name] = {
                    each.name.value: each
                    for each in node.fields or ()
                    if not objects or f"{name}.{each.name.value}" in kept
                }
        return rest

    def settle(self) -> None:
        while self._narrow():
            pass

    def _narrow(self) -> bool:
        """Take away once what cannot stay; tell whether anything went."""
        before = self._size()
        for name, found in self.fields.items():
            for each in [each for each, node in found.items() if not self._stays(name, each, node)]:
                del found[each]
        for name, found in self.members.items():
            self.members[name] = [each for each in found if self._is_there(each)]
        return self._size() < before

    def _size(self) -> int:
        return sum(map(len, (*self.fields.values(), *self.members.values())))

    def _stays(self, owner: str, name: str, node: FieldDefinitionNode) -> bool:
        if not self._is_there(_named(node.type)):
            return False
        if isinstance(self.types[owner], InterfaceTypeDefinitionNode):
            types = [each for each in self._implementing(owner) if self._is_there(each)]
            return bool(types) and all(name in self.fields[each] for each in types)
        return True

    def _is_there(self, name: str) -> bool:
        if name in self.fields:
            return bool(self.fields[name])
        return bool(self.members[name]) if name in self.members else True

    def _implementing(self, interface: str) -> Iterator[str]:
        for name, node in self.types.items():
            if isinstance(node, ObjectTypeDefinitionNode) and interface in _interfaces(node):
                yield name

    def reached(self) -> set[str]:
        """Return the types that are come to from the query."""
        found: set[str] = set()
        waiting = [ROOT] if self.fields.get(ROOT) else []
        while waiting:
            name = waiting.pop()
            if name not in found and name in self.types:
                found.add(name)
                waiting.extend(self._beyond(name))
        return found

    def _beyond(self, name: str) -> Iterator[str]:
        node = self.types[name]
        if isinstance(node, InputObjectTypeDefinitionNode):
            yield from (_named(each.type) for each in node.fields or ())
        yield from self.members.get(name, ())
        for each in self.fields.get(name, {}).values():
            yield _named(each.type)
            yield from (_named(argument.type) for argument in each.arguments or ())
        if isinstance(node, InterfaceTypeDefinitionNode):
            yield from (each for each in self._implementing(name) if self._is_there(each))
        elif isinstance(node, ObjectTypeDefinitionNode):
            yield from (each for each in _interfaces(node) if self._is_there(each))

    def rebuilt(self, node: TypeDefinitionNode, describe: Describe) -> TypeDefinitionNode:
        """Return a type with what is left of it."""
        name = node.name.value
        if isinstance(node, UnionTypeDefinitionNode):
            types = tuple(each for each in node.types or () if each.name.value in self.members[name])
            return UnionTypeDefinitionNode(
                name=node.name, description=node.description, directives=node.directives, types=types
            )
        if isinstance(node, WithFields):
            return type(node)(
                name=node.name,
                description=node.description,
                directives=node.directives,
                interfaces=tuple(each for each in node.interfaces or () if self._is_there(each.name.value)),
                fields=tuple(
                    _field(each, describe(f"{name}.{field_name}"))
                    for field_name, each in self.fields[name].items()
                ),
            )
        return node


def _field(node: FieldDefinitionNode, more: str) -> FieldDefinitionNode:
    text = "\n\n".join(each for each in (node.description.value if node.description else "", more) if each)
    return FieldDefinitionNode(
        name=node.name,
        type=node.type,
        description=StringValueNode(value=text, block=True) if text else None,
        arguments=node.arguments,
        directives=node.directives,
    )


def _interfaces(node: WithFields) -> list[str]:
    return [each.name.value for each in node.interfaces or ()]


def _named(type_: Any) -> str:
    while not isinstance(type_, NamedTypeNode):
        type_ = type_.type
    return type_.name.value

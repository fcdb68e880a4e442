"""A schema without some of its fields: whatever is empty or out of reach without them goes as well."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
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


def prune(document: DocumentNode, kept: Collection[str], describe: Describe) -> DocumentNode | None:
    """Return the definitions of a schema with the fields `kept` of its object types, or None where nothing is left.

    An interface keeps a field that each of its types keeps, so that what is left is a schema.
    """
    types = {each.name.value: each for each in document.definitions if isinstance(each, TypeDefinitionNode)}
    rest = _Rest({name: _only(node, kept) for name, node in types.items()})
    while rest.narrow():
        pass
    reached = rest.reached()
    if not reached:
        return None
    others = [each for each in document.definitions if not isinstance(each, TypeDefinitionNode)]
    left = [_described(node, describe) for name, node in rest.types.items() if name in reached]
    return DocumentNode(definitions=(*others, *left))


def _only(node: TypeDefinitionNode, kept: Collection[str]) -> TypeDefinitionNode:
    if isinstance(node, ObjectTypeDefinitionNode):
        fields = [each for each in node.fields or () if f"{node.name.value}.{each.name.value}" in kept]
        return replace(node, fields=tuple(fields))
    return node


@dataclass(slots=True)
class _Rest:
    """What is left of each type, taken away from until nothing more has to go."""

    types: dict[str, TypeDefinitionNode]

    def narrow(self) -> bool:
        """Take away once what cannot stay; tell whether anything went."""
        left = {name: self._prune_type(node) for name, node in self.types.items()}
        went, self.types = left != self.types, left
        return went

    def _prune_type(self, node: TypeDefinitionNode) -> TypeDefinitionNode:
        if isinstance(node, UnionTypeDefinitionNode):
            return replace(node, types=self._present(node.types))
        if isinstance(node, WithFields):
            fields = [each for each in node.fields or () if self._is_kept(node, each)]
            return replace(node, fields=tuple(fields), interfaces=self._present(node.interfaces))
        return node

    def _present(self, named: Collection[NamedTypeNode] | None) -> tuple[NamedTypeNode, ...]:
        return tuple(each for each in named or () if self._is_there(each.name.value))

    def _is_kept(self, owner: WithFields, field: FieldDefinitionNode) -> bool:
        if not self._is_there(_type_name(field.type)):
            return False
        if isinstance(owner, InterfaceTypeDefinitionNode):
            types = self._implementing(owner.name.value)
            return bool(types) and all(field.name.value in _names(each.fields) for each in types)
        return True

    def _is_there(self, name: str) -> bool:
        """Whether a type is left: one of this document that has fields or members has some of them."""
        node = self.types.get(name)
        if isinstance(node, UnionTypeDefinitionNode):
            return bool(node.types)
        return bool(node.fields) if isinstance(node, WithFields) else True

    def _implementing(self, interface: str) -> list[ObjectTypeDefinitionNode]:
        objects = [each for each in self.types.values() if isinstance(each, ObjectTypeDefinitionNode)]
        return [each for each in objects if each.fields and interface in _names(each.interfaces)]

    def reached(self) -> set[str]:
        """Return the types that are come to from the query."""
        found: set[str] = set()
        waiting = [ROOT] if ROOT in self.types and self._is_there(ROOT) else []
        while waiting:
            name = waiting.pop()
            if name not in found and name in self.types:
                found.add(name)
                waiting.extend(self._beyond(self.types[name]))
        return found

    def _beyond(self, node: TypeDefinitionNode) -> Iterator[str]:
        if isinstance(node, UnionTypeDefinitionNode):
            yield from _names(node.types)
        elif isinstance(node, InputObjectTypeDefinitionNode):
            yield from (_type_name(each.type) for each in node.fields or ())
        elif isinstance(node, WithFields):
            for each in node.fields or ():
                yield _type_name(each.type)
                yield from (_type_name(argument.type) for argument in each.arguments or ())
            yield from _names(node.interfaces)
            yield from (each.name.value for each in self._implementing(node.name.value))


def _described(node: TypeDefinitionNode, describe: Describe) -> TypeDefinitionNode:
    """Return a type with what is added to the descriptions of its fields."""
    if not isinstance(node, WithFields):
        return node
    fields: list[FieldDefinitionNode] = []
    for each in node.fields or ():
        own = each.description.value if each.description else ""
        text = "\n\n".join(filter(None, (own, describe(f"{node.name.value}.{each.name.value}"))))
        fields.append(replace(each, description=StringValueNode(value=text, block=True) if text else None))
    return replace(node, fields=tuple(fields))


def _names(nodes: Collection[Any] | None) -> list[str]:
    return [each.name.value for each in nodes or ()]


def _type_name(type_: Any) -> str:
    while not isinstance(type_, NamedTypeNode):
        type_ = type_.type
    return type_.name.value

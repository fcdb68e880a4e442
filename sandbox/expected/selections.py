"""What a document selects: fields with their arguments, under the variables of a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from graphql import (
    DirectiveNode,
    FieldNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    parse,
    value_from_ast_untyped,
)

_KEEPS: Final = {"include": True, "skip": False}


class NotExpected(Exception):
    """Nothing says what must be answered: a field or a form of document that this oracle does not know."""


@dataclass(frozen=True, slots=True)
class Field:
    """One selected field: `called` is its name in the answer; `below` is what it selects, None of a leaf."""

    name: str
    called: str
    arguments: Mapping[str, Any]
    below: SelectionSetNode | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A document with the variables of a request, those that the document itself states included."""

    root: SelectionSetNode
    variables: Mapping[str, Any]

    @classmethod
    def of(cls, document: str, variables: Mapping[str, Any]) -> Asked:
        """Return what a document with one operation asks."""
        operation = operation_of(document)
        stated = {
            each.variable.name.value: value_from_ast_untyped(each.default_value)
            for each in operation.variable_definitions or ()
            if each.default_value is not None
        }
        return cls(operation.selection_set, {**stated, **variables})

    def fields(self, selection: SelectionSetNode, type_name: str) -> Iterator[Field]:
        """Yield the fields that are selected of a type, inline fragments on it included."""
        for node in selection.selections:
            if self._is_kept(node):
                yield from self._fields_of(node, type_name)

    def _fields_of(self, node: SelectionNode, type_name: str) -> Iterator[Field]:
        if isinstance(node, FieldNode):
            given = {
                each.name.value: value_from_ast_untyped(each.value, dict(self.variables))
                for each in node.arguments or ()
            }
            yield Field(node.name.value, (node.alias or node.name).value, given, node.selection_set)
        elif isinstance(node, InlineFragmentNode):
            if node.type_condition is None or node.type_condition.name.value == type_name:
                yield from self.fields(node.selection_set, type_name)
        else:
            raise NotExpected("a named fragment")

    def _is_kept(self, node: SelectionNode) -> bool:
        return all(map(self._keeps, node.directives or ()))

    def _keeps(self, directive: DirectiveNode) -> bool:
        if directive.name.value not in _KEEPS:
            raise NotExpected(f"@{directive.name.value}")
        given = [
            value_from_ast_untyped(each.value, dict(self.variables)) for each in directive.arguments or ()
        ]
        return [bool(each) for each in given] == [_KEEPS[directive.name.value]]


@cache
def operation_of(document: str) -> OperationDefinitionNode:
    """Return the one operation of a document."""
    for node in parse(document).definitions:
        if isinstance(node, OperationDefinitionNode):
            return node
    raise NotExpected("no operation")

"""Which fields a selection asks for of an object type, in the order of their first mention.

Field collection as in section 6.3.2 of the GraphQL specification, with the values of all conditions known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    VariableNode,
    is_abstract_type,
    visit,
)
from graphql.language import Visitor

Collected = dict[str, list[FieldNode]]


@dataclass(slots=True)
class Selector:
    """Collects fields of one document under one assignment of its conditions."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    conditions: Mapping[str, bool] | None
    """The value of each variable that decides; None includes everything, whatever it depends on."""
    conditional: bool = False
    """Whether any field that was met stands under @include or @skip."""

    def collect(self, type_: GraphQLObjectType, nodes: Iterable[FieldNode]) -> Collected:
        """Return what all of `nodes`, which share a response key, select of `type_`."""
        found: Collected = {}
        seen: set[str] = set()
        for node in nodes:
            if node.selection_set:
                self._add(type_, node.selection_set.selections, found, seen)
        return found

    def collect_root(self, type_: GraphQLObjectType, selections: Iterable[SelectionNode]) -> Collected:
        """Return what an operation selects of the query type."""
        found: Collected = {}
        self._add(type_, selections, found, set())
        return found

    def _add(
        self,
        type_: GraphQLObjectType,
        selections: Iterable[SelectionNode],
        found: Collected,
        seen: set[str],
    ) -> None:
        for selection in selections:
            if not self._included(selection.directives or ()):
                continue
            if isinstance(selection, FieldNode):
                key = selection.alias.value if selection.alias else selection.name.value
                found.setdefault(key, []).append(selection)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                if condition is None or self._applies(type_, condition.name.value):
                    self._add(type_, selection.selection_set.selections, found, seen)
            elif isinstance(selection, FragmentSpreadNode):
                self._add_spread(type_, selection.name.value, found, seen)

    def _add_spread(self, type_: GraphQLObjectType, name: str, found: Collected, seen: set[str]) -> None:
        if name in seen:
            return
        seen.add(name)
        fragment = self.fragments[name]
        if self._applies(type_, fragment.type_condition.name.value):
            self._add(type_, fragment.selection_set.selections, found, seen)

    def _applies(self, type_: GraphQLObjectType, condition: str) -> bool:
        if condition == type_.name:
            return True
        other = self.schema.type_map[condition]
        return is_abstract_type(other) and self.schema.is_sub_type(other, type_)

    def _included(self, directives: Iterable[DirectiveNode]) -> bool:
        for directive in directives:
            name = directive.name.value
            if name in ("skip", "include"):
                self.conditional = True
                if self.conditions is not None and self._condition(directive, self.conditions) is (
                    name == "skip"
                ):
                    return False
        return True

    @staticmethod
    def _condition(directive: DirectiveNode, conditions: Mapping[str, bool]) -> bool:
        value: Any = next(iter(directive.arguments or ())).value
        if isinstance(value, VariableNode):
            return conditions[value.name.value]
        assert isinstance(value, BooleanValueNode)  # noqa: S101 validation saw to it
        return value.value


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """Return a document's fragments by name."""
    return {
        each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
    }


def condition_variables(document: DocumentNode) -> tuple[str, ...]:
    """Return the names of the variables that decide about @include and @skip, sorted."""
    found: set[str] = set()

    class Finder(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: object) -> None:
            if node.name.value in ("skip", "include"):
                found.update(
                    argument.value.name.value
                    for argument in node.arguments or ()
                    if isinstance(argument.value, VariableNode)
                )

    visit(document, Finder())
    return tuple(sorted(found))

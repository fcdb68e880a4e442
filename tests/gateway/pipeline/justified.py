"""What a request may read, worked out anew from its document, the rules and a map that was written by hand.

Nothing of planning is used here: neither its uses, nor its plan, nor its mask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
    parse,
    value_from_ast_untyped,
)

from gateway.authorization.engine import Question, Reached
from tests.gateway.pipeline.documents import Asked
from tests.gateway.pipeline.gateway_in_memory import graph, policy
from tests.gateway.pipeline.hand_map import (
    GATHERED,
    HOME,
    IDENTIFIER,
    LISTS,
    REFERENCES,
    ROOTS,
    column_of,
    inputs_of,
)

THERE = ""
"""Stands for a column where nothing is asked but whether there is a record."""
Read: TypeAlias = tuple[str, str, bool]
"""Dataset, column, and whether it is read of a subject that the request names."""
_ANSWERS: dict[Question, bool] = {}
_parsed = lru_cache(maxsize=8)(parse)


def justified(asked: Asked, kind: str, purpose: str) -> frozenset[Read]:
    """Return everything that a kind of caller may have read for a document and its variables."""
    walk = _Walk(asked, kind, purpose)
    walk.query()
    return frozenset(walk.found)


def allows(question: Question) -> bool:
    """Ask the engine about a use, and about every field that a field which is read is derived from."""
    if question not in _ANSWERS:
        _ANSWERS[question] = policy().engine.ask(question).allowed
    if not _ANSWERS[question] or question.use != "read":
        return _ANSWERS[question]
    return all(
        allows(Question(question.kind, question.purpose, "read", each, question.reached))
        for each in inputs_of(question.field)
    )


@dataclass(slots=True)
class _Walk:
    asked: Asked
    kind: str
    purpose: str
    found: set[Read] = field(default_factory=set)
    operation: OperationDefinitionNode = field(init=False)
    fragments: Mapping[str, FragmentDefinitionNode] = field(init=False)
    values: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        definitions = _parsed(self.asked.text).definitions
        (self.operation,) = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
        self.fragments = {
            each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)
        }
        defaults = {
            each.variable.name.value: value_from_ast_untyped(each.default_value)
            for each in self.operation.variable_definitions or ()
            if each.default_value
        }
        self.values = {**defaults, **self.asked.variables}

    def query(self) -> None:
        for each in self._fields(self.operation.selection_set, "Query"):
            types = ROOTS.get(each.name.value, ())
            found = [self._may("read", f"Query.{each.name.value}")]
            found += [self._may(use, IDENTIFIER[type_]) for type_ in types for use in ("argument", "exists")]
            if all(found):
                for type_ in types:
                    self._entity(type_, each.selection_set, "asked")

    def _entity(self, type_: str, selections: SelectionSetNode | None, reached: Reached) -> None:
        self._add(HOME[type_], THERE, reached)
        for each in self._readable(type_, selections, reached):
            name = each.name.value
            if name == "adverseRecords":
                for member in GATHERED:
                    self._records(type_, member, each.selection_set, reached)
            elif name in LISTS[type_]:
                self._records(type_, name, each.selection_set, reached)
            else:
                self._add(HOME[type_], column_of(type_, name), reached)

    def _records(self, type_: str, name: str, selections: SelectionSetNode | None, reached: Reached) -> None:
        home = LISTS[type_][name]
        self._add(home.dataset, THERE, reached)
        for each in self._readable(home.record, selections, reached):
            reference = REFERENCES.get((home.record, each.name.value))
            if reference is None:
                self._add(home.dataset, column_of(home.record, each.name.value), reached)
                continue
            column, target = reference
            if self._may("join_key", IDENTIFIER[target], reached):
                self._add(home.dataset, column, reached)
                self._entity(target, each.selection_set, "person" if target == "Person" else "enterprise")

    def _readable(
        self, type_: str, selections: SelectionSetNode | None, reached: Reached
    ) -> Iterator[FieldNode]:
        for each in self._fields(selections, type_):
            if self._may("read", f"{type_}.{each.name.value}", reached):
                yield each

    def _may(self, use: str, coordinate: str, reached: Reached = "asked") -> bool:
        return allows(Question(self.kind, self.purpose, use, coordinate, reached))

    def _add(self, dataset: str, column: str, reached: Reached) -> None:
        self.found.add((dataset, column, reached == "asked"))

    def _fields(self, selections: SelectionSetNode | None, type_: str) -> Iterator[FieldNode]:
        """Yield the fields that are selected of an object type, whatever fragments they stand in."""
        for each in selections.selections if selections else ():
            if not self._included(each):
                continue
            if isinstance(each, FieldNode):
                if not each.name.value.startswith("__"):
                    yield each
                continue
            inner = each if isinstance(each, InlineFragmentNode) else self.fragments[each.name.value]
            if inner.type_condition is None or self._is(type_, inner.type_condition.name.value):
                yield from self._fields(inner.selection_set, type_)

    @staticmethod
    def _is(type_: str, condition: str) -> bool:
        known: Any = graph().schema.type_map
        wanted = known[condition]
        return type_ == condition or (
            is_abstract_type(wanted) and graph().schema.is_sub_type(wanted, known[type_])
        )

    def _included(self, node: SelectionNode) -> bool:
        for each in node.directives or ():
            value: Any = next(iter(each.arguments or ())).value
            holds = self.values[value.name.value] if isinstance(value, VariableNode) else value.value
            if holds is (each.name.value == "skip"):
                return False
        return True

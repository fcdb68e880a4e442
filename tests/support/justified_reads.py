"""What a request may read, worked out anew from its document, the rules and a map that was written by hand.

Nothing of planning is used here: neither its uses, nor its plan, nor its mask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from graphql import (
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    is_abstract_type,
    parse,
    print_ast,
    value_from_ast_untyped,
)

from catalogue.identity_documents import NOBODY
from gateway.authorization.engine import Question
from gateway.authorization.grant import best_path
from resolvers.plan.field_use import AccessPath
from sandbox.expected.shown import ages_shown, dead_shown
from tests.support.documents import Asked
from tests.support.gateway_in_memory import graph, policy
from tests.support.hand_map import (
    HOME,
    IDENTIFIER,
    LINKS,
    LISTS,
    REASONS,
    REFERENCES,
    ROOTS,
    TABLES,
    Home,
    column_of,
    derived_from,
    field_of,
    gathered_of,
    inputs_of,
)
from tests.support.small_city import ENTERPRISES, PERSONS, linked_by_hand
from tests.support.standing_oracle import BY_DUTY, FIELDS, FILE, consulted

THERE = ""
"""Stands for a column where nothing is asked but whether there is a record."""
How: TypeAlias = Literal["asked", "derived", "through"]
"""Of whom: a subject that is asked for, one whose standing is asked, or one reached through another."""
Read: TypeAlias = tuple[str, str, How]
"""Dataset, column, and of whom it is read."""
_ANSWERS: dict[Question, bool] = {}
_parsed = lru_cache(maxsize=8)(parse)


GRADED = {
    "tax.taxpayer_grade": ("grade", "assessed_on", "applied_on"),
    "tax.latest_taxpayer_grade": ("grade", "assessed_on", "applied_on"),
    "transport.transport_grade": (),
    "social_security.labour_grade": ("assessed_on",),
    "customs.credit_level": ("determined_on",),
    "registry.office_by_enterprise": ("role", "credit_code"),
    "registry.legal_representative": ("role", "credit_code"),
    "registry.operator": ("role", "credit_code"),
}
"""Grades and offices that an individual business has otherwise than an enterprise, so that its registered kind is read beside
them, and the columns by which they enter."""


@dataclass(frozen=True, slots=True)
class Justified:
    """What may be read, and the subjects that a request names for their records or for their standing."""

    reads: frozenset[Read]
    named: Mapping[How, frozenset[str]]

    def covers(self, dataset: str, column: str, key: str) -> bool:
        """Whether a column may be asked of a bureau for a subject."""
        return (dataset, column, "through") in self.reads or any(
            key in named and (dataset, column, how) in self.reads for how, named in self.named.items()
        )


def justified(asked: Asked, kind: str, purpose: str) -> Justified:
    """Return everything that a kind of caller may have read for a document and its variables."""
    walk = _Walk(asked, kind, purpose)
    walk.query()
    return Justified(frozenset(walk.found), {how: frozenset(named) for how, named in walk.named.items()})


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
    named: dict[How, set[str]] = field(default_factory=lambda: {"asked": set(), "derived": set()})
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
            if each.name.value in ("standing", "standings"):
                self._standing(each)
                continue
            if each.name.value in TABLES:
                self._table(each.name.value)
                continue
            types = ROOTS.get(each.name.value, ())
            found = [self._may("read", f"Query.{each.name.value}")]
            found += [self._may(use, IDENTIFIER[type_]) for type_ in types for use in ("argument", "exists")]
            if all(found):
                self.named["asked"] |= self._names(each)
                if each.name.value == "personByDocument":
                    self._document(each)
                for type_ in types:
                    self._entity(type_, each.selection_set, "asked")

    def _document(self, node: FieldNode) -> None:
        """A document is read for what its links rest on; the person whom it leads to, or nobody, is named by it."""
        self.found |= {(LINKS[0], column, "asked") for column in (THERE, *LINKS[1])}
        written = " ".join(
            (*(print_ast(each) for each in node.arguments or ()), *map(str, self.values.values()))
        )
        numbers = set(re.findall("[0-9A-Z]{5,20}", written))
        held = {person for (_, number), person in linked_by_hand().items() if number in numbers}
        self.named["asked"] |= {NOBODY} | numbers | held

    def _table(self, name: str) -> None:
        """A table is of nobody, so it is covered for any key; it is read whole or not at all."""
        table, cells = TABLES[name], name[0].upper() + name[1:]
        needed = [self._may("read", f"Query.{name}")]
        needed += [self._may("aggregate", each) for each in table.counted]
        needed += [self._may("read", f"{cells}.{each}") for each in (*table.cell, "suppressed")]
        if all(needed):
            self.found |= {(table.dataset, column, "through") for column in (THERE, *table.cell)}

    def _standing(self, node: FieldNode) -> None:
        uses = [self._may("argument", each) for each in IDENTIFIER.values()]
        if not all([self._may("read", f"Query.{node.name.value}"), *uses]):
            return
        self.named["derived"] |= self._names(node)
        for each in self._readable("Standing", node.selection_set, "asked"):
            if each.name.value in ("why", "incentives"):
                self._reasons()
                continue
            looked_at = self._looked_at(each.name.value)
            if all(self._may("derive", coordinate) for coordinate in looked_at):
                self.found |= {
                    (dataset, each, "derived")
                    for dataset in looked_at.values()
                    for each in GRADED.get(dataset, ())
                }
                if not GRADED.keys().isdisjoint(looked_at.values()):
                    self.found.add(("registry.enterprise", "kind", "derived"))
                for coordinate, dataset in looked_at.items():
                    self.found.add((dataset, THERE, "derived"))
                    self.found.add((dataset, column_of(*coordinate.split(".")), "derived"))

    def _reasons(self) -> None:
        """Whoever is told of itself may read all that any answer rests on, and when an adverse record ends."""
        if all(self._may("read", each) for fields in REASONS.values() for each in fields):
            for dataset, fields in REASONS.items():
                self.found |= {(dataset, each, "derived") for each in (THERE, *GRADED.get(dataset, ()))}
                for coordinate in fields:
                    self.found.add((dataset, column_of(*coordinate.split(".")), "derived"))

    @staticmethod
    def _looked_at(answer: str) -> dict[str, str]:
        entry = FILE["incentive"][FIELDS[answer]]
        datasets = [dataset for kind in ("person", "enterprise") for dataset in consulted(answer, kind)]
        found = {each: dataset for dataset in datasets for each in derived_from(dataset, entry["basis"])}
        if entry["scene"] in BY_DUTY:  # nobody is asked whether a person owns the enterprise
            found.pop("Enterprise.kind", None)
        return found

    def _names(self, node: FieldNode) -> set[str]:
        """Return the subjects that stand in the arguments of a root, written or by variables."""
        written = " ".join(print_ast(each) for each in node.arguments or ())
        sent = [str(value) for name, value in self.values.items() if f"${name}" in written]
        return {key for key in (*PERSONS, *ENTERPRISES) if any(key in text for text in (written, *sent))}

    def _entity(self, type_: str, selections: SelectionSetNode | None, reached: AccessPath) -> None:
        self._add(HOME[type_], THERE, reached)
        if type_ == "Person" and ages_shown(self.purpose, reached) != "all":
            self._add(HOME[type_], "birth_date", reached)
        if type_ == "Person" and not dead_shown(self.purpose, reached):
            self._add(HOME[type_], "deceased", reached)
        for each in self._readable(type_, selections, reached):
            name = each.name.value
            if name == "adverseRecords":
                for member in gathered_of(type_):
                    self._records(type_, member, each.selection_set, reached)
            elif name in LISTS[type_]:
                self._list(type_, each, reached)
            else:
                self._add(HOME[type_], column_of(type_, name), reached)

    def _list(self, type_: str, node: FieldNode, reached: AccessPath) -> None:
        """A list is filtered and ordered by fields whose uses are allowed, or it is not read at all."""
        home, given = (
            LISTS[type_][node.name.value],
            {each.name.value: each.value for each in node.arguments or ()},
        )
        chosen = self._chosen(home.record, "filter", given.get("where"), reached)
        sorts = self._chosen(home.record, "sort", given.get("orderBy"), reached)
        asked = self._fields(node.selection_set, home.record)
        continued = "after" in given or any(each.name.value == "cursor" for each in asked)
        chosen |= sorts | ({("read", name) for _, name in sorts} if continued else set())
        if all(self._may(use, f"{home.record}.{name}", reached) for use, name in chosen):
            for _, name in chosen:
                self._add(home.dataset, column_of(home.record, name), reached)
            if continued:
                self._known_by(home, reached)
            self._records(type_, node.name.value, node.selection_set, reached)

    def _known_by(self, home: Home, reached: AccessPath) -> None:
        """A cursor knows its record by the order: whoever may read the list may read it, and neutral columns tell nothing."""
        columns = [column_of(home.record, name) for name in home.order]
        for column in (*columns, *(home.neutral if reached == "asked" else ())):
            self._add(home.dataset, column, reached)

    def _chosen(
        self, record: str, use: str, given: ValueNode | None, reached: AccessPath
    ) -> set[tuple[str, str]]:
        """Return the fields that an argument chooses by: where a variable names them, all that it may name."""
        if given is None:
            return set()
        if isinstance(given, ObjectValueNode):
            members = {each.name.value: each.value for each in given.fields}
            if use == "filter":
                return {(use, name) for name in members}
            if isinstance(members["field"], EnumValueNode):
                return {(use, field_of(members["field"].value))}
        known: Any = graph().schema.type_map[record]
        return {(use, name) for name in known.fields if self._may(use, f"{record}.{name}", reached)}

    def _records(
        self, type_: str, name: str, selections: SelectionSetNode | None, reached: AccessPath
    ) -> None:
        home = LISTS[type_][name]
        self._add(home.dataset, THERE, reached)
        if type_ == "Enterprise":
            self._graded(home.dataset, reached)
        for each in self._readable(home.record, selections, reached):
            reference = REFERENCES.get((home.record, each.name.value))
            if each.name.value == "cursor":
                continue
            if reference is None:
                self._add(home.dataset, column_of(home.record, each.name.value), reached)
                continue
            column, target = reference
            if self._may("join_key", IDENTIFIER[target], reached):
                self._add(home.dataset, column, reached)
                way: AccessPath = "person" if target == "Person" else "enterprise"
                if (home.record, each.name.value) == ("Guardianship", "child") and reached == "asked":
                    way = "ward"
                if ages_shown(self.purpose, way) == "wards":
                    self._add(home.dataset, "since", reached)
                    self._add(home.dataset, "until", reached)
                self._entity(target, each.selection_set, way)

    def _graded(self, dataset: str, reached: AccessPath) -> None:
        """Beside a grade the registered kind is read, and the columns by which the grade enters."""
        for column in GRADED.get(dataset, ()):
            self._add(dataset, column, reached)
        if dataset in GRADED:
            self._add(HOME["Enterprise"], "kind", reached)

    def _readable(
        self, type_: str, selections: SelectionSetNode | None, reached: AccessPath
    ) -> Iterator[FieldNode]:
        for each in self._fields(selections, type_):
            if self._may("read", f"{type_}.{each.name.value}", reached):
                yield each

    def _may(self, use: str, coordinate: str, reached: AccessPath = "asked") -> bool:
        way = best_path(self.purpose) if reached == "asked" else reached
        return allows(Question(self.kind, self.purpose, use, coordinate, way))

    def _add(self, dataset: str, column: str, reached: AccessPath) -> None:
        self.found.add((dataset, column, "asked" if reached == "asked" else "through"))

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

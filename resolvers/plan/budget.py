"""How many values an answer can hold at the most, from the plan and the request's arguments alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resolvers.plan.arguments import InvalidArgument
from resolvers.plan.plan import (
    EntityNode,
    Field,
    Gathered,
    Meta,
    Records,
    Refer,
    Root,
    StandingRoot,
    Tabulated,
    children,
)


def most_nodes(roots: Sequence[Field], arguments: Sequence[Any]) -> int:
    """Return the most values that an answer can hold: one for each object, list and leaf."""
    return sum(_root(root, arguments) for root in roots)


def weights(roots: Sequence[Field], arguments: Sequence[Any]) -> tuple[int, ...] | None:
    """Return the values under one subject of each root, or None where a variable bounds a list."""
    if not all(_fixed(root, arguments) for root in roots):
        return None
    return tuple(_per_subject(root, arguments) for root in roots)


def subjects(root: Field, arguments: Sequence[Any]) -> int:
    """Return how many subjects a root names."""
    if not isinstance(root, Root | StandingRoot):
        return 0
    value = arguments[root.argument]
    if isinstance(value, InvalidArgument):
        return 0
    return 1 if isinstance(root, StandingRoot) or root.form == "one" else len(value)


def _root(root: Field, arguments: Sequence[Any]) -> int:
    if isinstance(root, Meta | Tabulated):
        return 1 + root.nodes
    return 1 + subjects(root, arguments) * _per_subject(root, arguments)


def _per_subject(root: Field, arguments: Sequence[Any]) -> int:
    if isinstance(root, StandingRoot):
        return len(root.fields)
    if not isinstance(root, Root):
        return 0
    return max(_entity(entity, arguments) for entity in root.entities)


def _entity(entity: EntityNode, arguments: Sequence[Any]) -> int:
    return 1 + sum(_field(each, arguments) for each in entity.fields)


def _field(field: Field, arguments: Sequence[Any]) -> int:
    if isinstance(field, Refer):
        return _entity(field.entity, arguments)
    if isinstance(field, Records):
        return 1 + _bound(field.first, arguments) * _record(field, arguments)
    if isinstance(field, Gathered):
        widest = max(_record(member, arguments) for member in field.members)
        return 1 + _bound(field.first, arguments) * widest
    return 1


def _record(records: Records, arguments: Sequence[Any]) -> int:
    return 1 + sum(_field(each, arguments) for each in records.node.fields)


def _bound(first: int | None, arguments: Sequence[Any]) -> int:
    if first is None:
        return 1
    value = arguments[first]
    return 0 if isinstance(value, InvalidArgument) else value


def _fixed(field: Field, arguments: Sequence[Any]) -> bool:
    """Whether no bound below depends on a request; `arguments` are constants or None."""
    if isinstance(field, Records | Gathered) and field.first is not None and arguments[field.first] is None:
        return False
    return all(_fixed(each, arguments) for each in children(field))

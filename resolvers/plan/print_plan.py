"""Prints what an executable reads and releases: a golden test is a query and this text."""

from __future__ import annotations

from collections.abc import Iterator

from resolvers.plan.masked_plan import Executable
from resolvers.plan.plan import (
    Cursor,
    Denied,
    EntityNode,
    Field,
    Gathered,
    Leaf,
    Meta,
    OneSided,
    Records,
    Refer,
    Root,
    StandingRoot,
    Tabulated,
    TypeName,
    children,
)


def print_executable(executable: Executable) -> str:
    """Return the reads level by level, then the shape of the answer."""
    return "\n".join([*_reads(executable), "answer", *_shape(executable)]) + "\n"


def _reads(executable: Executable) -> Iterator[str]:
    for number, level in enumerate(executable.reading.levels):
        yield f"level {number}"
        for gather in level.gathers:
            most = "" if gather.first is None else f" first {executable.arguments[gather.first].text}"
            yield f"  keys {gather.position} from slot {gather.slot} column {gather.index}{most}"
        for fetch in level.fetches:
            query = fetch.query
            keys = ", ".join(str(position) for position in fetch.positions)
            name = f"{query.bureau}.{query.dataset.name}({', '.join(query.columns)})"
            yield f"  slot {fetch.slot} {name} by keys {keys}"
    for view in executable.reading.views:
        yield f"slot {view.slot} chosen of slot {view.of} by keys {view.position}"


def _shape(executable: Executable) -> Iterator[str]:
    for root in executable.roots:
        yield from _field(executable, root, 1)


def _field(executable: Executable, field: Field, depth: int) -> Iterator[str]:
    yield "  " * depth + f"{field.key}: {_source(executable, field)}"
    for below in _below(field):
        yield from _field(executable, below, depth + 1) if not isinstance(below, str) else _note(below, depth)


def _note(text: str, depth: int) -> Iterator[str]:
    yield "  " * (depth + 1) + text


def _source(executable: Executable, field: Field) -> str:
    if isinstance(field, Leaf | TypeName | Cursor):
        return _leaf(field)
    if isinstance(field, Denied):
        return f"denied {field.coordinate}"
    if isinstance(field, Records):
        many = "many" if field.many else "one"
        return f"{many} {field.source}{_choice(executable, field)}{_first(executable, field.first)}"
    if isinstance(field, Gathered):
        return f"gathered{_first(executable, field.first)}"
    if isinstance(field, Refer):
        return f"{_entity(field.entity)} by {field.column}"
    if isinstance(field, Root | StandingRoot | Tabulated):
        return f"{_root(field)} by {executable.arguments[field.argument].text}"
    return f"one-sided for {' and '.join(field.rules)}" if isinstance(field, OneSided) else "schema"


def _leaf(field: Leaf | TypeName | Cursor) -> str:
    if isinstance(field, Cursor):
        return "cursor"
    return field.column if isinstance(field, Leaf) else f'"{field.type_name}"'


def _choice(executable: Executable, records: Records) -> str:
    choice = records.choice
    if choice is None:
        return ""
    numbers = [each for each in (choice.where, choice.order, choice.after) if each is not None]
    given = "".join(
        f" {executable.arguments[each].name} {executable.arguments[each].text}" for each in numbers
    )
    return f"{given} from slot {executable.listed[choice.number].view.slot}"


def _first(executable: Executable, argument: int | None) -> str:
    return "" if argument is None else f" first {executable.arguments[argument].text}"


def _entity(entity: EntityNode) -> str:
    return f"{entity.type_name}#{entity.position}"


def _root(root: Root | StandingRoot | Tabulated) -> str:
    if isinstance(root, Tabulated):
        return f"table {root.source}"
    if isinstance(root, Root):
        return f"{root.form} {' | '.join(map(_entity, root.entities))}"
    kinds = (f"{root.subjects[kind]}#{position}" for kind, position in root.positions.items())
    return f"standing of {' | '.join(kinds)}"


def _below(field: Field) -> Iterator[Field | str]:
    if isinstance(field, Gathered):
        for member in field.members:
            yield f"{member.node.type_name} from {member.source}"
            yield from member.node.fields
    elif isinstance(field, Root):
        for entity in field.entities:
            yield f"{_entity(entity)} from {entity.source}"
            yield from entity.fields
    elif isinstance(field, Meta):
        yield from field.coordinates
    else:
        yield from children(field)

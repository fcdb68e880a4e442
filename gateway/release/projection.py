"""Compiles a masked plan into a Python function from rows to the answer.

The function is written as source text from numbers and quoted names that the plan holds, never from values
of a request, and does nothing but build dicts: 0.05 µs a field where graphql-core's executor takes 3–5 µs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from adapters.contract import Key
from gateway.planning.executable import Executable
from resolvers.plan import (
    EntityNode,
    Field,
    Gathered,
    Leaf,
    Meta,
    RecordNode,
    Records,
    Refer,
    Root,
    TypeName,
)

Tables: TypeAlias = Sequence[Mapping[Key, Any]]
"""The rows of each slot by key."""
Arguments: TypeAlias = Sequence[Any]
"""The value of each argument."""
Projection: TypeAlias = Callable[[Tables, Arguments, Mapping[str, Any]], dict[str, Any]]
"""From rows, arguments and the values of schema fields by response key to the answer's data."""


def compile_projection(executable: Executable) -> Projection | None:
    """Return the projection of an executable, or None where a field is denied: then only `walk` answers."""
    if executable.denies:
        return None
    writer = _Writer(executable)
    namespace: dict[str, Any] = {}
    exec(compile(writer.function(), "<projection>", "exec"), namespace)  # noqa: S102 own text, see above
    return namespace["project"]


@dataclass(slots=True)
class _Writer:
    executable: Executable
    entities: list[str] = field(default_factory=list[str])
    names: int = 0

    def function(self) -> str:
        roots = ", ".join(f"{root.key!r}: {self._root(root)}" for root in self.executable.roots)
        gets = [f"    g{slot} = T[{slot}].get" for slot in range(self.executable.reading.slots)]
        lines = ["def project(T, A, M):", *gets, *self.entities, f"    return {{{roots}}}"]
        return "\n".join(lines) + "\n"

    def _root(self, root: Field) -> str:
        if isinstance(root, TypeName):
            return repr(root.type_name)
        if isinstance(root, Meta):
            return f"M[{root.key!r}]"
        assert isinstance(root, Root)  # noqa: S101 a root is nothing else once none is denied
        made = [self._entity(entity) for entity in root.entities]
        keys = f"A[{root.argument}]"
        if root.form == "one":
            return f"{made[0]}({keys})"
        if root.form == "many":
            return f"[{made[0]}(k) for k in {keys}]"
        by_member = ", ".join(f"{member!r}: {made[number]}" for member, number in root.members.items())
        return f"[{{{by_member}}}[m](k) for d in {keys} for m, k in d.items()]"

    def _entity(self, entity: EntityNode) -> str:
        """Write a function from an entity's identity to its answer, and return its name."""
        name, slot = f"e{entity.position}", self.executable.slots[(entity.level, entity.source)]
        body = self._object(entity.fields, "r", slot, entity)
        self.entities += [
            f"    def {name}(k):",
            f"        r = g{slot}(k)",
            "        if r is None: return None",
            f"        return {body}",
        ]
        return name

    def _object(self, fields: tuple[Field, ...], row: str, slot: int, owner: EntityNode) -> str:
        pairs = (f"{each.key!r}: {self._value(each, row, slot, owner)}" for each in fields)
        return f"{{{', '.join(pairs)}}}"

    def _value(self, each: Field, row: str, slot: int, owner: EntityNode) -> str:
        if isinstance(each, Leaf):
            return f"{row}[{self.executable.columns[slot][each.column]}]"
        if isinstance(each, TypeName):
            return repr(each.type_name)
        if isinstance(each, Refer):
            return f"{self._entity(each.entity)}({row}[{self.executable.columns[slot][each.column]}])"
        if isinstance(each, Gathered):
            lists = ", ".join(f"*{self._list(member.node, member, owner)}" for member in each.members)
            return f"[{lists}]{self._bound(each.first)}"
        assert isinstance(each, Records)  # noqa: S101 nothing else is left
        return self._list(each.node, each, owner) if each.many else self._one(each.node, each, owner)

    def _list(self, node: RecordNode, records: Records, owner: EntityNode) -> str:
        row, slot = self._name(), self.executable.slots[(owner.level, records.source)]
        body = self._object(node.fields, row, slot, owner)
        return f"[{body} for {row} in g{slot}(k, ()){self._bound(records.first)}]"

    def _one(self, node: RecordNode, records: Records, owner: EntityNode) -> str:
        row, slot = self._name(), self.executable.slots[(owner.level, records.source)]
        body = self._object(node.fields, row, slot, owner)
        return f"(None if ({row} := g{slot}(k)) is None else {body})"

    def _bound(self, first: int | None) -> str:
        return "" if first is None else f"[:A[{first}]]"

    def _name(self) -> str:
        self.names += 1
        return f"r{self.names}"

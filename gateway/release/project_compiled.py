"""Compiles a masked plan into a Python function from rows to the answer.

The function is written as source text from numbers and quoted names that the plan holds, never from values
of a request, and does nothing but build dicts: 0.05 µs a field where graphql-core's executor takes 3–5 µs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from adapters.source import Key
from gateway.release.one_sided import StandingReader, answer
from resolvers.eligibility.facts import Circumstances
from resolvers.plan.masked_plan import CURSOR_PLACE, Executable
from resolvers.plan.plan import (
    Cursor,
    EntityNode,
    Field,
    Gathered,
    Leaf,
    Meta,
    OneSided,
    RecordNode,
    Records,
    Refer,
    Root,
    StandingRoot,
    Tabulated,
    TypeName,
)

Tables: TypeAlias = Sequence[Mapping[Key, Any]]
"""The rows of each slot by key."""
Arguments: TypeAlias = Sequence[Any]
"""The value of each argument."""
Projection: TypeAlias = Callable[[Tables, Arguments, Mapping[str, Any], Circumstances], dict[str, Any]]
"""From rows, arguments, the values of schema fields by response key, and when and by whom it is asked to the
answer's data."""


def compile_projection(executable: Executable) -> Projection | None:
    """Return the projection of an executable, or None where a field is denied: then only `walk` answers."""
    if executable.denies:
        return None
    writer = _Writer(executable)
    source = writer.function()
    namespace = dict(writer.rules)
    exec(compile(source, "<projection>", "exec"), namespace)  # noqa: S102 own text, see above
    return namespace["project"]


@dataclass(slots=True)
class _Writer:
    executable: Executable
    entities: list[str] = field(default_factory=list[str])
    names: int = 0
    rules: dict[str, Any] = field(default_factory=dict[str, Any])
    """What the function calls for one-sided answers, by the names that it has there."""

    def function(self) -> str:
        roots = ", ".join(f"{root.key!r}: {self._root(root)}" for root in self.executable.roots)
        gets = [f"    g{slot} = T[{slot}].get" for slot in range(len(self.executable.columns))]
        lines = ["def project(T, A, M, C):", *gets, *self.entities, f"    return {{{roots}}}"]
        return "\n".join(lines) + "\n"

    def _root(self, root: Field) -> str:
        if isinstance(root, TypeName):
            return repr(root.type_name)
        if isinstance(root, Meta):
            return f"M[{root.key!r}]"
        if isinstance(root, StandingRoot):
            return f"{self._standing(root)}(A[{root.argument}])"
        if isinstance(root, Tabulated):
            return self._table(root)
        assert isinstance(root, Root)  # noqa: S101 a root is nothing else once none is denied
        made = [self._entity(entity) for entity in root.entities]
        keys = f"A[{root.argument}]"
        if root.form == "one":
            return f"{made[0]}({keys})"
        if root.form == "many":
            return f"[{made[0]}(k) for k in {keys}]"
        by_member = ", ".join(f"{member!r}: {made[number]}" for member, number in root.members.items())
        return f"[{{{by_member}}}[m](k) for d in {keys} for m, k in d.items()]"

    def _standing(self, root: StandingRoot) -> str:
        """Write a function from a subject's kind and identity to its one-sided answers, and return its name."""
        name = self._name()
        self.rules[f"facts_{name}"] = StandingReader.of(self.executable, root).facts
        pairs = (f"{each.key!r}: {self._one_sided(each)}" for each in root.fields)
        self.entities += [
            f"    def {name}(d):",
            "        [(m, k)] = d.items()",
            f"        f = facts_{name}(T, m, k, C)",
            f"        return {{{', '.join(pairs)}}}",
        ]
        return name

    def _one_sided(self, each: Field) -> str:
        if isinstance(each, TypeName):
            return repr(each.type_name)
        assert isinstance(each, OneSided)  # noqa: S101 a standing holds nothing else once none is denied
        name = f"answer_{self._name()}"
        self.rules[name] = partial(answer, each)
        return f"{name}(m, f)"

    def _table(self, table: Tabulated) -> str:
        row, slot = self._name(), self.executable.slots[(0, table.source)]
        pairs = (f"{each.key!r}: {self._cell(each, row, slot)}" for each in table.node.fields)
        return f"[{{{', '.join(pairs)}}} for {row} in g{slot}(str(A[{table.argument}]), ())]"

    def _cell(self, each: Field, row: str, slot: int) -> str:
        if isinstance(each, TypeName):
            return repr(each.type_name)
        assert isinstance(each, Leaf)  # noqa: S101 a cell has nothing else once none is denied
        return f"{row}[{self.executable.columns[slot][each.column]}]"

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
        if isinstance(each, Cursor):
            place = self.executable.columns[slot].get(CURSOR_PLACE)
            return "None" if place is None else f"{row}[{place}]"
        if isinstance(each, Refer):
            return f"{self._entity(each.entity)}({row}[{self.executable.columns[slot][each.column]}])"
        if isinstance(each, Gathered):
            lists = ", ".join(f"*{self._list(member.node, member, owner)}" for member in each.members)
            return f"[{lists}]{self._bound(each.first)}"
        assert isinstance(each, Records)  # noqa: S101 nothing else is left
        return self._list(each.node, each, owner) if each.many else self._one(each.node, each, owner)

    def _list(self, node: RecordNode, records: Records, owner: EntityNode) -> str:
        row, slot = self._name(), self.executable.slot_of(records, owner)
        body = self._object(node.fields, row, slot, owner)
        return f"[{body} for {row} in g{slot}(k, ()){self._bound(records.first)}]"

    def _one(self, node: RecordNode, records: Records, owner: EntityNode) -> str:
        row, slot = self._name(), self.executable.slot_of(records, owner)
        body = self._object(node.fields, row, slot, owner)
        return f"(None if ({row} := g{slot}(k)) is None else {body})"

    def _bound(self, first: int | None) -> str:
        return "" if first is None else f"[:A[{first}]]"

    def _name(self) -> str:
        self.names += 1
        return f"r{self.names}"

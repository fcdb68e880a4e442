"""Compiles a masked plan into a Python function from rows to the answer.

The function is written as source text from numbers and quoted names that the plan holds, never from values
of a request, and does nothing but build dicts: 0.05 µs a field where graphql-core's executor takes 3–5 µs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from adapters.source import Key
from resolvers.eligibility.facts import Circumstances
from resolvers.plan.masked_plan import MaskedPlan
from resolvers.plan.plan_node import PlanNode

RowsBySlot: TypeAlias = Sequence[Mapping[Key, Any]]
"""The rows of each slot by key."""
Projection: TypeAlias = Callable[
    [RowsBySlot, Sequence[Any], Mapping[str, Any], Circumstances], dict[str, Any]
]
"""From rows, values of arguments, the values of schema fields by response key, and when and by whom it is asked to
the answer's data."""


def compile_projection(plan: MaskedPlan) -> Projection | None:
    """Return the projection of a plan, or None where a field is denied: then only the walk with errors answers."""
    if plan.denies:
        return None
    writer = ProjectionWriter(plan)
    source = writer.function()
    namespace = dict(writer.constants)
    exec(compile(source, "<projection>", "exec"), namespace)  # noqa: S102 own text, see above
    return namespace["project"]


@dataclass(frozen=True, slots=True)
class RowSource:
    """The row that a field stands in: the variable that holds it, its slot, and the level of its entity."""

    name: str
    slot: int
    level: int


NO_ROW: Final = RowSource("", -1, -1)
"""Where a root stands: in no row."""


@dataclass(slots=True)
class ProjectionWriter:
    """Writes the projection of one plan. In it T are the rows by slot, A the arguments' values, M the values of schema
    fields and C the circumstances; `g0` gets the rows of slot 0 by key, and `k` is the key of the entity at hand.
    """

    plan: MaskedPlan
    functions: list[str] = field(default_factory=list[str])
    """The lines of the functions within the projection."""
    constants: dict[str, Any] = field(default_factory=dict[str, Any])
    """What the function calls, by the names that it has there."""
    names: int = 0

    def function(self) -> str:
        """Return the source of the projection."""
        answer = self.object(self.plan.roots, NO_ROW)
        gets = [f"    g{slot} = T[{slot}].get" for slot in range(len(self.plan.columns))]
        lines = ["def project(T, A, M, C):", *gets, *self.functions, f"    return {answer}"]
        return "\n".join(lines) + "\n"

    def object(self, fields: Iterable[PlanNode], row: RowSource) -> str:
        """Return an expression for the object of some fields of a row."""
        pairs = [f"{each.key!r}: {each.project(self, row)}" for each in fields]
        return f"{{{', '.join(pairs)}}}"

    def column(self, row: RowSource, column: str) -> str:
        """Return an expression for a column of a row."""
        return f"{row.name}[{self.plan.columns[row.slot][column]}]"

    def name(self) -> str:
        """Return a new variable's name."""
        self.names += 1
        return f"r{self.names}"

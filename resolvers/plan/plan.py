"""A plan: what one document asks for, field by field. It says nothing of callers; a grant masks it."""

from __future__ import annotations

from dataclasses import dataclass

from resolvers.graph.graph import Graph
from resolvers.plan.arguments import Argument
from resolvers.plan.field_use import AccessPath, FieldPlace, FieldUse
from resolvers.plan.plan_node import PlanNode


@dataclass(frozen=True, slots=True)
class Plan:
    """What one document asks for under one assignment of its conditions, or with all of it included.

    Positions number the places where entities stand; arguments are numbered likewise.
    """

    roots: tuple[PlanNode, ...]
    arguments: tuple[Argument, ...]
    positions: int

    def uses(self, graph: Graph, path: AccessPath) -> frozenset[FieldUse]:
        """Return every use of every field: what authorization is asked about.

        `path` is "own" where each subject that the plan names is the caller's own, and else "asked".
        """
        return frozenset(use for root in self.roots for use in root.uses(graph, path))

    def places_above(self) -> dict[FieldPlace, tuple[tuple[FieldPlace, ...], ...]]:
        """Return for each place, in the order of the plan, the places above it by each way that leads there.

        A denied field hides every field below it.
        """
        found: dict[FieldPlace, dict[tuple[FieldPlace, ...], None]] = {}
        for root in self.roots:
            for place, above in root.places("asked", ()):
                found.setdefault(place, {})[above] = None
        return {place: tuple(ways) for place, ways in found.items()}

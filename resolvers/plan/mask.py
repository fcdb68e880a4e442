"""What a grant takes out of a plan, and where it leaves history out."""

from dataclasses import dataclass

from resolvers.plan.field_use import FieldPlace, PlannedPath, SeesDead, SeesMinors
from resolvers.plan.nodes.denied_field import DeniedField
from resolvers.plan.plan_node import PlanNode


@dataclass(slots=True)
class Mask:
    """The places that a grant denies; `denies` tells whether a field of the plan stands at one of them.

    `history` are the places of the states of those records of which history is shown; `minors` and `dead`
    tell whether the purpose shows minors, and persons who have died.
    """

    denied: frozenset[FieldPlace]
    history: frozenset[FieldPlace] = frozenset()
    minors: SeesMinors = "none"
    dead: SeesDead = "none"
    denies: bool = False

    def deny(self, node: PlanNode, path: PlannedPath, coordinate: str | None = None) -> PlanNode:
        """Return what stands in place of a field for which the grant denies `coordinate`, its own by default."""
        self.denies = True
        return DeniedField(node.key, coordinate or node.coordinate, node.location, path)

"""Every incentive of the city for the subject alone: the standing that it is a field of tells of them with its answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.incentives.requirement_kinds import Beneficiary
from resolvers.eligibility.facts import Facts, Needs
from resolvers.eligibility.own_incentives import IncentiveTeller
from resolvers.graph.bindings import OwnIncentives
from resolvers.plan.compile import SelectedField
from resolvers.plan.masked_plan import MaskedPlan
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow


@dataclass(frozen=True, slots=True)
class OwnIncentivesField(PlanNode):
    """The incentives, each with its outcome for the subject of a standing.

    Where a bureau fails, the outcomes that rest on it are missing, and everything else is told.
    """

    binding = OwnIncentives

    tellers: Mapping[Beneficiary, IncentiveTeller]
    """What tells of them to each kind of subject."""

    @classmethod
    def compile(cls, field: SelectedField, binding: OwnIncentives) -> OwnIncentivesField:
        return cls(*field.identity, binding.tellers, fields=field.below(field.type_name, field.level))

    def weight(self, arguments: Sequence[Any]) -> int:
        """Return the most values: as many as the city has incentives."""
        most = max(len(each.listed) for each in self.tellers.values())
        return 1 + most * PlanNode.weight(self, arguments)

    def needs(self, kind: Beneficiary) -> Needs:
        """Return what the outcomes for a kind of subject rest on."""
        return self.tellers[kind].explainer.needs

    def teller(self, kind: Beneficiary, plan: MaskedPlan) -> Callable[[Facts], Any]:
        """Return what tells of them to a kind of subject."""
        return self.tellers[kind].prepared(plan.scenes)

    def describe(self, printer: PlanPrinter) -> str:
        return f"incentives for {' and '.join(self.tellers)}"

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        name = writer.name()
        return f"[{writer.object(self.fields, RowSource(name))} for {name} in {row.name}[{self.key!r}]]"

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Return the incentives; an outcome that rests on a bureau that failed is missing."""
        return [
            walk.object(self.fields, WalkedRow(row.key, each), (*path, number))
            for number, each in enumerate(row.values[self.key])
        ]

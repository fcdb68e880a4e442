"""Why incentives are not granted: the standing that it is a field of derives the reasons with its answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.bureau_errors import BureauError
from catalogue.incentives.requirement_kinds import Beneficiary
from resolvers.eligibility.facts import Facts, Needs
from resolvers.eligibility.reasons import Explainer
from resolvers.graph.bindings import Reasons
from resolvers.plan.compile import SelectedField
from resolvers.plan.masked_plan import MaskedPlan
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow


@dataclass(frozen=True, slots=True)
class ReasonsField(PlanNode):
    """The reasons about the subject of a standing."""

    binding = Reasons

    explainers: Mapping[Beneficiary, Explainer]
    """What tells the reasons to each kind of subject."""

    @classmethod
    def compile(cls, field: SelectedField, binding: Reasons) -> ReasonsField:
        return cls(*field.identity, binding.explainers, fields=field.below(field.type_name, field.level))

    def weight(self, arguments: Sequence[Any]) -> int:
        """Return the most values: as if no incentive at all were granted."""
        most = max(len(each.incentives) for each in self.explainers.values())
        return 1 + most * PlanNode.weight(self, arguments)

    def needs(self, kind: Beneficiary) -> Needs:
        """Return what the reasons about a kind of subject rest on."""
        return self.explainers[kind].needs

    def teller(self, kind: Beneficiary, plan: MaskedPlan) -> Callable[[Facts], Any]:
        """Return what tells the reasons to a kind of subject."""
        return self.explainers[kind].reasons

    def describe(self, printer: PlanPrinter) -> str:
        return f"reasons for {' and '.join(self.explainers)}"

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        name = writer.name()
        return f"[{writer.object(self.fields, RowSource(name))} for {name} in {row.name}[{self.key!r}]]"

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Return the reasons, or fail where any data set that they rest on could not be read."""
        found = row.values[self.key]
        if isinstance(found, BureauError):
            return walk.missing(self, path, found, derived=True)
        return [
            walk.object(self.fields, WalkedRow(row.key, each), (*path, number))
            for number, each in enumerate(found)
        ]

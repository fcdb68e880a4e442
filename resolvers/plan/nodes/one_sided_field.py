"""A one-sided answer: whether a subject may enjoy an incentive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.bureau_errors import BureauError
from catalogue.incentives.requirement_kinds import Beneficiary
from resolvers.eligibility.incentive_rules import EligibilityRule
from resolvers.graph.bindings import Eligibility
from resolvers.plan.compile import SelectedField
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow


@dataclass(frozen=True, slots=True)
class OneSidedField(PlanNode):
    """TRUE, or null, which says nothing. The standing that it is a field of derives the answers of all its fields."""

    binding = Eligibility

    rules: Mapping[Beneficiary, EligibilityRule]
    """The rule for each kind of subject; null without a rule."""

    @classmethod
    def compile(cls, field: SelectedField, binding: Eligibility) -> OneSidedField:
        return cls(*field.identity, binding.rules)

    def describe(self, printer: PlanPrinter) -> str:
        return f"one-sided for {' and '.join(self.rules)}"

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        return f"{row.name}[{self.key!r}]"

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Take the answer, or fail where a dataset that it is derived from could not be read at all."""
        answer = row.values[self.key]
        if isinstance(answer, BureauError):
            return walk.missing(self, path, answer, derived=True)
        return answer

"""The records of several datasets in one list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from resolvers.graph.bindings import Gathering
from resolvers.plan.compile import SelectedField
from resolvers.plan.nodes.records_field import RecordsField, bound_of, records_of, slice_of
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow


@dataclass(frozen=True, slots=True)
class GatheredField(PlanNode):
    """The records of the fields below, in their order; `first` bounds the list as a whole."""

    binding = Gathering

    first: int | None
    """The number of the argument that bounds the list."""
    fields: tuple[RecordsField, ...] = field(default=(), kw_only=True)

    @classmethod
    def compile(cls, field: SelectedField, binding: Gathering) -> GatheredField:
        members = [records_of(field, dataset, member) for member, dataset in binding.datasets.items()]
        return cls(*field.identity, field.bound(), fields=tuple(members))

    def weight(self, arguments: Sequence[Any]) -> int:
        widest = max(each.record_weight(arguments) for each in self.fields)
        return 1 + bound_of(self.first, arguments) * widest

    def describe(self, printer: PlanPrinter) -> str:
        return f"gathered{printer.first(self.first)}"

    def printed_below(self) -> Iterator[PlanNode | str]:
        for each in self.fields:
            yield f"{each.type_name} from {each.source}"
            yield from each.fields

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        lists = [f"*{each.project(writer, row)}" for each in self.fields]
        return f"[{', '.join(lists)}]{slice_of(self.first)}"

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Return the records of all members; one that cannot be read fails the list."""
        failure = walk.invalid(self.first)
        found: list[tuple[RecordsField, Any]] = []
        for each in self.fields:
            table = each.table(walk, row)
            failure = failure or table.failure_of(row.key)
            found += [(each, values) for values in table.rows.get(row.key, ())]
        if failure:
            return walk.missing(self, path, failure)
        most = None if self.first is None else walk.arguments.values[self.first]
        return [
            each.record(walk, row, values, (*path, number))
            for number, (each, values) in enumerate(found[:most])
        ]

"""The records of several datasets in one list: of each dataset its first ones.

One bound for all of them together would let many records of one dataset hide those of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from resolvers.graph.bindings import Gathering
from resolvers.plan.compile import SelectedField
from resolvers.plan.nodes.records_field import RecordsField, bound_of, records_of
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow


@dataclass(frozen=True, slots=True)
class GatheredField(PlanNode):
    """The records of the fields below, in their order; `first` bounds those of each field by themselves."""

    binding = Gathering

    first: int | None
    """The number of the argument that bounds the records of each field."""
    fields: tuple[RecordsField, ...] = field(default=(), kw_only=True)

    @classmethod
    def compile(cls, field: SelectedField, binding: Gathering) -> GatheredField:
        first = field.bound()
        members = [records_of(field, dataset, member) for member, dataset in binding.datasets.items()]
        return cls(*field.identity, first, fields=tuple(replace(each, first=first) for each in members))

    def weight(self, arguments: Sequence[Any]) -> int:
        of_each_once = sum(each.record_weight(arguments) for each in self.fields)
        return 1 + bound_of(self.first, arguments) * of_each_once

    def describe(self, printer: PlanPrinter) -> str:
        return f"gathered{printer.first(self.first)} of each"

    def printed_below(self) -> Iterator[PlanNode | str]:
        for each in self.fields:
            yield f"{each.type_name} from {each.source}"
            yield from each.fields

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        lists = [f"*{each.project(writer, row)}" for each in self.fields]
        return f"[{', '.join(lists)}]"

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Return the records of all members; one that cannot be read fails the list."""
        failure = walk.invalid(self.first)
        most = None if self.first is None else walk.arguments.values[self.first]
        found: list[tuple[RecordsField, Any]] = []
        for each in self.fields:
            table = each.table(walk, row)
            failure = failure or table.failure_of(row.key)
            found += [(each, values) for values in table.rows.get(row.key, ())[:most]]
        if failure:
            return walk.missing(self, path, failure)
        return [
            each.record(walk, row, values, (*path, number)) for number, (each, values) in enumerate(found)
        ]

"""The records of several datasets in one list: of each dataset its first ones.

One bound for all of them together would let many records of one dataset hide those of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from resolvers.fetch.reading import Table
from resolvers.graph.bindings import Gathering
from resolvers.plan.compile import SelectedField
from resolvers.plan.masked_plan import MaskedPlan, ReadCollector, RowReads
from resolvers.plan.nodes.records_field import RecordsField, bound_of, records_of
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, CutList, Path, ProjectionWriter, RowSource, WalkedRow


@dataclass(frozen=True, slots=True)
class GatheredField(PlanNode):
    """The records of the fields below, in their order; `first` bounds those of each field by themselves.

    A record of one kind looks like none of another, so the answer tells of which kinds records are left out.
    """

    binding = Gathering

    first: int | None
    """The number of the argument that bounds the records of each field."""
    fields: tuple[RecordsField, ...] = field(default=(), kw_only=True)

    @classmethod
    def compile(cls, field: SelectedField, binding: Gathering) -> GatheredField:
        first = field.bound()
        members = [records_of(field, dataset, member) for member, dataset in binding.datasets.items()]
        return cls(*field.identity, first, fields=tuple(replace(each, first=first) for each in members))

    @property
    def answered_from(self) -> tuple[str, ...]:
        return tuple(each.source for each in self.fields)

    def read(self, reads: ReadCollector, row: RowReads) -> None:
        """Read the records of each field."""
        reads.gathered.append((self, row.slot[0]))
        for each in self.fields:
            each.read(reads, row)

    def is_cut(self, plan: MaskedPlan, level: int, tables: Sequence[Table], arguments: Sequence[Any]) -> bool:
        """Whether records of any subject at a level are left out."""
        most = bound_of(self.first, arguments)
        slots = [each.slot(plan, level) for each in self.fields]
        return any(len(rows) > most for slot in slots for rows in tables[slot].rows.values())

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
        """Return the records of all members, and note a cut; one that cannot be read fails the list."""
        failure = walk.invalid(self.first)
        most = None if self.first is None else walk.arguments.values[self.first]
        found: list[tuple[RecordsField, Any]] = []
        cut: list[str] = []
        for each in self.fields:
            table = each.table(walk, row)
            failure = failure or table.failure_of(row.key)
            rows = table.rows.get(row.key, ())
            found += [(each, values) for values in rows[:most]]
            cut += [each.type_name] if len(rows[:most]) < len(rows) else []
        if failure:
            return walk.missing(self, path, failure)
        if cut:
            walk.cuts.append(CutList(path, tuple(cut)))
        return [
            each.record(walk, row, values, (*path, number)) for number, (each, values) in enumerate(found)
        ]

"""A registered statistic: a table of counts, whole, for the period that an argument names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from adapters.source import Key
from catalogue.classification import Use
from resolvers.graph.bindings import Tabulation
from resolvers.graph.graph import Graph
from resolvers.plan.compile import SelectedField
from resolvers.plan.field_use import AccessPath, FieldUse
from resolvers.plan.masked_plan import ReadCollector, RowReads
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow


@dataclass(frozen=True, slots=True)
class StatisticRoot(PlanNode):
    """A statistic whose cells are of the type `type_name`."""

    binding = Tabulation

    source: str
    position: int
    argument: int
    cells: int
    """How many there are, with those of the totals."""
    type_name: str

    @classmethod
    def compile(cls, field: SelectedField, binding: Tabulation) -> StatisticRoot:
        source, type_name = binding.dataset, field.type_name
        dataset = field.graph.sources[source].dataset
        counting = dataset.counting
        assert counting is not None  # noqa: S101 composition saw to it
        labels = [dataset.by_name[each].labels for each in (counting.row, counting.column)]
        return cls(
            *field.identity,
            source,
            field.compiler.position(),
            field.argument(binding.argument),
            prod(len(each) + 1 for each in labels),
            type_name,
            fields=field.below(type_name, 0),
        )

    def uses(self, graph: Graph, path: AccessPath) -> Iterator[FieldUse]:
        """Use every field of a cell, selected or not: the statistic is granted whole or not at all."""
        yield FieldUse(self.coordinate, Use.READ.value, path)
        for each in graph.composed.classifications:
            if each.startswith(f"{self.type_name}."):
                yield FieldUse(each, Use.READ.value, path, self.coordinate)

    def read(self, reads: ReadCollector, row: RowReads) -> None:
        """Read every column whatever is selected: what is withheld follows from the whole table."""
        reads.columns[reads.slot(self.source, 0, self.position)].update(
            reads.graph.sources[self.source].dataset.by_name
        )
        reads.key_arguments.append((self.argument, self.put_keys))

    def put_keys(self, value: Any, keys: list[Sequence[Key]]) -> None:
        """Put the period that the argument names to the position of the statistic."""
        keys[self.position] = (str(value),)

    def weight(self, arguments: Sequence[Any]) -> int:
        return 1 + self.cells * (1 + len(self.fields))

    def describe(self, printer: PlanPrinter) -> str:
        return f"table {self.source} by {printer.argument_text(self.argument)}"

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        name, slot = writer.name(), writer.plan.fetches[0, self.source].slot
        body = writer.object(self.fields, RowSource(name, slot, row.level))
        return f"[{body} for {name} in g{slot}(str(A[{self.argument}]), ())]"

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Return the released cells; an argument without a value or a table that cannot be released fails the field."""
        slot, period = walk.plan.fetches[0, self.source].slot, str(walk.arguments.values[self.argument])
        table = walk.tables[slot]
        failure = walk.invalid(self.argument) or table.failure_of(period)
        if failure:
            return walk.missing(self, path, failure)
        return [
            walk.object(self.fields, WalkedRow(period, cell, slot), (*path, number))
            for number, cell in enumerate(table.rows.get(period, ()))
        ]

    def subject_argument(self) -> None:
        """Name no subject: the argument is a period."""

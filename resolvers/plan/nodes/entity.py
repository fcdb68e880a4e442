"""An entity that a lookup or a reference leads to: the row that the fields below stand in, and no field itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalogue.ages import is_adult
from resolvers.graph.fields import identifier_of
from resolvers.plan.arguments import Argument
from resolvers.plan.compile import SelectedField
from resolvers.plan.field_use import PlannedPath, ShownAges, shown_ages, shows_dead
from resolvers.plan.mask import Mask
from resolvers.plan.masked_plan import MaskedPlan, ReadCollector, RowReads
from resolvers.plan.person_limits import ShownPersons
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow


@dataclass(frozen=True, slots=True)
class EntityNode(PlanNode):
    """An entity at a position of its own: its row is read from `source` at `level`.

    Key, coordinate and location are those of the field that leads to it.
    """

    decided = False

    type_name: str
    source: str
    position: int
    level: int
    identifier: str = ""
    """The coordinate of its identifier."""
    ages: ShownAges = "adults"
    """Who is shown by age, where it is a person."""
    dead: bool = False
    """Whether it is shown too where it is a person who has died."""

    @classmethod
    def of(cls, field: SelectedField, type_name: str, level: int) -> EntityNode:
        """Return the entity that a field leads to, with what is selected of its type."""
        position = field.compiler.position()
        source = field.graph.entities[type_name].dataset
        below = field.below(type_name, level)
        identifier = identifier_of(field.graph, type_name)
        return cls(*field.identity, type_name, source, position, level, identifier, fields=below)

    def masked(self, mask: Mask, path: PlannedPath) -> PlanNode:
        left = PlanNode.masked(self, mask, path)
        assert isinstance(left, EntityNode)  # noqa: S101 an entity is no field, so nothing stands in its place
        return replace(left, ages=shown_ages(mask.minors, path), dead=shows_dead(mask.dead, path))

    def read(self, reads: ReadCollector, row: RowReads) -> None:
        """Read its row, and what hangs on its identity."""
        reads.types[self.position] = self.type_name
        own = RowReads(reads.slot(self.source, self.level, self.position), self.position)
        dataset = reads.graph.sources[self.source].dataset
        shown = ShownPersons(self.ages, self.dead)
        if columns := shown.columns(dataset):
            reads.columns[own.slot] |= columns
            reads.limits.shown.setdefault(own.slot, {})[self.position] = shown
        for each in self.fields:
            each.read(reads, own)

    def unread_subjects(self, arguments: Sequence[Argument]) -> Iterator[str]:
        """Yield its coordinate where no field of the schema is asked of it: the answer tells whether it exists."""
        if any(each.decided for each in self.fields):
            yield from PlanNode.unread_subjects(self, arguments)
        else:
            yield self.coordinate

    def tells_nothing_new(self) -> bool:
        """Whether nothing is asked of it but the identifier, which whoever looks it up by that knows."""
        return all(each.coordinate == self.identifier for each in self.fields if each.decided)

    def describe(self, printer: PlanPrinter) -> str:
        return f"{self.type_name}#{self.position}"

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        """Write a function from the identity to the answer, and return its name."""
        name, slot = f"e{self.position}", writer.plan.fetches[self.level, self.source].slot
        body = writer.object(self.fields, RowSource("r", slot, self.level))
        hidden = ""
        if self._stands_beside_minors(writer.plan):
            writer.constants["is_adult"] = is_adult
            hidden = " or not is_adult(k, C.day)"
        writer.functions += [
            f"    def {name}(k):",
            f"        r = g{slot}(k)",
            f"        if r is None{hidden}: return None",
            f"        return {body}",
        ]
        return name

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Return the fields of the entity whose identity is the key of `row`."""
        key, slot = row.key, walk.plan.fetches[self.level, self.source].slot
        if self._stands_beside_minors(walk.plan) and not is_adult(key, walk.asked.day):
            return None
        table = walk.tables[slot]
        failure = table.failure_of(key)
        if failure:
            return walk.missing(self, path, failure)
        values = table.rows.get(key)
        return (
            None
            if values is None
            else walk.object(self.fields, WalkedRow(key, values, slot, self.level), path)
        )

    def _stands_beside_minors(self, plan: MaskedPlan) -> bool:
        """Whether adults alone are shown here, and its row is read together with rows of who may be a minor."""
        fetch = plan.fetches[self.level, self.source]
        adults = next((each.adults for each in plan.reading.ages if each.slot == fetch.slot), ())
        return self.position in adults and len(adults) < len(fetch.positions)

"""An entity that a lookup or a reference leads to: the row that the fields below stand in, and no field itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.source import Key
from resolvers.plan.field_use import PlannedPath
from resolvers.plan.mask import Mask, ReadCollector, RowReads
from resolvers.plan.masked_plan import Slot
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.project_compiled import ProjectionWriter, RowSource
from resolvers.plan.project_with_errors import AnswerWalk, Path, WalkedRow


@dataclass(frozen=True, slots=True)
class EntityNode:
    """An entity at a position of its own: its row is read from `source` at `level`."""

    type_name: str
    source: str
    position: int
    level: int
    fields: tuple[PlanNode, ...]

    @property
    def slot(self) -> Slot:
        """The slot that holds its row."""
        return (self.level, self.source)

    def masked(self, mask: Mask, path: PlannedPath) -> EntityNode:
        """Return what the grant leaves of it."""
        return replace(self, fields=mask.fields(self.fields, path))

    def read(self, reads: ReadCollector) -> None:
        """Read its row, and what hangs on its identity."""
        reads.types[self.position] = self.type_name
        row = RowReads(reads.slot(self.source, self.level, self.position), self.position)
        for each in self.fields:
            each.read(reads, row)

    def weight(self, arguments: Sequence[Any]) -> int:
        """Return the most values that the entity can hold, itself included."""
        total = 1
        for each in self.fields:
            total += each.weight(arguments)
        return total

    @property
    def title(self) -> str:
        """The type and the position, as a plan prints them."""
        return f"{self.type_name}#{self.position}"

    def printed(self) -> Iterator[PlanNode | str]:
        """Yield its lines in a printed plan."""
        yield f"{self.title} from {self.source}"
        yield from self.fields

    def project(self, writer: ProjectionWriter) -> str:
        """Write a function from the identity to the answer, and return its name."""
        name, slot = f"e{self.position}", writer.plan.slots[self.slot]
        body = writer.object(self.fields, RowSource("r", slot, self.level))
        writer.functions += [
            f"    def {name}(k):",
            f"        r = g{slot}(k)",
            "        if r is None: return None",
            f"        return {body}",
        ]
        return name

    def walk(self, walk: AnswerWalk, key: Key | None, at: PlanNode, path: Path) -> Any:
        """Return the entity's fields; where its row cannot be read the field `at` fails."""
        if key is None:
            return None
        slot = walk.plan.slots[self.slot]
        table = walk.tables[slot]
        failure = table.failure or table.broken.get(key)
        if failure:
            return walk.missing(at, path, failure)
        row = table.rows.get(key)
        return None if row is None else walk.object(self.fields, WalkedRow(row, slot, self.level, key), path)

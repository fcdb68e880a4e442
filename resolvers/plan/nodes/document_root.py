"""A way into the graph by another document than the identity number: the person to whom the document is linked.

The gateway finds the number before it reads the plan, and puts it in the place of the argument's value. From then on the
field is what it would be for that number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue.classification import Use
from resolvers.graph.bindings import DocumentLookup
from resolvers.graph.fields import identifier_of
from resolvers.graph.graph import Graph
from resolvers.plan.arguments import Arguments
from resolvers.plan.compile import SelectedField
from resolvers.plan.counted_subjects import CountedSubjects
from resolvers.plan.document_places import DocumentPlace
from resolvers.plan.field_use import AccessPath, FieldUse
from resolvers.plan.masked_plan import ReadCollector, RowReads
from resolvers.plan.nodes.entity import EntityNode
from resolvers.plan.plan_node import NamedSubject, PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow


@dataclass(frozen=True, slots=True)
class DocumentRoot(PlanNode):
    """The person to whom the document of an argument is linked."""

    binding = DocumentLookup

    argument: int
    dataset: str
    """The data set of the links, by its full name."""
    kinds: Mapping[str, str]
    fields: tuple[EntityNode, ...] = field(default=(), kw_only=True)

    @classmethod
    def compile(cls, field: SelectedField, binding: DocumentLookup) -> DocumentRoot:
        argument = field.argument(binding.argument)
        entity = EntityNode.of(field, field.type_name, 0)
        return cls(*field.identity, argument, binding.dataset, binding.kinds, fields=(entity,))

    @property
    def entity(self) -> EntityNode:
        """The person."""
        return self.fields[0]

    def other_uses(self, graph: Graph, path: AccessPath) -> Iterator[FieldUse]:
        """Find the person by its identity number, as `person` does: the document leads to no more than that."""
        identifier = identifier_of(graph, self.entity.type_name)
        for use in (Use.ARGUMENT, Use.EXISTS):
            yield FieldUse(identifier, use.value, path, self.coordinate)

    def read(self, reads: ReadCollector, row: RowReads) -> None:
        """Read the person by the number that the gateway finds."""
        place = DocumentPlace(self.argument, self.entity.position, self.dataset, self.kinds)
        reads.documents.append(place)
        reads.counted.append(CountedSubjects(self.argument, many=False, weigh=self.entity.weight))
        self.entity.read(reads, row)

    def weight(self, arguments: Sequence[Any]) -> int:
        return 1

    def describe(self, printer: PlanPrinter) -> str:
        document = printer.argument_text(self.argument)
        return f"one {self.entity.describe(printer)} by {self.dataset} of {document}"

    def printed_below(self) -> Iterator[PlanNode | str]:
        yield f"{self.entity.type_name}#{self.entity.position} from {self.entity.source}"
        yield from self.entity.fields

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        return f"{self.entity.project(writer, row)}(A[{self.argument}])"

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Return the person; an argument without a value, and links that could not be read, fail the field."""
        invalid = walk.invalid(self.argument)
        if invalid:
            return walk.missing(self, path, invalid)
        return self.entity.walk(walk, WalkedRow(walk.arguments.values[self.argument]), path)

    def subject_argument(self) -> int:
        return self.argument

    def named_subjects(self, arguments: Arguments) -> Iterator[NamedSubject]:
        """Yield the person, once the gateway has found the number."""
        number = arguments.values[self.argument]
        if self.argument not in arguments.invalid and isinstance(number, str):
            yield (self.key,), self.entity.type_name, number

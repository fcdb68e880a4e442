"""A way into the graph: the entities that an argument names, by type where it names several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from adapters.source import Key
from catalogue.classification import Use
from resolvers.graph.bindings import Lookup
from resolvers.graph.fields import identifier_of
from resolvers.graph.graph import Graph
from resolvers.plan.arguments import Argument, Arguments
from resolvers.plan.compile import SelectedField
from resolvers.plan.counted_subjects import CountedSubjects
from resolvers.plan.field_use import AccessPath, FieldUse
from resolvers.plan.masked_plan import DuplicateSubject, ReadCollector, RowReads
from resolvers.plan.nodes.entity import EntityNode
from resolvers.plan.plan_node import NamedSubject, PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow


@dataclass(frozen=True, slots=True)
class LookupRoot(PlanNode):
    """Entities by their identities: "one", a list of "many", or a list of "keyed" objects of one identity each."""

    binding = Lookup

    form: Literal["one", "many", "keyed"]
    argument: int
    members: Mapping[str, int]
    """For "keyed": which of the entities below a member name leads to."""
    fields: tuple[EntityNode, ...] = field(default=(), kw_only=True)

    @classmethod
    def compile(cls, field: SelectedField, binding: Lookup) -> LookupRoot:
        argument = field.argument(binding.argument)
        types = tuple(dict.fromkeys(binding.members.values())) or (field.type_name,)
        entities = tuple(EntityNode.of(field, name, 0) for name in types)
        members = {member: types.index(name) for member, name in binding.members.items()}
        return cls(*field.identity, binding.form, argument, members, fields=entities)

    def other_uses(self, graph: Graph, path: AccessPath) -> Iterator[FieldUse]:
        """Find each entity by its identifier, whereby the answer tells whether it exists."""
        for entity in self.fields:
            identifier = identifier_of(graph, entity.type_name)
            for use in (Use.ARGUMENT, Use.EXISTS):
                yield FieldUse(identifier, use.value, path, self.coordinate)

    def unread_subjects(self, arguments: Sequence[Argument]) -> Iterator[str]:
        """Yield it where nothing is read of a subject that it can name: by the members that the document writes."""
        written = set(arguments[self.argument].members())
        for entity in self.fields:
            named = {member for member, at in self.members.items() if self.fields[at] is entity}
            if not named or not written or named & written:
                own = [self.coordinate] if entity.tells_nothing_new() else ()
                yield from own or entity.unread_subjects(arguments)

    def read(self, reads: ReadCollector, row: RowReads) -> None:
        """Read each entity by the keys that the argument names."""
        reads.key_arguments.append((self.argument, self.put_keys))
        reads.counted.append(CountedSubjects(self.argument, self.form != "one", self.subject_weight))
        for entity in self.fields:
            entity.read(reads, row)

    @property
    def answered_from(self) -> tuple[str, ...]:
        return tuple(each.source for each in self.fields)

    def about(self, type_name: str) -> PlanNode:
        return replace(self, fields=tuple(each for each in self.fields if each.type_name == type_name))

    def weight(self, arguments: Sequence[Any]) -> int:
        return 1

    def subject_weight(self, arguments: Sequence[Any]) -> int:
        """Return the most values under one subject."""
        return max(entity.weight(arguments) for entity in self.fields)

    def describe(self, printer: PlanPrinter) -> str:
        titles = " | ".join(each.describe(printer) for each in self.fields)
        return f"{self.form} {titles} by {printer.argument_text(self.argument)}"

    def printed_below(self) -> Iterator[PlanNode | str]:
        for entity in self.fields:
            yield f"{entity.type_name}#{entity.position} from {entity.source}"
            yield from entity.fields

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        functions = [entity.project(writer, row) for entity in self.fields]
        keys = f"A[{self.argument}]"
        if self.form == "one":
            return f"{functions[0]}({keys})"
        if self.form == "many":
            return f"[{functions[0]}(k) for k in {keys}]"
        by_member = ", ".join(f"{member!r}: {functions[at]}" for member, at in self.members.items())
        return f"[{{{by_member}}}[m](k) for d in {keys} for m, k in d.items()]"

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Return each entity; an argument without a value fails the field."""
        invalid = walk.invalid(self.argument)
        if invalid:
            return walk.missing(self, path, invalid)
        found = [
            entity.walk(walk, WalkedRow(key), path if self.form == "one" else (*path, number))
            for number, (entity, key) in enumerate(self._named_keys(walk.arguments.values[self.argument]))
        ]
        return found[0] if self.form == "one" else found

    def _named_keys(self, value: Any) -> Iterator[tuple[EntityNode, Key]]:
        """Yield each subject that the argument names, with the entity that it is."""
        if self.form == "keyed":
            for each in value:
                for member, key in each.items():
                    yield self.fields[self.members[member]], key
        else:
            for key in (value,) if self.form == "one" else value:
                yield self.fields[0], key

    def put_keys(self, value: Any, keys: list[Sequence[Key]]) -> None:
        """Put the identities that the argument names to the positions of their entities."""
        named: Sequence[Any] = (value,) if self.form == "one" else value
        if self.form == "keyed":
            named = [(entity.position, key) for entity, key in self._named_keys(value)]
        if len(set(named)) != len(named):
            raise DuplicateSubject
        if self.form == "keyed":
            for entity in self.fields:
                keys[entity.position] = [key for position, key in named if position == entity.position]
        else:
            keys[self.fields[0].position] = named

    def subject_argument(self) -> int:
        return self.argument

    def named_subjects(self, arguments: Arguments) -> Iterator[NamedSubject]:
        if self.argument not in arguments.invalid:
            for number, (entity, key) in enumerate(self._named_keys(arguments.values[self.argument])):
                path = (self.key,) if self.form == "one" else (self.key, number)
                yield path, entity.type_name, key

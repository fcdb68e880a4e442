"""A plan and its nodes. A node is one field of an operation, with all that the gateway does with a field of its kind.

Each kind is a class of a file in `resolvers/plan/nodes`. Nothing outside that folder tells kinds apart: it calls the
methods below. A kind that does not define what could release something is no complete class, or raises when asked.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from catalogue.classification import Use
from resolvers.graph.graph import Graph
from resolvers.plan.arguments import Argument, Arguments
from resolvers.plan.field_use import AccessPath, FieldPlace, FieldUse, PlannedPath

if TYPE_CHECKING:
    from resolvers.plan.compile import SelectedField
    from resolvers.plan.mask import Mask
    from resolvers.plan.masked_plan import ReadCollector, RowReads
    from resolvers.plan.print_plan import PlanPrinter
    from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowSource, WalkedRow

Location: TypeAlias = tuple[int, int]
"""Line and column of a field in its document, from 1."""
NamedSubject: TypeAlias = tuple[tuple[str | int, ...], str, str]
"""The path of a subject in the answer, its type and its identifier."""


@dataclass(frozen=True, slots=True)
class PlanNode(ABC):
    """One field of an operation under one response key."""

    key: str
    coordinate: str
    location: Location
    fields: tuple[PlanNode, ...] = field(default=(), kw_only=True)
    """The fields directly below, of all possible types."""

    binding: ClassVar[type | None] = None
    """The class of the bindings that the kind is compiled from; None for fields without a binding."""
    decided: ClassVar[bool] = True
    """Whether it is a field of the schema, so that a grant decides about it."""

    def path_below(self, path: AccessPath) -> PlannedPath | None:
        """Return the path by which the fields below reach their subject; None where it is the subject of this field."""
        return None

    @classmethod
    def fits(cls, field: SelectedField) -> bool:
        """Whether the kind is compiled from a field without a binding; exactly one kind fits each."""
        return False

    @classmethod
    def compile(cls, field: SelectedField, binding: Any) -> PlanNode:
        """Compile a selected field; `binding` is of the class `cls.binding`."""
        raise NotImplementedError(f"{cls.__name__} is not compiled from a field: {field.identity[1]}")

    def uses(self, graph: Graph, path: AccessPath) -> Iterator[FieldUse]:
        """Yield every use of a field here and below; `path` is how the operation reaches the subject."""
        if self.decided:
            yield FieldUse(self.coordinate, Use.READ.value, path)
        yield from self.other_uses(graph, path)
        for each in self.fields:
            yield from each.uses(graph, self.path_below(path) or path)

    def other_uses(self, graph: Graph, path: AccessPath) -> Iterable[FieldUse]:
        """Return the uses that this field makes beside reading its own coordinate."""
        return ()

    def places(
        self, path: PlannedPath, above: tuple[FieldPlace, ...]
    ) -> Iterator[tuple[FieldPlace, tuple[FieldPlace, ...]]]:
        """Yield the place of this field and of each below, with the places above it, outermost first."""
        if self.decided:
            place = (self.coordinate, path)
            yield place, above
            above = (*above, place)
        for each in self.fields:
            yield from each.places(self.path_below(path) or path, above)

    @property
    def answered_from(self) -> tuple[str, ...]:
        """The data sets, by their full names, without whose rows of the subject at hand the field is missing."""
        return ()

    def places_from(self, sources: Collection[str], path: PlannedPath = "asked") -> frozenset[FieldPlace]:
        """Return the places of the subjects that the document names, here and below, that are missing without `sources`."""
        if path != "asked":
            return frozenset()
        found = set[FieldPlace]()
        if not set(sources).isdisjoint(self.answered_from):
            found.add((self.coordinate, path))
        for each in self.fields:
            found |= each.places_from(sources, self.path_below(path) or path)
        return frozenset(found)

    def masked(self, mask: Mask, path: PlannedPath) -> PlanNode:
        """Return what the grant leaves of this field and of the fields below."""
        if self.decided and (self.coordinate, path) in mask.denied:
            return mask.deny(self, path)
        below = self.path_below(path) or path
        left = tuple(each.masked(mask, below) for each in self.fields)
        return replace(self, fields=left) if left else self

    def read(self, reads: ReadCollector, row: RowReads) -> None:
        """Say what must be read for this field and those below; `row` is the row that it stands in."""
        for each in self.fields:
            each.read(reads, row)

    def weight(self, arguments: Sequence[Any]) -> int:
        """Return the most values that the field can hold: one for each object, list and leaf."""
        total = 1
        for each in self.fields:
            total += each.weight(arguments)
        return total

    def unread_subjects(self, arguments: Sequence[Argument]) -> Iterator[str]:
        """Yield the coordinate of each field here and below that leads to a subject of which nothing is read."""
        for each in self.fields:
            yield from each.unread_subjects(arguments)

    def unasked_states(self, graph: Graph, path: PlannedPath) -> Iterator[tuple[str, FieldPlace]]:
        """Yield each list here and below whose records have a state that is not asked for, with the place of the state."""
        for each in self.fields:
            yield from each.unasked_states(graph, self.path_below(path) or path)

    @abstractmethod
    def describe(self, printer: PlanPrinter) -> str:
        """Return where the value comes from, in the words of a printed plan."""

    def printed_below(self) -> Iterable[PlanNode | str]:
        """Return the lines and fields below it in a printed plan."""
        return self.fields

    @abstractmethod
    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        """Return a Python expression for the value; only for a field with nothing denied in it."""

    @abstractmethod
    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Return the value, or None with a failure for each field that is missing."""

    def subject_argument(self) -> int | None:
        """Return the number of the argument by which a root names subjects, or None where it names none.

        Every kind that can be a root must say so: a subject that it names may be another than the caller.
        """
        if self.decided:
            raise NotImplementedError(f"{type(self).__name__} does not say which subjects it names")
        return None

    def about(self, type_name: str) -> PlanNode:
        """Return what a root asks of the subjects of one type that it names."""
        return self

    def named_subjects(self, arguments: Arguments) -> Iterable[NamedSubject]:
        """Return the subjects that a root names in a request."""
        return ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What one document asks for under one assignment of its conditions, or with all of it included.

    Positions number the places where entities stand; arguments are numbered likewise.
    """

    roots: tuple[PlanNode, ...]
    arguments: tuple[Argument, ...]
    positions: int

    def uses(self, graph: Graph, path: AccessPath) -> frozenset[FieldUse]:
        """Return every use of every field: what authorization is asked about.

        `path` is "own" where each subject that the plan names is the caller's own, and else "asked".
        """
        return frozenset(use for root in self.roots for use in root.uses(graph, path))

    def unread_subjects(self) -> frozenset[str]:
        """Return the coordinates of the fields that lead to a subject of which nothing is read."""
        return frozenset(each for root in self.roots for each in root.unread_subjects(self.arguments))

    def unasked_states(self, graph: Graph) -> frozenset[tuple[str, FieldPlace]]:
        """Return the coordinate of each list whose records have a state that is not asked for, with the place of the state."""
        return frozenset(each for root in self.roots for each in root.unasked_states(graph, "asked"))

    def places_above(self) -> dict[FieldPlace, tuple[tuple[FieldPlace, ...], ...]]:
        """Return for each place, in the order of the plan, the places above it by each way that leads there.

        A denied field hides every field below it.
        """
        found: dict[FieldPlace, dict[tuple[FieldPlace, ...], None]] = {}
        for root in self.roots:
            for place, above in root.places("asked", ()):
                found.setdefault(place, {})[above] = None
        return {place: tuple(ways) for place, ways in found.items()}

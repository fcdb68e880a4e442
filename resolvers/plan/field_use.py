"""The uses that an operation makes of fields, and how it reaches the subjects whose fields they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from graphql import GraphQLObjectType, GraphQLUnionType

from resolvers.graph.bindings import Reference
from resolvers.graph.graph import Graph
from schema.graphql_types import named_type_of

PlannedPath: TypeAlias = Literal["asked", "ward", "person", "enterprise"]
"""How a document reaches a subject: by an identifier in an argument, as the ward of such a subject, as a person, or as an
enterprise. A subject that the document names may be the caller's own."""

AccessPath: TypeAlias = Literal["own", "asked", "ward", "person", "enterprise"]
"""How an operation reaches a subject: "own" is the subject of the caller's token, "asked" is named by the caller,
"ward" is a ward of one of these two, "person" and "enterprise" are reached through another subject in any other way.
Policies and recorded decisions hold these values."""

SeesMinors: TypeAlias = Literal["none", "own", "all"]
"""Whether a purpose shows minors: none; the one who asks and the wards of a guardian who asks; or all."""

SeesDead: TypeAlias = Literal["none", "own", "all"]
"""Whether a purpose shows persons whom the registry calls dead: none; the one who asks; or all."""

ShownAges: TypeAlias = Literal["adults", "wards", "all"]
"""Who is shown at a place where persons stand: adults, minors whose guardian asks, or everybody."""

FieldPlace: TypeAlias = tuple[str, PlannedPath]
"""A field's coordinate, and the path by which the document reaches the subject whose field it is."""


@dataclass(frozen=True, slots=True, order=True)
class FieldUse:
    """One use that an operation makes of a field.

    `at` is the coordinate of the field of the document that makes it: a sort by `since` is made at the list.
    """

    coordinate: str
    use: str
    reached: AccessPath = "asked"
    at: str = ""

    @property
    def place(self) -> FieldPlace:
        """The place in the document that falls where the use is denied; a subject is named there, own or not."""
        return (self.at or self.coordinate, "asked" if self.reached == "own" else self.reached)


def path_through(entity: str) -> Literal["person", "enterprise"]:
    """Return the path on which a reference leads to an entity, by the name of its type."""
    return "person" if entity == "Person" else "enterprise"


def path_to_ward(path: AccessPath) -> PlannedPath:
    """Return the path on which a guardianship leads to the ward: a ward only of a subject that the operation names."""
    return "ward" if path in ("own", "asked") else "person"


def shown_ages(sees: SeesMinors, path: PlannedPath) -> ShownAges:
    """Return who is shown on a path under a purpose. Nobody but the subject itself is asked for under its own purposes."""
    if sees == "all" or (sees == "own" and path == "asked"):
        return "all"
    return "wards" if sees == "own" and path == "ward" else "adults"


def shows_dead(sees: SeesDead, path: PlannedPath) -> bool:
    """Whether persons whom the registry calls dead are shown on a path under a purpose."""
    return sees == "all" or (sees == "own" and path == "asked")


def reachable(graph: Graph) -> dict[AccessPath, frozenset[str]]:
    """Return for each way through another subject the types whose fields can stand there."""
    found: dict[AccessPath, set[str]] = {"ward": set(), "person": set(), "enterprise": set()}
    for coordinate, binding in graph.fields.items():
        if isinstance(binding, Reference):
            owner, name = coordinate.split(".")
            target = named_type_of(graph.object_type(owner).fields[name]).name
            ways: list[AccessPath] = [path_through(target)]
            if binding.term:
                ways.append("ward")
            for way in ways:
                found[way] |= {target, *_records(graph, target)}
    return {reached: frozenset(types) for reached, types in found.items()}


def _records(graph: Graph, owner: str) -> Iterator[str]:
    """Yield the types of the records of an entity; a reference in one of them leads to another subject."""
    for name, field in graph.object_type(owner).fields.items():
        type_ = named_type_of(field)
        if isinstance(type_, GraphQLUnionType):
            yield from (each.name for each in type_.types)
        elif isinstance(type_, GraphQLObjectType) and not isinstance(
            graph.fields.get(f"{owner}.{name}"), Reference
        ):
            yield type_.name

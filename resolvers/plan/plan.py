"""A plan as plain data: what an operation asks for, field by field, and where each value lives.

A plan is made once for a document and says nothing of callers. Masked with a grant it becomes an
executable. Positions number the places where entities stand; arguments are numbered likewise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from graphql import FieldNode, GraphQLField

from catalogue.declarations import Counting
from catalogue.incentives.incentive_catalogue import Beneficiary
from resolvers.eligibility.incentive_rules import Rule

Location: TypeAlias = tuple[int, int]
"""Line and column of a field in its document, from 1."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: a constant, a variable, or a literal with variables inside (`node`)."""

    name: str
    text: str
    """As the document writes it; for print only."""
    constant: Any = None
    variable: str | None = None
    node: FieldNode | None = field(default=None, repr=False)
    definition: GraphQLField | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that stands in a column of the row at hand."""

    key: str
    coordinate: str
    location: Location
    column: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a record in its list, where the list can be continued."""

    key: str
    coordinate: str
    location: Location


@dataclass(frozen=True, slots=True)
class TypeName:
    """`__typename`."""

    key: str
    type_name: str


@dataclass(frozen=True, slots=True)
class Denied:
    """A field that the grant takes away: null with an error, and nothing is read for it.

    `reached` is how the operation came to the subject whose field it is.
    """

    key: str
    coordinate: str
    location: Location
    reached: Literal["asked", "person", "enterprise"] = "asked"


@dataclass(frozen=True, slots=True)
class RecordNode:
    """The fields of a record, which all stand in its row."""

    type_name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What chooses among the rows of a list: the numbers of its arguments, and the fields that they use.

    Where a variable decides which fields are used, all that it could name are. `number` tells the lists
    of a plan apart that are chosen so.
    """

    number: int
    where: int | None
    order: int | None
    after: int | None
    filters: tuple[str, ...]
    sorts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a dataset under an entity's identity: one, or the first of many."""

    key: str
    coordinate: str
    location: Location
    source: str
    many: bool
    first: int | None
    """The number of the argument that bounds the list."""
    node: RecordNode
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """The records of several datasets in one list; `first` bounds the list as a whole."""

    key: str
    coordinate: str
    location: Location
    first: int | None
    members: tuple[Records, ...]


@dataclass(frozen=True, slots=True)
class EntityNode:
    """An entity at a place of its own: its row is read from `source` at `level`."""

    type_name: str
    source: str
    position: int
    level: int
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Refer:
    """The entity whose identity stands in a column of the row at hand."""

    key: str
    coordinate: str
    location: Location
    column: str
    entity: EntityNode


@dataclass(frozen=True, slots=True)
class Root:
    """A way into the graph: the entities that an argument names, by type where it names several."""

    key: str
    coordinate: str
    location: Location
    form: Literal["one", "many", "keyed"]
    argument: int
    entities: tuple[EntityNode, ...]
    members: Mapping[str, int] = field(default_factory=dict[str, int])
    """For "keyed": which of `entities` a member name leads to."""


@dataclass(frozen=True, slots=True)
class OneSided:
    """Whether a subject may enjoy an incentive: TRUE, or null, which says nothing."""

    key: str
    coordinate: str
    location: Location
    rules: Mapping[Beneficiary, Rule]
    """The rule for each kind of subject; null without a rule."""


@dataclass(frozen=True, slots=True)
class StandingRoot:
    """The one-sided answers about the subject that an argument names: an object whether or not it is known.

    What is read hangs on the kind of subject and on `fields` alone: never on what is found.
    """

    key: str
    coordinate: str
    location: Location
    argument: int
    type_name: str
    positions: Mapping[Beneficiary, int]
    """Where a subject of each kind stands."""
    subjects: Mapping[Beneficiary, str]
    """The type of each kind of subject."""
    fields: tuple[Field, ...]

    def needs(self, kind: Beneficiary) -> dict[str, frozenset[str]]:
        """Return the columns that are looked at of each data set for a kind of subject, in a fixed order."""
        found: dict[str, frozenset[str]] = {}
        for each in self.fields:
            rule = each.rules.get(kind) if isinstance(each, OneSided) else None
            if rule is not None:
                for dataset, columns in rule.needs.items():
                    found[dataset] = found.get(dataset, frozenset()) | columns
        return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Tabulated:
    """A registered table of counts, whole, for the period that an argument names.

    `rows` and `columns` are all labels in the order of the answer. Its cells are released by `counting`.
    """

    key: str
    coordinate: str
    location: Location
    source: str
    position: int
    argument: int
    counting: Counting
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    node: RecordNode

    @property
    def nodes(self) -> int:
        """How many values the table holds, totals included."""
        return (len(self.rows) + 1) * (len(self.columns) + 1) * (1 + len(self.node.fields))


@dataclass(frozen=True, slots=True)
class Meta:
    """A field that is answered from the schema itself: the catalogue or introspection."""

    key: str
    coordinate: str
    location: Location
    coordinates: tuple[str, ...] = ()
    """The fields below that are asked for."""
    nodes: int = 0
    """How many values it can hold."""


Field: TypeAlias = (
    Leaf
    | Cursor
    | TypeName
    | Denied
    | Records
    | Gathered
    | Refer
    | Root
    | StandingRoot
    | OneSided
    | Tabulated
    | Meta
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one document asks for under one assignment of its conditions."""

    roots: tuple[Field, ...]
    arguments: tuple[Argument, ...]
    positions: int


def children(field: Field) -> tuple[Field, ...]:
    """Return the fields directly below a field, of all its possible types."""
    if isinstance(field, Records | Tabulated):
        return field.node.fields
    if isinstance(field, Gathered):
        return field.members
    if isinstance(field, Refer):
        return field.entity.fields
    if isinstance(field, Root):
        return tuple(each for entity in field.entities for each in entity.fields)
    if isinstance(field, StandingRoot):
        return field.fields
    return ()


def coordinates(fields: tuple[Field, ...]) -> set[str]:
    """Return the coordinates of all fields that stand in `fields` and below."""
    found: set[str] = set()
    for each in fields:
        if isinstance(each, Meta):
            found.update(each.coordinates)
        if not isinstance(each, TypeName) and ".__" not in each.coordinate:
            found.add(each.coordinate)
        found |= coordinates(children(each))
    return found

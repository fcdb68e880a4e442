"""What a caller may know of a city by one request: the facts that graphql-core's executor looks at.

The executor is the reference of `reference_executor.py`, under the verdicts of the policy on each field by itself: neither
the planner nor the grant of an operation has a say in what may be known.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from graphql import GraphQLSchema, get_named_type

from adapters.source import Key
from catalogue.classification import Use
from resolvers.plan.field_use import AccessPath
from sandbox.expected.shown import ages_shown, stands
from tests.support import reference_executor, standing_oracle
from tests.support.allowed_fields import Allowed, Denied
from tests.support.document_coordinates import coordinates_of
from tests.support.drawn_cities import EVERY_PERSON, City, Record
from tests.support.gateway_in_memory import TODAY
from tests.support.hand_map import LINKS, column_of
from tests.support.reference_executor import (
    LEADS,
    MANY,
    ONE,
    TABLES,
    Asked,
    Choice,
    Missing,
    Subject,
    expected,
    top,
)
from tests.support.reference_reasons import explainers, told
from tests.support.small_city import (
    BY_CHILD,
    BY_ENTERPRISE,
    BY_GUARDIAN,
    BY_PERSON,
    OPERATOR,
    REPRESENTATIVE,
    SmallCity,
)

ALL: Final = 1_000
BROKEN: Final = "BROKEN"
OFFICES: Final = {
    "Person.offices": BY_PERSON,
    "Enterprise.officers": BY_ENTERPRISE,
    "Enterprise.legalRepresentative": REPRESENTATIVE,
    "Person.guardianOf": BY_GUARDIAN,
    "Person.guardians": BY_CHILD,
    "Enterprise.operator": OPERATOR,
    "Person.responsibleFor": "tax.responsibility_by_person",
    "Enterprise.responsiblePersons": "tax.responsibility_by_enterprise",
}
COUNTED: Final = frozenset(dataset for dataset, *_ in TABLES.values())
"""The tables of counts, which are read by the year."""


@dataclass(slots=True)
class Part:
    """What is known of one key of a dataset: which rows are chosen, and the cells (row, column) of these."""

    choices: list[Choice] = field(default_factory=list)
    cells: set[tuple[int, str]] = field(default_factory=set)

    def choose(self, choice: Choice) -> None:
        """Note a choice, once: a request may make the same one over and over."""
        if choice not in self.choices:
            self.choices.append(choice)


@dataclass(slots=True)
class Known:
    """What is known of a city; whatever stands in none of these is not."""

    parts: dict[tuple[str, Key], Part] = field(default_factory=dict)
    """By full name of the dataset and key; whether the key is broken is known of each.

    What a one-sided answer is derived from is not among them.
    """
    read: set[str] = field(default_factory=set)
    """The datasets of which it is known whether they fail."""
    named: set[Key] = field(default_factory=set)
    """The subjects and years that the request names."""
    wards: set[Key] = field(default_factory=set)
    """The subjects that are reached as wards."""
    standing: dict[Asked, dict[str, str | None]] = field(default_factory=dict)
    """The one-sided answers: of all that they are derived from, nothing else is known."""

    def reached(self, key: Key) -> AccessPath:
        """Return how the request comes to a subject."""
        if key in self.named:
            return "asked"
        if key in self.wards:
            return "ward"
        return "person" if type_of(key) == "Person" else "enterprise"

    def part(self, dataset: str, key: Key) -> Part:
        """Return what is known of one key, to be added to."""
        return self.parts.setdefault((dataset, key), Part())


@dataclass(frozen=True, slots=True)
class SeenRecord(Mapping[str, Any]):
    """A row that notes which of its cells are looked at."""

    record: Record
    number: int
    part: Part

    def __getitem__(self, column: str) -> Any:
        self.part.cells.add((self.number, column))
        return self.record[column]

    def __contains__(self, column: object) -> bool:
        return column in self.record

    def __iter__(self) -> Iterator[str]:
        return iter(self.record)

    def __len__(self) -> int:
        return len(self.record)


@dataclass(frozen=True)
class Witness(reference_executor.World):
    """A world that notes what is looked at."""

    drawn: City = field(kw_only=True)
    schema: GraphQLSchema = field(kw_only=True)
    allowed: Allowed = field(kw_only=True)
    known: Known = field(default_factory=Known, kw_only=True)
    coordinates: Container[str] = field(kw_only=True)
    """Every field that the document asks for."""

    def rows(self, dataset: str, key: Key) -> Sequence[Record]:
        """Read one key of a dataset; of it, no more is noted than whether that fails."""
        self._reach(dataset)
        self.known.part(dataset, key)
        if dataset in COUNTED:
            self.known.named.add(key)
        held = self.drawn.held(dataset, key)
        if held.broken:
            raise Missing(BROKEN)
        return held.rows

    def _reach(self, dataset: str) -> None:
        """Note whether a dataset fails, whoever is asked about."""
        self.known.read.add(dataset)
        if dataset in self.drawn.failing:
            raise Missing("FAILING")

    def chosen(self, dataset: str, key: Key, choice: Choice) -> list[tuple[int, Mapping[str, Any]]]:
        """Choose rows where the caller may choose so."""
        rows, part = self.rows(dataset, key), self.known.part(dataset, key)
        self._check(dataset, key, choice)
        chosen = self.limited(choice)
        part.choose(chosen)
        return [(number, SeenRecord(rows[index], index, part)) for number, index in chosen.of(rows)]

    def _check(self, dataset: str, key: Key, choice: Choice) -> None:
        """Refuse a choice by what the caller may not filter or sort by."""
        columns = [(column_of("", name), Use.FILTER) for name in choice.where]
        if choice.order is not None:
            columns.append((choice.order["field"].lower(), Use.SORT))
        shown = shown_by(self.schema, type_of(key), dataset)
        reached = self.known.reached(key)
        if not all(self.allowed.may(shown[column], use, reached) for column, use in columns):
            raise Missing("FIELD_DENIED")

    def subject(self, type_name: str, key: Key, reached: AccessPath = "asked") -> Subject | None:
        """Read one subject of the registry."""
        if reached == "asked":
            self.known.named.add(key)
        if reached == "ward":
            self.known.wards.add(key)
        followed = type_name == "Enterprise" or ages_shown(self.purpose, reached) == "all"
        try:
            found = reference_executor.World.subject(self, type_name, key, reached)
        except Missing:
            if followed:
                self._pass(key, set())
            raise
        if found is None and followed:
            self._pass(key, set())
        return found

    def linked(self, member: str, number: str) -> Key | None:
        """Find whose a document is; all that its links say is noted as known, for all of it decides who that is."""
        self.known.named.add(number)
        try:
            rows = self.rows(LINKS[0], number)
        except Missing as missing:
            if missing.code == BROKEN:
                return None
            raise
        part = self.known.part(LINKS[0], number)
        part.choose(top(ALL))
        part.cells |= {(at, name) for at, _ in enumerate(rows) for name in LINKS[1]}
        return reference_executor.World.linked(self, member, number)

    def is_shown(self, values: Mapping[str, Any], reached: AccessPath) -> bool:
        """Look without a note: the second city keeps whether a person is of age and alive."""
        assert isinstance(values, SeenRecord)
        return reference_executor.World.is_shown(self, values.record, reached)

    def standing(self, asked: Asked, field: str) -> str | None:
        """Answer one field of a standing; it is noted which datasets fail, and nothing that they hold."""
        self.known.named.add(asked.key)
        for dataset in standing_oracle.consulted(field, asked.kind):
            self._reach(dataset)
        answers = self.known.standing.setdefault(asked, {})
        return answers.setdefault(field, one_sided(self.drawn, asked, field, self.grantee))

    def told(self, asked: Asked, field: str) -> Any:
        """Tell the subject of itself; all that this rests on is noted as known."""
        needs, key = explainers()[asked.kind].needs, asked.key
        failed = dict[str, Missing]()
        self.known.named.add(key)
        for dataset, columns in sorted(needs.items()):
            try:
                self._reach(dataset)
            except Missing as missing:
                failed[dataset] = missing
                continue
            part, rows = self.known.part(dataset, key), self.drawn.held(dataset, key).rows
            part.choose(replace(top(ALL), standing=True))
            part.cells |= {(at, name) for at, _ in enumerate(rows) for name in columns}
        broken = frozenset(each for each in needs if self.drawn.held(each, key).broken)
        found = {each: given_out(self.drawn, each, key) for each in needs}
        return told(field, asked.kind, found, broken, failed, self.grantee)

    def _pass(self, key: Key, passed: set[Key]) -> None:
        """Note whom the offices of a subject lead to that is not shown itself.

        The request may read them, and does so before it is told that the registry does not know the subject.
        So they decide whom is asked for next, and nothing else.
        """
        passed.add(key)
        columns = [column for each, (_, column) in LEADS.items() if each in self.coordinates]
        for coordinate, dataset in OFFICES.items():
            try:
                found = (
                    self.chosen(dataset, key, top(ALL)) if columns and coordinate in self.coordinates else []
                )
            except Missing:
                continue
            rows = [dict(record) for _, record in found]  # whole: a filter or an order may look at any column
            for led in [record[column] for record in rows for column in columns if column in record]:
                self._note_whether_shown(led)
                if led not in passed:
                    self._pass(led, passed)

    def _note_whether_shown(self, key: Key) -> None:
        """Note what the registry says of a person: who is not shown is not followed, so it decides whom is asked for."""
        if key in EVERY_PERSON:
            with suppress(Missing):
                self.chosen("registry.person", key, top(1))


def given_out(city: City, dataset: str, key: Key) -> Sequence[Record]:
    """Return the rows of a key that a bureau gives out and that stand."""
    rows = [row for row in city.held(dataset, key).rows if stands(row)]
    return rows[:1] if dataset in ONE.values() else rows


def one_sided(city: City, asked: Asked, field: str, grantee: str | None) -> str | None:
    """Answer one field of a standing from a city; records that break their contract are silence."""
    names = standing_oracle.consulted(field, asked.kind)
    if any(city.held(name, asked.key).broken for name in names):
        return None
    found = {name: given_out(city, name, asked.key) for name in names}
    return standing_oracle.expected(field, asked.kind, found, TODAY, grantee)


def known_by(
    schema: GraphQLSchema,
    city: City,
    document: str,
    variables: Mapping[str, Any],
    allowed: Allowed,
    grantee: str | None,
) -> Known:
    """Return what a request may tell a caller of a city; `grantee` is the client whose consents count."""
    witness = Witness(
        SmallCity({}),
        [],
        Denied(allowed),
        purpose=allowed.purpose,
        grantee=grantee,
        drawn=city,
        schema=schema,
        allowed=allowed,
        coordinates=coordinates_of(schema, document),
    )
    expected(schema, witness, document, variables)
    return witness.known


def type_of(key: Key) -> str:
    """Return the type of the subject that a key identifies."""
    return "Person" if key in EVERY_PERSON else "Enterprise"


@cache
def shown_by(schema: GraphQLSchema, owner: str, dataset: str) -> Mapping[str, str]:
    """Return the field of a dataset's records that shows each column."""
    type_: Any = schema.type_map[owner]
    found: dict[str, str] = {}
    for name, answered in (MANY | ONE).items():
        if answered == dataset and name in type_.fields:
            record: Any = get_named_type(type_.fields[name].type)
            found |= {column_of("", each): f"{record.name}.{each}" for each in record.fields}
    return found

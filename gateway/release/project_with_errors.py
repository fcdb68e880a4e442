"""Builds an answer with care: every field that is missing leaves a null and an error with its path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from adapters.bureau_errors import BureauError
from adapters.source import Key
from catalogue.incentives.incentive_catalogue import Beneficiary
from gateway.release.one_sided import StandingReader, answer
from resolvers.eligibility.facts import Circumstances, Facts
from resolvers.fetch.reading import CursorRefused, Table
from resolvers.plan.access_path import Way
from resolvers.plan.arguments import InvalidArgument
from resolvers.plan.masked_plan import CURSOR_PLACE, STANDING, Executable
from resolvers.plan.plan import (
    Cursor,
    Denied,
    EntityNode,
    Field,
    Gathered,
    Leaf,
    Location,
    Meta,
    OneSided,
    Records,
    Refer,
    Root,
    StandingRoot,
    Tabulated,
    TypeName,
)

Path: TypeAlias = tuple[str | int, ...]
Why: TypeAlias = BureauError | CursorRefused | InvalidArgument


@dataclass(frozen=True, slots=True)
class FieldFailure:
    """A field that is missing: where, and why. `why` is None
    where the grant denies the field at the place that is `reached` so.
    """

    path: Path
    coordinate: str
    location: Location
    why: Why | None
    reached: Way = "asked"
    derived: bool = False
    """Whether the field is derived from data sets that it does not show."""


@dataclass(slots=True)
class Walk:
    """One answer in the making: the data, and the failures in the order in which they were met."""

    executable: Executable
    tables: Sequence[Table]
    arguments: Sequence[Any]
    metas: Mapping[str, Any]
    asked: Circumstances
    failures: list[FieldFailure] = field(default_factory=list[FieldFailure])

    def data(self) -> dict[str, Any]:
        """Return the answer's data."""
        return {root.key: self._root(root, (root.key,)) for root in self.executable.roots}

    def _root(self, root: Field, path: Path) -> Any:
        if isinstance(root, TypeName):
            return root.type_name
        if isinstance(root, Meta):
            return self.metas[root.key]
        if isinstance(root, Root):
            return self._lookup(root, path)
        if isinstance(root, StandingRoot):
            return self._standing(root, path)
        if isinstance(root, Tabulated):
            return self._table(root, path)
        return self._missing(root, path, None)

    def _lookup(self, root: Root, path: Path) -> Any:
        argument = self.arguments[root.argument]
        if isinstance(argument, InvalidArgument):
            return self._missing(root, path, argument)
        if root.form == "one":
            return self._entity(root.entities[0], argument, root, path)
        if root.form == "many":
            named = [(root.entities[0], key) for key in argument]
        else:
            named = [(root.entities[root.members[m]], key) for each in argument for m, key in each.items()]
        return [
            self._entity(entity, key, root, (*path, number)) for number, (entity, key) in enumerate(named)
        ]

    def _standing(self, root: StandingRoot, path: Path) -> Any:
        argument = self.arguments[root.argument]
        if isinstance(argument, InvalidArgument):
            return self._missing(root, path, argument)
        ((kind, key),) = argument.items()
        rows = [table.rows for table in self.tables]
        facts = StandingReader.of(self.executable, root).facts(rows, kind, key, self.asked)
        return {each.key: self._one_sided(each, kind, facts, (*path, each.key)) for each in root.fields}

    def _one_sided(self, each: Field, kind: Beneficiary, facts: Facts, path: Path) -> Any:
        """Answer, or fail where a data set that the answer is derived from could not be read at all."""
        if isinstance(each, TypeName):
            return each.type_name
        if not isinstance(each, OneSided):
            return self._missing(each, path, None)
        rule = each.rules.get(kind)
        for dataset in sorted(rule.needs if rule else ()):
            failure = self.tables[self.executable.slots[(STANDING, dataset)]].failure
            if failure:
                return self._missing(each, path, failure)
        return answer(each, kind, facts)

    def _table(self, table: Tabulated, path: Path) -> Any:
        argument = self.arguments[table.argument]
        slot = self.executable.slots[(0, table.source)]
        read = self.tables[slot]
        failure = argument if isinstance(argument, InvalidArgument) else None
        failure = failure or read.failure or read.broken.get(str(argument))
        if failure:
            return self._missing(table, path, failure)
        return [
            {each.key: self._cell(each, row, slot, (*path, number, each.key)) for each in table.node.fields}
            for number, row in enumerate(read.rows.get(str(argument), ()))
        ]

    def _cell(self, each: Field, row: Any, slot: int, path: Path) -> Any:
        if isinstance(each, Leaf):
            return row[self.executable.columns[slot][each.column]]
        return each.type_name if isinstance(each, TypeName) else self._missing(each, path, None)

    def _entity(self, entity: EntityNode, key: Key | None, at: Field, path: Path) -> Any:
        if key is None:
            return None
        table = self.tables[self.executable.slots[(entity.level, entity.source)]]
        failure = table.failure or table.broken.get(key)
        if failure:
            return self._missing(at, path, failure)
        row = table.rows.get(key)
        if row is None:
            return None
        slot = self.executable.slots[(entity.level, entity.source)]
        return self._object(entity.fields, row, slot, (entity, key), path)

    def _object(
        self, fields: tuple[Field, ...], row: Any, slot: int, owner: tuple[EntityNode, Key], path: Path
    ) -> dict[str, Any]:
        return {each.key: self._value(each, row, slot, owner, (*path, each.key)) for each in fields}

    def _value(self, each: Field, row: Any, slot: int, owner: tuple[EntityNode, Key], path: Path) -> Any:
        if isinstance(each, Leaf):
            return row[self.executable.columns[slot][each.column]]
        if isinstance(each, TypeName):
            return each.type_name
        if isinstance(each, Cursor):
            place = self.executable.columns[slot].get(CURSOR_PLACE)
            return None if place is None else row[place]
        if isinstance(each, Refer):
            key = row[self.executable.columns[slot][each.column]]
            return self._entity(each.entity, key, each, path)
        if isinstance(each, Records):
            return self._records(each, owner, path)
        if isinstance(each, Gathered):
            return self._gathered(each, owner, path)
        return self._missing(each, path, None)

    def _records(self, records: Records, owner: tuple[EntityNode, Key], path: Path) -> Any:
        try:
            self._check_choice(records)
            most = self._most(records.first)
            rows = self._rows(records, owner)
        except _FieldMissing as missing:
            return self._missing(records, path, missing.why)
        slot = self._slot(records, owner)
        if not records.many:
            return None if rows is None else self._object(records.node.fields, rows, slot, owner, path)
        return [
            self._object(records.node.fields, row, slot, owner, (*path, number))
            for number, row in enumerate((rows or ())[:most])
        ]

    def _gathered(self, gathered: Gathered, owner: tuple[EntityNode, Key], path: Path) -> Any:
        try:
            most = self._most(gathered.first)
            found = [(member, row) for member in gathered.members for row in self._rows(member, owner) or ()]
        except _FieldMissing as missing:
            return self._missing(gathered, path, missing.why)
        return [
            self._object(member.node.fields, row, self._slot(member, owner), owner, (*path, number))
            for number, (member, row) in enumerate(found[:most])
        ]

    def _rows(self, records: Records, owner: tuple[EntityNode, Key]) -> Any:
        table = self.tables[self._slot(records, owner)]
        failure = table.failure or table.broken.get(owner[1])
        if failure:
            raise _FieldMissing(failure)
        return table.rows.get(owner[1])

    def _check_choice(self, records: Records) -> None:
        choice = records.choice
        numbers = () if choice is None else (choice.where, choice.order, choice.after)
        for number in numbers:
            self._most(number)

    def _most(self, first: int | None) -> int | None:
        if first is None:
            return None
        value = self.arguments[first]
        if isinstance(value, InvalidArgument):
            raise _FieldMissing(value)
        return value

    def _slot(self, records: Records, owner: tuple[EntityNode, Key]) -> int:
        return self.executable.slot_of(records, owner[0])

    def _missing(self, at: Field, path: Path, why: Why | None) -> None:
        assert not isinstance(at, Leaf | TypeName | Cursor)  # noqa: S101 these never fail
        reached: Way = at.reached if isinstance(at, Denied) else "asked"
        derived = isinstance(at, OneSided)
        self.failures.append(FieldFailure(path, at.coordinate, at.location, why, reached, derived))


class _FieldMissing(Exception):
    def __init__(self, why: Why) -> None:
        self.why = why

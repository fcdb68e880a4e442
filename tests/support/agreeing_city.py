"""A second city that agrees with a first one on what is known of it, and is otherwise drawn anew."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.bureau_errors import BureauError
from adapters.source import Key
from catalogue.classification import Use
from catalogue.declarations import Column, Dataset
from resolvers.graph.graph import Graph
from sandbox.expected.shown import may_be_shown
from tests.support.allowed_fields import IDENTIFIERS, Allowed
from tests.support.drawn_cities import (
    EVERY_PERSON,
    FOREIGNERS,
    LATE_BORN,
    LED,
    OUTAGES,
    STRANGERS,
    City,
    Held,
    Record,
    drawn_held,
    drawn_row,
    drawn_value,
    marks_nobody,
    ordered,
    ordered_numbers,
    rng_of,
)
from tests.support.drawn_records import COMPUTED, lived_alike
from tests.support.gateway_in_memory import TODAY
from tests.support.known_facts import Known, Part, one_sided, shown_by, type_of
from tests.support.plain_choices import born_of
from tests.support.recounted_tables import recounted
from tests.support.reference_executor import Asked, Missing
from tests.support.standing_oracle import consulted

MORE: Final = 3
"""Rows that may be added to those that a dataset holds of a key."""
NEW: Final[Mapping[str, tuple[Key, ...]]] = {
    "Person": STRANGERS,
    "Minor": LATE_BORN,
    "Enterprise": FOREIGNERS,
}
"""New identifiers; who is a minor by its number stays one."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a request tells of a city, to whom, and by which rules."""

    city: City
    known: Known
    allowed: Allowed
    grantee: str | None

    def identified(self, key: Key) -> bool:
        """Whether the caller knows a subject's identifier, or may."""
        reached = self.known.reached(key)
        return key in self.known.named or self.allowed.may(IDENTIFIERS[type_of(key)], Use.READ, reached)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cities that agree; `moved` tells under which key the second holds what is known of a subject."""

    first: City
    second: City
    moved: Mapping[Key, Key]


def agreeing(seed: int, graph: Graph, told: Told, redrawn: Collection[str]) -> Pair:
    """Return a city beside another one that agrees on what is told of it and differs in the datasets `redrawn`."""
    rng = random.Random(f"{seed} second")
    redraw = _Redraw(seed, graph, told, frozenset(redrawn), _moved(rng, told))
    second = City(redraw.held, redraw.failing(rng))
    for asked, answers in told.known.standing.items():
        _restore(second, told, asked, answers)
    return Pair(told.city, second, redraw.moved)


def _moved(rng: random.Random, told: Told) -> dict[Key, Key]:
    """Give new identifiers to those whose own the caller may not know; who is whom stays as it is."""
    free = {type_name: rng.sample(keys, len(keys)) for type_name, keys in NEW.items()}
    seen = dict.fromkeys(key for _, key in told.known.parts)
    return {key: free[_sort_of(key)].pop() for key in seen if not told.identified(key)}


def _sort_of(key: Key) -> str:
    of_age = key not in EVERY_PERSON or may_be_shown("adults", born_of(key), TODAY)
    return type_of(key) if of_age else "Minor"


def _restore(second: City, told: Told, asked: Asked, answers: Mapping[str, str | None]) -> None:
    """Take back what was drawn of a subject where it would change a one-sided answer, dataset by dataset."""
    if _standing(second, told, asked) == answers:
        return
    names = sorted({name for each in answers for name in consulted(each, asked.kind)})
    drawn = {name: second.held(name, asked.key) for name in names}
    for name in names:
        second.drawn[name, asked.key] = told.city.held(name, asked.key)
    for name in names:
        second.drawn[name, asked.key] = drawn[name]
        if _standing(second, told, asked) != answers:
            second.drawn[name, asked.key] = told.city.held(name, asked.key)


def _standing(city: City, told: Told, asked: Asked) -> dict[str, str | None]:
    return {each: one_sided(city, asked, each, told.grantee) for each in told.known.standing[asked]}


@dataclass(frozen=True, slots=True)
class _Redraw:
    seed: int
    graph: Graph
    told: Told
    redrawn: frozenset[str]
    moved: Mapping[Key, Key]
    was: Mapping[Key, Key] = field(init=False)
    """The key in the first city of those that moved."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "was", {new: old for old, new in self.moved.items()})

    def failing(self, rng: random.Random) -> dict[str, type[BureauError]]:
        """Let other datasets fail, but for those of which it is known whether they do."""
        first = self.told.city.failing
        drawn = {name: rng.choice(OUTAGES) for name in self.graph.sources if rng.random() < 0.3}
        fixed = {
            name for name in self.graph.sources if name in self.told.known.read or name not in self.redrawn
        }
        return {
            name: error
            for name in self.graph.sources
            if (error := (first if name in fixed else drawn).get(name)) is not None
        }

    def held(self, name: str, key: Key) -> Held:
        """Return what a dataset holds of a key in the second city."""
        dataset = self.graph.sources[name].dataset
        old = self.was.get(key, key)
        part = self.told.known.parts.get((name, old)) if key not in self.moved else None
        rng = rng_of(self.seed + 1, name, key)
        if name not in self.redrawn:
            held = self.told.city.held(name, old)
            rows, out = ([self._renamed(dataset, row, key) for row in each] for each in (held.rows, held.out))
            return Held(ordered(dataset, rows), held.broken, out)
        drawn = drawn_held(self.seed + 1, self.graph.sources[name], key)
        if part is None:
            return Held(drawn.rows, rng.random() < 0.1, drawn.out)
        held = self.told.city.held(name, old)
        if dataset.counting is not None:
            return Held(recounted(rng, self.graph.schema, name, held.rows), held.broken)
        rows = self._agreeing(rng, name, held.rows, part, key) if part.choices else drawn.rows
        return Held(rows, held.broken, drawn.out)

    def _agreeing(
        self, rng: random.Random, name: str, rows: Sequence[Record], part: Part, key: Key
    ) -> list[Record]:
        """Draw rows for a new `key` of which the same are chosen, with the same in the cells that are known."""
        dataset, order = self.graph.sources[name].dataset, self._readable_order(name, self.was.get(key, key))
        if marks_nobody(dataset, key):
            return []
        by = [each for each in dataset.order if each.removeprefix("-") in order]
        found = _Rows({at: self._renamed(dataset, row, key) for at, row in enumerate(rows)}, part, by)
        for at, row in enumerate(rows):
            if at in found.seen:
                kept = {column for number, column in part.cells if number == at} | order
                found.replace(at, self._row(rng, dataset, row, key, kept))
            elif dataset.many or dataset.latest:
                found.replace(at, drawn_row(rng, dataset, key) if rng.random() < 0.5 else None)
        if dataset.many or dataset.latest or not rows:
            for at in range(len(rows), len(rows) + (MORE if dataset.many or dataset.latest else 1)):
                found.replace(at, drawn_row(rng, dataset, key))
        return ordered(dataset, list(found.rows.values()))

    def _row(
        self, rng: random.Random, dataset: Dataset, row: Record, key: Key, columns: Collection[str]
    ) -> Record:
        kept = {
            column.name: self._value(column, row[column.name])
            for column in dataset.columns
            if column.name in columns
        }
        drawn = {
            column.name: kept[column.name] if column.name in kept else self._drawn(rng, dataset, column, row)
            for column in dataset.columns
        } | {dataset.key: key}
        if dataset.life is None:
            return drawn
        told = {*dataset.told_by, *COMPUTED} & drawn.keys()
        known = {name: value for name, value in kept.items() if name in told}
        otherwise = drawn | {name: row[name] for name in told}
        return lived_alike(rng, dataset, drawn, known, otherwise)

    def _drawn(self, rng: random.Random, dataset: Dataset, column: Column, row: Record) -> Any:
        """Draw a value; of a person it stays known whether it may be shown."""
        if column.name == dataset.died:
            return row[column.name]
        if column.name != dataset.born:
            return drawn_value(rng, column)
        of_age = may_be_shown("adults", row[column.name], TODAY)
        return next(
            drawn
            for drawn in iter(lambda: drawn_value(rng, column), None)
            if may_be_shown("adults", drawn, TODAY) is of_age
        )

    def _renamed(self, dataset: Dataset, row: Record, key: Key) -> Record:
        return {column.name: self._value(column, row[column.name]) for column in dataset.columns} | {
            dataset.key: key
        }

    def _value(self, column: Column, value: Any) -> Any:
        return self.moved.get(value, value) if column.name in LED else value

    def _readable_order(self, name: str, key: Key) -> frozenset[str]:
        """Return the columns of a dataset's order that the caller may read, asked for or not."""
        order = (each.removeprefix("-") for each in self.graph.sources[name].dataset.order)
        return frozenset(column for column in order if self._readable(name, column, key))

    def _readable(self, name: str, column: str, key: Key) -> bool:
        allowed = self.told.allowed
        if self.graph.sources[name].dataset.by_name[column].neutral:
            return True
        if column == "person_number":
            return allowed.may(IDENTIFIERS["Person"], Use.READ, "person")
        if column == "credit_code":
            return allowed.may(IDENTIFIERS["Enterprise"], Use.READ, "enterprise")
        coordinate = shown_by(self.graph.schema, type_of(key), name).get(column)
        return coordinate is not None and allowed.may(coordinate, Use.READ, self.told.known.reached(key))


@dataclass(slots=True)
class _Rows:
    """Rows in the making, by number; those that are chosen stay so, as far as the caller knows their order `by`."""

    rows: dict[int, Record]
    part: Part
    by: list[str]
    chosen: list[list[tuple[int, int]] | None] = field(init=False)
    """For each choice the number and the index of each row; None where its cursor is refused."""

    def __post_init__(self) -> None:
        self.chosen = self._chosen(self.rows)

    @property
    def seen(self) -> set[int]:
        """The rows that are chosen."""
        return {number for each in self.chosen for _, number in each or ()}

    def replace(self, number: int, row: Record | None) -> None:
        """Put a row in a place or take away what stands there, unless that would change what is chosen."""
        made = {**self.rows, number: row}
        rows = {at: each for at, each in sorted(made.items()) if each is not None}
        if self._chosen(rows) == self.chosen:
            self.rows = rows

    def _chosen(self, rows: Mapping[int, Record]) -> list[list[tuple[int, int]] | None]:
        numbers = ordered_numbers(rows, self.by)
        listed = [rows[number] for number in numbers]
        found: list[list[tuple[int, int]] | None] = []
        for choice in self.part.choices:
            try:
                found.append([(known, numbers[index]) for known, index in choice.of(listed)])
            except Missing:
                found.append(None)
        return found

"""The answer that a document must get: executed in the plainest way over what the bureaus hold of the synthetic city."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, TypeAlias

from catalogue.catalogue_item import SubjectKind
from catalogue.declarations import Column, Dataset
from sandbox.expected import standing
from sandbox.expected.entries import entries_rule
from sandbox.expected.holdings import Holdings
from sandbox.expected.open_parts import Operators, index_rule
from sandbox.expected.own_incentives import own_incentives_rule
from sandbox.expected.reasons import reasons_rule
from sandbox.expected.scene_bars import at_bars
from sandbox.expected.selections import Asked, Field, NotExpected
from sandbox.expected.shown import lets_be_shown, sees_history, stands
from sandbox.expected.statistics import table_fields, table_rule
from sandbox.model import City
from sandbox.truth import datasets

Json: TypeAlias = Any
"""A value of JSON, in which a `Rule` stands for what is no constant."""
_PAGE: Final = 20
"""The records of a list where the document states no number."""
_TYPES: Final = {"person": "Person", "enterprise": "Enterprise"}
_ITEM: Final = {"provider": "provider", "legalBasis": "legal_basis"}
_OWN: Final = "subject."
_DATED: Final = ("birth_date",)
_OF_ITSELF: Final = {"why": reasons_rule, "incentives": own_incentives_rule}
"""What a subject alone is told of its standing."""
TOLD_TO_ITSELF: Final = frozenset(_OF_ITSELF)
"""The fields of a standing that are no one-sided answers."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Under which purpose a client asks."""

    purpose: str
    client: str

    @property
    def grantee(self) -> str | None:
        """To whom a consent must be given; None where the subject asks about itself."""
        return None if self.purpose.startswith(_OWN) else self.client


class ExpectedAnswers:
    """The answers of one city on a day, about subjects that its holdings know."""

    def __init__(self, city: City, holdings: Holdings, operators: Operators) -> None:
        """`operators` are the clients that may ask in each scene, as the open index states them."""
        self.city = city
        self.holdings = holdings
        self.operators = operators

    @property
    def day(self) -> date:
        """The city's day."""
        return self.holdings.day

    def to(self, document: str, variables: Mapping[str, Any], caller: Caller) -> dict[str, Json]:
        """Return the data of the answer; raise NotExpected for a document that this oracle does not know."""
        asked = Asked.of(document, variables)
        walk = _Walk(self, asked, caller)
        return {each.called: walk.root(each) for each in asked.fields(asked.root, "Query")}


@dataclass(frozen=True, slots=True)
class _Walk:
    of: ExpectedAnswers
    asked: Asked
    caller: Caller

    def root(self, field: Field) -> Json:
        if field.name in _ROOTS:
            return _ROOTS[field.name](self, field)
        if field.name in table_fields():
            names = [each.name for each in self._below(field, "")]
            return table_rule(self.of.city, field.name, int(field.arguments["year"]), names)
        raise NotExpected(field.name)

    def one(self, kind: str, key: str, field: Field) -> Json:
        """Return a subject by its key, as the request names it."""
        return self._subject(kind, key, "asked", field)

    def many(self, kind: str, field: Field) -> Json:
        return [self.one(kind, key, field) for key in field.arguments["ids"]]

    def mixed(self, field: Field) -> Json:
        return [self.one(*_key(each), field) for each in field.arguments["by"]]

    def standing(self, field: Field) -> Json:
        return self._standing(field, field.arguments["of"])

    def standings(self, field: Field) -> Json:
        return [self._standing(field, each) for each in field.arguments["of"]]

    def _standing(self, field: Field, of: Any) -> Json:
        kind, key = _key(of)
        rows = self.of.holdings.rows_of(key)
        asked = standing.Standing(kind, rows, self.of.day, self.caller.grantee)
        found = {each.field: each for each in at_bars(self.of.city.name).values()}
        return {
            each.called: _OF_ITSELF[each.name](self.of.city.name, asked, each, self.asked)
            if each.name in _OF_ITSELF
            else standing.answer(found[each.name], asked)
            for each in self._below(field, "Standing")
        }

    def _below(self, field: Field, type_name: str) -> Iterator[Field]:
        if field.below is None:
            raise NotExpected(f"{field.name} without fields")
        return self.asked.fields(field.below, type_name)

    def _subject(self, kind: str, key: str, reached: str, field: Field) -> Json:
        subject = self.of.holdings.subject(key)
        if subject is None:
            return None
        self.of.holdings.meet_neighbours(subject)
        rows = self.of.holdings.rows(subject)
        name, dataset = _registration(kind)
        registered = rows[name][0]
        if kind == "person" and not self._lets_be_shown(registered, reached):
            return None
        return {
            each.called: self._of_subject(kind, each, rows, registered, dataset, reached)
            for each in self._below(field, _TYPES[kind])
        }

    def _lets_be_shown(self, registered: Mapping[str, Any], reached: str) -> bool:
        values = {**registered, **{name: date.fromisoformat(registered[name]) for name in _DATED}}
        return lets_be_shown(values, self.caller.purpose, reached, self.of.day)

    def _of_subject(
        self,
        kind: str,
        field: Field,
        rows: Mapping[str, Sequence[Mapping[str, Any]]],
        registered: Mapping[str, Any],
        own: Dataset,
        reached: str,
    ) -> Json:
        if field.name == "__typename":
            return _TYPES[kind]
        if (column := _columns(own).get(field.name)) is not None:
            return registered[column.name]
        name, dataset = _records_of(kind, field.name)
        history = sees_history(self.caller.purpose)
        chosen = [each for each in rows.get(name, ()) if history or stands(each)]
        if not dataset.many or dataset.latest:
            return self._record(dataset, chosen[0], field, reached) if chosen else None
        if field.arguments.keys() - {"first"}:
            raise NotExpected(f"the arguments of {field.name}")
        most = int(field.arguments.get("first", _PAGE))
        return [self._record(dataset, each, field, reached) for each in chosen[:most]]

    def _record(self, dataset: Dataset, row: Mapping[str, Any], field: Field, reached: str) -> Json:
        return {
            each.called: self._of_record(dataset, row, each, reached)
            for each in self._below(field, dataset.type_name)
        }

    def _of_record(self, dataset: Dataset, row: Mapping[str, Any], field: Field, reached: str) -> Json:
        if field.name in _ITEM:
            return getattr(dataset.item, _ITEM[field.name])
        if (column := _columns(dataset).get(field.name)) is not None:
            return row[column.name]
        return self._led(_leading(dataset, field.name), row, field, reached)

    def _led(self, column: Column, row: Mapping[str, Any], field: Field, reached: str) -> Json:
        """Return the subject to which a record leads; a ward only while the guardianship runs."""
        to = column.leads_to
        if to is None:
            raise NotExpected(field.name)
        kind = to.subject.value
        of_ward = to.term is not None and reached == "asked" and self.caller.purpose.startswith(_OWN)
        if of_ward and not self._runs(row, to.term or ("", "")):
            return None
        return self._subject(kind, row[column.name], "ward" if of_ward else kind, field)

    def _runs(self, row: Mapping[str, Any], term: tuple[str, str]) -> bool:
        first, last = (row[each] for each in term)
        today = self.of.day.isoformat()
        return first <= today and (last is None or last >= today)


def _key(given: Mapping[str, str]) -> tuple[str, str]:
    ((kind, key),) = given.items()
    return kind, key


@cache
def _registration(kind: str) -> tuple[str, Dataset]:
    """Return the data set that identifies a kind of subject, with its full name."""
    found = ((name, each) for name, (_, each) in datasets().items() if each.identifies is SubjectKind(kind))
    return next(found)


@cache
def _records_of(kind: str, field: str) -> tuple[str, Dataset]:
    """Return the data set whose records a field of a kind of subject shows, with its full name."""
    for name, (_, each) in datasets().items():
        if each.field and each.field.name == field and SubjectKind(kind) in each.field.subjects:
            return name, each
    raise NotExpected(f"{_TYPES[kind]}.{field}")


@cache
def _columns_of(name: str, type_name: str) -> Mapping[str, Column]:
    _, dataset = next(
        (bureau, each)
        for bureau, each in datasets().values()
        if (each.name, each.type_name) == (name, type_name)
    )
    return {each.field_name: each for each in dataset.columns if each.zh}


def _columns(dataset: Dataset) -> Mapping[str, Column]:
    """Return the columns of a data set by the fields that show them."""
    return _columns_of(dataset.name, dataset.type_name)


def _leading(dataset: Dataset, field: str) -> Column:
    for each in dataset.columns:
        if each.leads_to is not None and each.leads_to.field == field:
            return each
    raise NotExpected(f"{dataset.type_name}.{field}")


_ROOTS: Final[Mapping[str, Callable[[_Walk, Field], Json]]] = {
    "person": lambda walk, field: walk.one("person", field.arguments["id"], field),
    "enterprise": lambda walk, field: walk.one("enterprise", field.arguments["id"], field),
    "persons": lambda walk, field: walk.many("person", field),
    "enterprises": lambda walk, field: walk.many("enterprise", field),
    "subjects": lambda walk, field: walk.mixed(field),
    "standing": lambda walk, field: walk.standing(field),
    "standings": lambda walk, field: walk.standings(field),
    "catalogue": lambda walk, field: entries_rule(field, walk.asked),
    "openIndex": lambda walk, _: index_rule(walk.of.city.name, walk.of.operators),
}
"""How each way into the graph is answered."""

"""A synthetic city in memory: what its bureaus hold by the ground truth, and whom its registered operations tell what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import orjson
from graphql import FieldNode, OperationDefinitionNode, SelectionNode, parse

from adapters import bureaus
from adapters.source import Key
from catalogue.dated_rules import dated_rules
from catalogue.declarations import Dataset
from catalogue.record_life import ENDS
from catalogue.record_states import LifeReader
from gateway.authorization.clients import Client, load_clients
from gateway.operations.register import Registration, load_register
from gateway.pipeline.prepare import Operation
from gateway.settings import ROOT
from sandbox.books import subjects_of
from sandbox.expected.entered import dated, entered
from sandbox.expected.shown import stands
from sandbox.model import City
from sandbox.truth import datasets, truth_of
from tests.support import standing_oracle
from tests.support.gateway_in_memory import TODAY, InMemory, policy
from tests.support.rows_source import Record, RowsSource

Told = Mapping[str, frozenset[Key]]
"""The subjects that are told TRUE, by field of Standing."""


def clients_of(city: str) -> Mapping[str, Client]:
    """Return the clients of a city's installation."""
    rules = policy(city)
    return load_clients(ROOT / "policies", rules.purposes, rules.kinds, city)


def register_of(city: str) -> Mapping[str, Registration]:
    """Return the operations of a city's installation."""
    return load_register(ROOT / "operations", policy(city).purposes, clients_of(city), city)


def of_scenes(register: Mapping[str, Registration]) -> list[Registration]:
    """Return the operations in which a scene is asked."""
    return [each for each in register.values() if each.purpose.startswith("reward.")]


def incentives_asked(operation: Registration) -> Mapping[str, str]:
    """Return the fields of Standing that an operation asks, by the names of the answer. It asks nothing else."""
    (definition,) = parse(operation.document).definitions
    assert isinstance(definition, OperationDefinitionNode)
    (standing,) = map(_field, definition.selection_set.selections)
    assert standing.name.value == "standing"
    assert standing.selection_set is not None
    asked = map(_field, standing.selection_set.selections)
    return {(each.alias or each.name).value: each.name.value for each in asked}


def _field(node: SelectionNode) -> FieldNode:
    assert isinstance(node, FieldNode)
    return node


@dataclass(frozen=True)
class ReachedCity:
    """A city of some size: its subjects with what entered of them, and a gateway over that."""

    name: str
    population: int

    @cached_property
    def subjects(self) -> Sequence[Mapping[str, Any]]:
        """Every subject with its records, as `city sample --json` says them."""
        return [truth_of(each) for each in subjects_of(City.of(self.population, name=self.name))]

    @cached_property
    def held(self) -> Mapping[Key, Mapping[str, list[dict[str, Any]]]]:
        """What entered of each subject, by data set, each record with its state."""
        return {
            each["identifier"]: {
                name: [_with_end(name, row) for row in entered(name, each["identifier"], rows, TODAY)]
                for name, rows in each["records"].items()
                if rows
            }
            for each in self.subjects
        }

    def kinds(self) -> Iterator[tuple[Key, str]]:
        """Yield each subject with the kind of beneficiary that it is."""
        for each in self.subjects:
            key, kind = each["identifier"], each["kind"]
            yield key, "individual_business" if kind == "enterprise" and key.startswith("92") else kind

    def truth(self, fields: Iterable[str], client: str) -> Told:
        """Return who must be told TRUE when a client asks, by the oracle alone."""
        standing = {
            key: {name: [row for row in rows if stands(row)] for name, rows in records.items()}
            for key, records in self.held.items()
        }
        return {
            field: frozenset(
                key
                for key, kind in ((each["identifier"], each["kind"]) for each in self.subjects)
                if standing_oracle.expected(field, kind, standing[key], TODAY, client, self.name) == "TRUE"
            )
            for field in fields
        }

    async def answers(self, operation: Registration, client: Client) -> Told:
        """Ask an operation about every subject of the city, as one of its clients does, and return who is told TRUE."""
        called = incentives_asked(operation)
        told: dict[str, set[Key]] = {field: set() for field in called.values()}
        for key, body in (await self.asked(operation, client, self.subjects)).items():
            assert set(body) == {"data"}
            assert set(body["data"]["standing"]) == set(called)
            for alias, value in body["data"]["standing"].items():
                assert value in ("TRUE", None)
                if value:
                    told[called[alias]].add(key)
        return {field: frozenset(found) for field, found in told.items()}

    async def asked(
        self, operation: Registration, client: Client, subjects: Iterable[Mapping[str, Any]]
    ) -> dict[Key, dict[str, Any]]:
        """Ask an operation about each of some subjects, one by one, and return the decoded answers."""
        gateway, prepared = self._prepared(operation, client)
        (variable,) = _variables(operation)
        found: dict[Key, dict[str, Any]] = {}
        for each in subjects:
            key = each["identifier"]
            given = {"of": {each["kind"]: key}, "id": key, "ids": [key]}[variable]
            found[key] = orjson.loads((await gateway.answer(prepared, {variable: given})).body)
        return found

    async def told_themselves(self, operation: Registration, client: Client) -> dict[Key, dict[str, Any]]:
        """Let every person ask an operation about itself, and return the decoded answers."""
        gateway, prepared = self._prepared(operation, client)
        persons = (each["identifier"] for each in self.subjects if each["kind"] == "person")
        return {key: orjson.loads((await gateway.answer(prepared, {}, key)).body) for key in persons}

    def _prepared(self, operation: Registration, client: Client) -> tuple[InMemory, Operation]:
        gateway = InMemory(self.sources, city=self.name, client=client.name)
        terms = operation.purpose, operation.subjects, operation.bind, client.kind
        prepared = gateway.prepared(operation.document, *terms)
        assert prepared.grant.denied == {}
        return gateway, prepared

    @cached_property
    def sources(self) -> Mapping[str, RowsSource]:
        """The bureaus of the city."""
        tables: dict[str, dict[Key, list[Record]]] = {}
        for key, records in self.held.items():
            for name, rows in records.items():
                dataset = datasets()[name][1]
                tables.setdefault(name, {})[key] = [_row(dataset, each) for each in rows]
        return {
            name: RowsSource(
                name, {each.name: tables.get(f"{name}.{each.name}", {}) for each in bureau.shared}
            )
            for name, bureau in bureaus.discover().items()
        }


def _with_end(name: str, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with its last day, as the source of a bureau computes it."""
    _, dataset = datasets()[name]
    if dataset.life is None:
        return record
    ends = LifeReader(dataset.life, dated_rules()).ends(dated(dataset, record), TODAY)
    return record | {ENDS: ends and ends.isoformat()}


def _row(dataset: Dataset, record: Mapping[str, Any]) -> Record:
    """Return a record as the source of a bureau gives it: with dates."""
    ends = record.get(ENDS)
    return dated(dataset, record) | {ENDS: ends and date.fromisoformat(ends)}


def _variables(operation: Registration) -> list[str]:
    (definition,) = parse(operation.document).definitions
    assert isinstance(definition, OperationDefinitionNode)
    return [each.variable.name.value for each in definition.variable_definitions or ()]

"""The own file of a subject shows everything that any rule reads of it: the list is derived from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from catalogue.catalogue_item import SubjectKind
from catalogue.declarations import Dataset
from catalogue.incentives.city_files import city_names
from catalogue.incentives.requirement_kinds import Beneficiary
from catalogue.incentives.scene_threshold import answerable
from gateway.operations.register import Registration
from gateway.pipeline.lookup import prepare_registered
from gateway.pipeline.prepare import Preparer
from gateway.settings import LimitSettings
from observability.hooks import Hooks
from resolvers.eligibility.incentive_rules import rules_of
from resolvers.fetch.batching import Loaders
from schema.reason_types import reason_members
from tests.support.declared_otherwise import BUREAUS, DATASETS
from tests.support.document_coordinates import coordinates_of
from tests.support.gateway_in_memory import graph, policy
from tests.support.reached_city import clients_of, register_of
from tests.support.small_city import small_city

OWN: dict[str, Beneficiary] = {
    "citizen": "person",
    "credit-report": "person",
    "enterprise-file": "enterprise",
    "enterprise-report": "enterprise",
}
"""The operations by which a subject sees its own file, each with the kind of the subject."""
OWNERS = {"person": "Person", "enterprise": "Enterprise"}
OF_ALL_CITIES = [(city, name) for city in city_names() for name in OWN]


@cache
def register(city: str) -> Mapping[str, Registration]:
    """Return the operations of a city."""
    return register_of(city)


@cache
def shown_by(city: str, name: str) -> set[str]:
    """Return the coordinates of all fields that an operation of a city asks for."""
    return coordinates_of(graph(city).schema, register(city)[name].document)


def read_by_rules(city: str, kind: Beneficiary) -> set[tuple[str, str]]:
    """Return every data set and column that the rule of any incentive of a city reads of a kind of subject."""
    rules = (rules_of(each, BUREAUS.values()).get(kind) for each in answerable(city).values())
    return {
        (name, column) for rule in rules if rule for name, columns in rule.needs.items() for column in columns
    }


def told_of_lives(kind: Beneficiary) -> Iterator[tuple[str, str]]:
    """Yield every column by which the life of a record about a kind of subject is told, and what is computed of it."""
    for name, each in DATASETS.items():
        if each.life and each.field and SubjectKind(kind) in each.field.subjects:
            for column in each.columns:
                if column.computed or column.name in each.told_by:
                    yield name, column.name


def coordinates(owner: str, name: str, column: str) -> set[str]:
    """Return the fields that must be asked for, for one column of a data set to be shown."""
    dataset = DATASETS[name]
    shown = {f"{dataset.type_name}.{dataset.by_name[column].field_name}"}
    return shown if dataset.identifies else shown | {f"{owner}.{_field(dataset)}"}


def _field(dataset: Dataset) -> str:
    assert dataset.field is not None
    return dataset.field.name


@pytest.mark.parametrize(("city", "name"), OF_ALL_CITIES)
def test_the_own_file_shows_every_field_that_a_rule_reads(city: str, name: str):
    """Each column that the rule of any incentive of a city reads is a field of the operation in that city."""
    kind = OWN[name]
    needed = {each for read in read_by_rules(city, kind) for each in coordinates(OWNERS[kind], *read)}
    assert needed - shown_by(city, name) == set()
    if any(kind in each.beneficiaries for each in answerable(city).values()):
        assert needed


@pytest.mark.rule("R04", "R19", "HN-40")
@pytest.mark.parametrize(("city", "name"), OF_ALL_CITIES)
def test_the_own_file_shows_how_each_record_came_to_its_state(city: str, name: str):
    """Of each record with a life the operation shows the state, its end, and every column that decides about them."""
    kind = OWN[name]
    needed = {each for read in told_of_lives(kind) for each in coordinates(OWNERS[kind], *read)}
    assert {"JudgmentDefault.state", "JudgmentDefault.endsOn"} <= needed
    assert needed - shown_by(city, name) == set()


@pytest.mark.rule("R04", "R41", "HN-40")
@pytest.mark.parametrize(("city", "name"), OF_ALL_CITIES)
def test_the_own_file_shows_source_and_basis_of_each_record(city: str, name: str):
    """Every record of the file comes with the bureau that provides it and the rule under which it does."""
    types = {
        each.type_name
        for each in DATASETS.values()
        if each.field and SubjectKind(OWN[name]) in each.field.subjects
    }
    told = {f"{each}.{element}" for each in types for element in ("provider", "legalBasis")}
    assert told <= shown_by(city, name)


@pytest.mark.rule("R04", "HN-40")
@pytest.mark.parametrize(("city", "name"), OF_ALL_CITIES)
async def test_the_own_file_shows_history(city: str, name: str):
    """Every list of records with a life is in the file, and shows what does not stand as well."""
    kind = OWN[name]
    lists = {
        _field(each)
        for each in DATASETS.values()
        if each.life and each.field and SubjectKind(kind) in each.field.subjects
    }
    assert {f"{OWNERS[kind]}.{each}" for each in lists} <= shown_by(city, name)
    hooks = Hooks()
    preparer = Preparer(graph(city), policy(city), Loaders(small_city().sources(), hooks), hooks)
    prepared = prepare_registered(preparer, register(city)[name], clients_of(city), LimitSettings())
    for operation in prepared.values():
        fetches = operation.variant({}).plan.fetches
        shown = {source for (level, source) in fetches if level == 0}
        lives = {source for source in shown if DATASETS[source].life}
        assert lives == {source for source in shown if fetches[0, source].query.history}
        assert len(lives) == len(lists)


@pytest.mark.rule("R50")
@pytest.mark.parametrize("city", city_names())
@pytest.mark.parametrize("name", ["my-incentives", "my-enterprise-incentives"])
def test_the_subject_is_told_why(city: str, name: str):
    """Whoever asks for its own incentives is shown each member of each incentive of the city and of its outcome."""
    shown = {"OwnIncentive", "IncentiveOutcome", "OwnAlternative", "OwnRequirement", "BarringKind", "Remedy"}
    members = {each for each in reason_members() if each.partition(".")[0] in shown}
    assert len(members) > 40
    assert {"Standing.incentives", *members} <= shown_by(city, name)

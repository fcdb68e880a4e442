"""Builds the graph from the declarations of the bureaus: the composed schema, and where each field comes from.

What is checked here and in composition cannot fail at a request: every field has a source, every leaf a column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from catalogue.catalogue_item import SubjectKind
from catalogue.declarations import Bureau, Dataset, adverse_datasets
from catalogue.incentives.scene_threshold import answerable
from resolvers.eligibility.incentive_rules import rules_of
from resolvers.graph.bindings import (
    Edge,
    Eligibility,
    Entity,
    FieldBinding,
    Gathering,
    Lookup,
    Reference,
    StandingOf,
    Tabulation,
)
from resolvers.graph.eligibility_check import check_eligibility
from resolvers.graph.graph import BureauDataset, Graph
from schema.compose import compose
from schema.record_types import table_field_name
from schema.subject_types import ADVERSE_RECORDS

_WAYS_IN: Final = (
    Lookup("person", "id", "one"),
    Lookup("persons", "ids", "many"),
    Lookup("enterprise", "id", "one"),
    Lookup("enterprises", "ids", "many"),
    Lookup("subjects", "by", "keyed", {"person": "Person", "enterprise": "Enterprise"}),
    StandingOf("standing", "of", {"person": "Person", "enterprise": "Enterprise"}),
)


def build_graph(bureaus: Iterable[Bureau]) -> Graph:
    """Return the graph of these bureaus, or raise DeclarationError."""
    known = tuple(bureaus)
    composed = compose(known)
    sources = {
        f"{bureau.name}.{dataset.name}": BureauDataset(bureau.name, dataset)
        for bureau in known
        for dataset in bureau.shared
    }
    entities = {
        each.dataset.type_name: _entity(name, each.dataset)
        for name, each in sources.items()
        if each.dataset.identifies
    }
    graph = Graph(composed, sources, entities, dict(_bindings(known)))
    check_eligibility(graph)
    return graph


def _entity(name: str, dataset: Dataset) -> Entity:
    renamed = {each.field: each.name for each in dataset.columns if each.field}
    return Entity(dataset.type_name, name, renamed)


def _bindings(bureaus: Sequence[Bureau]) -> Iterator[tuple[str, FieldBinding]]:
    """Yield where each field comes from by its coordinate "Type.field"."""
    for way in _WAYS_IN:
        yield f"Query.{way.field}", way
    for each in answerable().values():
        yield f"Standing.{each.field}", Eligibility("Standing", each.field, rules_of(each, bureaus))
    types = {
        each.identifies: each.type_name for bureau in bureaus for each in bureau.datasets if each.identifies
    }
    for bureau in bureaus:
        for dataset in bureau.datasets:
            yield from _of_records(f"{bureau.name}.{dataset.name}", dataset, types)
        for table in bureau.tables:
            field = table_field_name(table)
            yield f"Query.{field}", Tabulation(field, f"{bureau.name}.{table.name}")
    for kind, owner in types.items():
        members = {each.type_name: name for name, each in adverse_datasets(bureaus, kind).items()}
        if members:
            yield f"{owner}.{ADVERSE_RECORDS}", Gathering(owner, ADVERSE_RECORDS, members)


def _of_records(
    name: str, dataset: Dataset, types: dict[SubjectKind, str]
) -> Iterator[tuple[str, FieldBinding]]:
    """Yield the field of each subject that lists the records, and the fields of a record that lead to a subject."""
    if dataset.field:
        for owner in (types[kind] for kind in dataset.field.subjects):
            yield f"{owner}.{dataset.field.name}", Edge(owner, dataset.field.name, name)
    for column in dataset.columns:
        if column.leads_to:
            owner, field = dataset.type_name, column.leads_to.field
            yield f"{owner}.{field}", Reference(owner, field, column.name)

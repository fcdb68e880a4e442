"""Builds the graph from the declarations of the bureaus: the composed schema, and where each field comes from.

What is checked here and in composition cannot fail at a request: every field has a source, every leaf a column.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from catalogue.catalogue_item import SubjectKind
from catalogue.classification import Use
from catalogue.declarations import Bureau, Dataset, adverse_datasets, resolving_dataset
from catalogue.incentives.requirement_kinds import KINDS, Beneficiary
from catalogue.incentives.scene_threshold import answerable
from resolvers.eligibility.facts import Needs
from resolvers.eligibility.incentive_rules import rules_of
from resolvers.eligibility.own_incentives import IncentiveTeller, teller_of, told_bounds
from resolvers.eligibility.reasons import Explainer, bounds_of, explainer_of
from resolvers.graph.bindings import (
    DocumentLookup,
    Edge,
    Eligibility,
    Entity,
    FieldBinding,
    Gathering,
    ItemElement,
    Lookup,
    OwnIncentives,
    ReasonMember,
    Reasons,
    Reference,
    StandingOf,
    Tabulation,
)
from resolvers.graph.graph import BureauDataset, Graph
from schema.compose import CompositionError, compose
from schema.query import DOCUMENT_WAY, KINDS_OF_MEMBERS
from schema.reason_types import reason_members
from schema.record_types import elements_of, table_field_name
from schema.subject_types import ADVERSE_RECORDS

_WAYS_IN: Final[Mapping[str, FieldBinding]] = {
    "Query.person": Lookup("id", "one"),
    "Query.persons": Lookup("ids", "many"),
    "Query.enterprise": Lookup("id", "one"),
    "Query.enterprises": Lookup("ids", "many"),
    "Query.subjects": Lookup("by", "keyed", {"person": "Person", "enterprise": "Enterprise"}),
    "Query.standing": StandingOf("of", {"person": "Person", "enterprise": "Enterprise"}),
    "Query.standings": StandingOf("of", {"person": "Person", "enterprise": "Enterprise"}, many=True),
}


def build_graph(bureaus: Iterable[Bureau], city: str) -> Graph:
    """Return the graph of these bureaus in a city, or raise DeclarationError or TomlError.

    The same bureaus have one graph in a city: composing it takes most of a second, and nothing changes it.
    """
    return _built(tuple(bureaus), city)


@lru_cache(maxsize=2)
def _built(known: tuple[Bureau, ...], city: str) -> Graph:
    composed = compose(known, city)
    sources = {
        f"{bureau.name}.{dataset.name}": BureauDataset(bureau.name, dataset)
        for bureau in known
        for dataset in bureau.shared
    }
    entities = {
        each.dataset.type_name: Entity(name) for name, each in sources.items() if each.dataset.identifies
    }
    renamed = {
        each.dataset.type_name: {it.field: it.name for it in each.dataset.columns if it.field}
        for each in sources.values()
    }
    graph = Graph(composed, sources, entities, dict(_bindings(known, city)), renamed)
    check_eligibility(graph)
    return graph


def _bindings(bureaus: Sequence[Bureau], city: str) -> Iterator[tuple[str, FieldBinding]]:
    """Yield where each field comes from by its coordinate "Type.field"."""
    yield from _ways_in(bureaus)
    for each in answerable(city).values():
        yield f"Standing.{each.field}", Eligibility(rules_of(each, bureaus))
    yield from _for_the_subject(bureaus, city)
    types = {
        each.identifies: each.type_name for bureau in bureaus for each in bureau.datasets if each.identifies
    }
    for bureau in bureaus:
        for dataset in bureau.datasets:
            yield from _of_records(f"{bureau.name}.{dataset.name}", dataset, types)
        for table in bureau.tables:
            yield f"Query.{table_field_name(table)}", Tabulation(f"{bureau.name}.{table.name}")
    for kind, owner in types.items():
        members = {each.type_name: name for name, each in adverse_datasets(bureaus, kind).items()}
        if members:
            yield f"{owner}.{ADVERSE_RECORDS}", Gathering(members)


def _for_the_subject(bureaus: Sequence[Bureau], city: str) -> Iterator[tuple[str, FieldBinding]]:
    """Yield where the fields come from that are for the subject alone."""
    explainers: dict[Beneficiary, Explainer] = {kind: explainer_of(kind, bureaus, city) for kind in KINDS}
    yield "Standing.why", Reasons(explainers)
    tellers: dict[Beneficiary, IncentiveTeller] = {
        kind: teller_of(each, city) for kind, each in explainers.items()
    }
    yield "Standing.incentives", OwnIncentives(tellers)
    bounds = bounds_of(explainers.values())
    most = {**bounds, **told_bounds(bounds, explainers.values())}
    for member in reason_members():
        yield member, ReasonMember(most.get(member))


def _ways_in(bureaus: Sequence[Bureau]) -> Iterator[tuple[str, FieldBinding]]:
    yield from _WAYS_IN.items()
    if resolving := resolving_dataset(bureaus, SubjectKind.PERSON):
        yield f"Query.{DOCUMENT_WAY}", DocumentLookup("document", resolving[0], KINDS_OF_MEMBERS)


def _of_records(
    name: str, dataset: Dataset, types: dict[SubjectKind, str]
) -> Iterator[tuple[str, FieldBinding]]:
    """Yield the field of each subject that lists the records, and those fields of a record that are no columns."""
    if dataset.field:
        for owner in (types[kind] for kind in dataset.field.subjects):
            yield f"{owner}.{dataset.field.name}", Edge(name)
        for element, text in elements_of(dataset.item).items():
            yield f"{dataset.type_name}.{element}", ItemElement(text)
    for column in () if dataset.resolves else dataset.columns:
        if column.leads_to:
            yield f"{dataset.type_name}.{column.leads_to.field}", Reference(column.name, column.leads_to.term)


def check_eligibility(graph: Graph) -> None:
    """Raise CompositionError where a rule reads other columns than its answer declares as its inputs."""
    for coordinate, binding in graph.fields.items():
        if isinstance(binding, Eligibility):
            needs = [rule.needs for rule in binding.rules.values()]
            _check_rules(graph, coordinate, needs, Use.DERIVE)
        elif isinstance(binding, Reasons):
            _check_rules(graph, coordinate, [each.needs for each in binding.explainers.values()], Use.READ)
        elif isinstance(binding, OwnIncentives):
            needs = [each.explainer.needs for each in binding.tellers.values()]
            _check_rules(graph, coordinate, needs, Use.READ)


def _check_rules(graph: Graph, coordinate: str, needs: Iterable[Needs], use: Use) -> None:
    known: dict[str, set[str]] = {}
    for name, source in graph.sources.items():
        known.setdefault(source.dataset.type_name, set()).add(name)
    needed = {(dataset, column) for each in needs for dataset, columns in each.items() for column in columns}
    declared: set[tuple[str, str]] = set()
    for each in graph.composed.classifications[coordinate].inputs:
        type_name, field = each.coordinate(coordinate.split(".", maxsplit=1)[0]).split(".")
        column = graph.column(type_name, field)
        found = {(dataset, column) for dataset in known.get(type_name, ())} & needed
        if each.use is not use or not found:
            raise CompositionError(
                f"{coordinate} names the input {each.field}, which its rule does not read; remove the input"
            )
        declared |= found
    for dataset, column in sorted(needed - declared):
        raise CompositionError(
            f"{coordinate} is derived from {dataset}.{column}, which is none of its inputs; declare it as one"
        )

"""The graph is built from the declarations: what they say cannot fail at a request for want of a source."""

from __future__ import annotations

from dataclasses import replace

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, is_leaf_type

from catalogue.catalogue_item import PERSONS, CatalogueItem, Disclosure, Nature, SubjectKind
from catalogue.classification import ORDERED, DataClass, Use
from catalogue.declarations import Bureau, Column, Dataset, DeclarationError, Kind, SubjectField
from catalogue.incentives.scene_threshold import answerable
from catalogue.open_index import INDEX_TYPES
from catalogue.record_forms import Adverse, RecordForm, RecordLife
from catalogue.record_life import DUTY_LIFE
from resolvers.eligibility.incentive_rules import EligibilityRule, adverse_sets, rules_of
from resolvers.eligibility.requirements import clean, enrolled, of_age
from resolvers.graph.bindings import DocumentLookup, Edge, Eligibility, Gathering, Tabulation
from resolvers.graph.build import build_graph, check_eligibility
from resolvers.graph.fields import fields_of
from schema.compose import CompositionError
from schema.list_arguments import is_cursor
from schema.record_types import snake_case
from tests.support.declared_otherwise import ADVERSE_SETS, BUREAUS, DATASETS, with_dataset
from tests.support.gateway_in_memory import graph
from tests.support.tested_city import TESTED_CITY

KNOWN = rules_of(answerable(TESTED_CITY)["PDS-028"], BUREAUS.values())["person"]
FINES = Dataset(
    "fine",
    type_name="LibraryFine",
    title=("图书馆欠费", "A fine of the library"),
    item=CatalogueItem(
        code="T-001",
        name=("图书馆欠费", "Fines of the library"),
        provider="图书馆",
        subjects=PERSONS,
        nature=Nature.ADVERSE,
        disclosure=Disclosure.GOV_SHARED,
        coverage="读者",
        update_cycle="每日",
        legal_basis="测试",
    ),
    data_class=DataClass.ADVERSE,
    field=SubjectField("libraryFines", PERSONS, "图书馆欠费", "Fines of the library"),
    adverse=Adverse(7, "fined_on"),
    life=RecordLife(RecordForm.DUTY, "fined_on", determined=True),
    key="person_number",
    columns=(Column("fined_on", "日期", "Fined on", kind=Kind.DATE, uses=ORDERED), *DUTY_LIFE),
    order=("-fined_on",),
)
LIBRARY = Bureau("library", ("图书馆", "Library"), "postgres", (FINES,))

OF_THE_RULES = frozenset({"CatalogueEntry", *(each.__name__ for each in INDEX_TYPES)})
"""Types that are answered from the schema and the rules, and from no data set."""


def test_this_installation_is_built():
    """Every data set answers some field, and every field of every type has its source."""
    used = {each.dataset for each in graph().entities.values()}
    for binding in graph().fields.values():
        if isinstance(binding, Edge | Tabulation | DocumentLookup):
            used.add(binding.dataset)
        elif isinstance(binding, Gathering):
            used.update(binding.datasets.values())
    assert used == set(graph().sources)


def test_every_field_that_is_no_leaf_is_bound_and_every_leaf_is_a_column():
    """Nothing of the graph is without a source: neither a field that leads on nor one that holds a value."""
    declared = {each.type_name: each for each in DATASETS.values()}
    for type_ in graph().schema.type_map.values():
        if not isinstance(type_, GraphQLObjectType) or type_.name.startswith("__"):
            continue
        for name, field in type_.fields.items():
            leaf = field.type
            while hasattr(leaf, "of_type"):
                leaf = leaf.of_type
            if f"{type_.name}.{name}" in graph().fields or type_.name in OF_THE_RULES:
                continue
            if is_leaf_type(leaf) and not is_cursor(leaf) and name != "suppressed":
                assert graph().column(type_.name, name) in declared[type_.name].by_name
            else:
                assert is_leaf_type(leaf) or f"{type_.name}.{name}" in {"Query.catalogue", "Query.openIndex"}


def test_a_field_is_of_the_item_of_its_column():
    """Class and legal basis go by the item of the data set that a field is read from, in every type."""
    for name, source in graph().sources.items():
        for column in source.dataset.columns:
            if column.zh and not (source.dataset.identifies or source.dataset.resolves):
                field = f"{source.dataset.type_name}.{column.field_name}"
                assert fields_of(graph())[field].item == source.dataset.item, name


def standing(**rules: EligibilityRule) -> None:
    """Check the graph with the rules of one answer changed."""
    known = graph().fields["Standing.pds028"]
    assert isinstance(known, Eligibility)
    fields = {**graph().fields, "Standing.pds028": replace(known, rules={**known.rules, **rules})}
    check_eligibility(replace(graph(), fields=fields))


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        (
            EligibilityRule((of_age(),), ()),
            r"Standing\.pds028 names the input Person\.deceased, which its rule does",
        ),
        (
            replace(KNOWN, alternatives=((clean(1, ADVERSE_SETS),),)),
            r"Standing\.pds028 names the input Honour\.level",
        ),
        (
            replace(KNOWN, always=(*KNOWN.always, enrolled(None))),
            r"Standing\.pds028 is derived from credit_office\.score\.enrolled_on, which is none of its inputs",
        ),
    ],
)
def test_a_rule_that_reads_other_than_its_field_declares_is_refused(rule: EligibilityRule, named: str):
    """What a rule looks at is what its field declares to be derived from: no more and no less."""
    with pytest.raises(CompositionError, match=named):
        standing(person=rule)


def test_a_bureau_that_an_answer_rests_on_is_not_left_out():
    """Without the transport bureau the answers that rest on its grade have no source."""
    fewer = [each for name, each in BUREAUS.items() if name != "transport"]
    with pytest.raises(
        DeclarationError, match=r"Standing\.\w+ rests on transport\.transport_grade, which no"
    ):
        build_graph(fewer, TESTED_CITY)


def test_an_adverse_record_of_persons_bars_persons_alone():
    """A data set about one kind of subject is gathered of it, and looked at by the rules for it, and by no other."""
    built = build_graph([*BUREAUS.values(), LIBRARY], TESTED_CITY)
    person, enterprise = built.fields["Person.adverseRecords"], built.fields["Enterprise.adverseRecords"]
    assert isinstance(person, Gathering)
    assert isinstance(enterprise, Gathering)
    of_employers = {"InsuranceArrears": "social_security.insurance_arrears"}
    assert {**person.datasets, **of_employers} == {**enterprise.datasets, "LibraryFine": "library.fine"}
    found = fields_of(built)
    named = {each.field for each in found["Person.adverseRecords"].inputs}
    assert named - {
        each.field.replace("Enterprise.", "Person.") for each in found["Enterprise.adverseRecords"].inputs
    } == {"Person.libraryFines"}
    for kind in SubjectKind:
        bars = "library.fine" in dict(adverse_sets([*BUREAUS.values(), LIBRARY], kind))
        assert bars is (kind is SubjectKind.PERSON)
    assert "libraryFines" not in built.schema.type_map["CreditSubject"].fields


def test_every_clean_record_is_derived_from_each_adverse_data_set():
    """An answer that asks for a clean record reads what the rule of every adverse data set reads, new ones too."""
    built = build_graph([*BUREAUS.values(), LIBRARY], TESTED_CITY)
    for coordinate, binding in built.fields.items():
        if isinstance(binding, Eligibility):
            looked = {name for rule in binding.rules.values() for name in rule.needs}
            inputs = {each.field for each in built.composed.classifications[coordinate].inputs}
            assert ("library.fine" in looked) is ("LibraryFine.finedOn" in inputs)
    pds011 = built.composed.classifications["LibraryFine.finedOn"]
    assert Use.DERIVE in pds011.uses


def test_gathered_records_stand_in_their_places():
    """The members of the union, the inputs and the sources of all adverse records have one order."""
    gathering = graph().fields["Enterprise.adverseRecords"]
    assert isinstance(gathering, Gathering)
    union = [each.name for each in graph().schema.type_map["AdverseRecord"].types]
    assert list(gathering.datasets) == union
    assert list(gathering.datasets.values()) == list(dict(ADVERSE_SETS))


def test_an_interface_has_what_every_subject_has():
    """A field of the interface is a field of each type, and one of a single type is none of the interface."""
    interface = graph().schema.type_map["CreditSubject"]
    assert isinstance(interface, GraphQLInterfaceType)
    types = graph().schema.get_possible_types(interface)
    shared = set.intersection(*(set(each.fields) for each in types))
    assert shared == set(interface.fields)


@pytest.mark.parametrize(
    ("name", "column"),
    [("registeredCapitalFen", "registered_capital_fen"), ("year", "year"), ("y2Fen", "y2_fen")],
)
def test_a_columns_name_is_the_fields_in_snake_case(name: str, column: str):
    """A leaf needs no binding of its own: its name leads to the column and back."""
    assert snake_case(name) == column
    assert Column(column).field_name == name


def test_two_fields_of_one_name_are_refused():
    """A column is not hidden by another one, nor by the cursor that a list gives its records."""
    columns = (*DATASETS["tax.tax_arrears"].columns, Column("cursor", "游标", "Cursor", kind=Kind.TEXT))
    with pytest.raises(DeclarationError, match="TaxArrears has two fields of one name"):
        build_graph(with_dataset("tax.tax_arrears", columns=columns), TESTED_CITY)


@pytest.mark.parametrize("taken", ["Standing", "Query", "OneSided", "TaxKind", "Fen", "TaxArrearsWhere"])
def test_a_type_that_is_there_already_is_not_declared_again(taken: str):
    """A record type has a name of its own."""
    library = replace(LIBRARY, datasets=(replace(FINES, type_name=taken),))
    with pytest.raises(DeclarationError, match=taken):
        build_graph([*BUREAUS.values(), library], TESTED_CITY)


def test_datasets_are_compared_by_what_they_declare():
    """Two datasets with other columns are other keys of a round trip."""
    dataset: Dataset = BUREAUS["tax"].datasets[0]
    assert replace(dataset, columns=dataset.columns[:1]) != dataset
    assert hash(replace(dataset)) == hash(dataset)

"""Of whoever is reached through another subject, names and offices are seen; each field is tried under each purpose."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from catalogue.classification import DataClass
from gateway.authorization.engine import Question
from gateway.authorization.policy import Policy
from resolvers.plan.field_use import AccessPath, FieldUse
from tests.support.folders import FIELDS, copy_of_policies, read, write
from tests.support.gateway_in_memory import InMemory, graph, policy
from tests.support.shared_verdicts import sharing
from tests.support.small_city import ENTERPRISES, small_city

SEEN = ("read", "filter", "sort")
PURPOSES = tuple(policy().purposes.leaves)
NAME = {"Person.name", "Query.person", "Query.persons", "Query.subjects", "Query.personByDocument"}
"""A name, and the lookups by which a person is asked for, which lead through nobody."""
OFFICES = {name for name, field in FIELDS.items() if field.item.code == "XY-REG-003"}
REGISTERED = {name for name, field in FIELDS.items() if field.item.code == "XY-REG-002"}
LICENCES = {name for name, field in FIELDS.items() if field.item.code == "XY-TRN-001"}
"""A public record beside the register: public of whom one asks for, and no reason to follow a person."""


@pytest.fixture(scope="module")
def permitted(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The ceilings alone: this installation's rules under a permit of everything to everybody."""
    copied = copy_of_policies(tmp_path_factory.mktemp("permitted"))
    write(copied, "permit(principal, action, resource);")
    return sharing(read(copied))


def seen(rules: Policy, purpose: str, way: AccessPath) -> set[str]:
    """Return every field of which something is seen under a purpose by one of its holders in a way."""
    kinds = sorted(rules.purposes.leaves[purpose].holders)
    asked = product(kinds, FIELDS, SEEN)
    return {name for kind, name, use in asked if rules.judge(Question(kind, purpose, use, name, way)).allowed}


def test_offices_and_registrations_are_what_the_register_says():
    """The items that pass are of offices and of the registration of enterprises, and all of them are ordinary."""
    assert {"Office.role", "Person.offices", "Enterprise.officers"} <= OFFICES
    assert {"Enterprise.name", "Enterprise.status"} <= REGISTERED
    assert {"Person.transportLicences", "TransportLicence.status"} <= LICENCES
    classes = {FIELDS[name].classification.data_class for name in OFFICES | REGISTERED | LICENCES}
    assert classes == {DataClass.PUBLIC_RECORD}


@pytest.mark.rule("HN-46")
@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_person_is_seen_through_another_by_name_and_office(permitted: Policy, purpose: str):
    """Whatever is permitted, of all fields of the graph names and offices alone are seen of whoever is reached so."""
    assert seen(permitted, purpose, "person") <= NAME | OFFICES
    if not purpose.startswith("subject."):
        assert seen(permitted, purpose, "ward") <= NAME | OFFICES


@pytest.mark.parametrize(
    "purpose", ["financing.credit", "approval.admission", "rights.repair", "subject.access"]
)
def test_an_officer_has_a_name(purpose: str):
    """The rules of this installation leave what an officer is called, and in which office."""
    assert {"Person.name", "Office.role", "Person.offices"} <= seen(policy(), purpose, "person")


@pytest.mark.parametrize(
    "purpose", [each for each in PURPOSES if each.startswith(("financing.", "subject."))]
)
def test_neither_a_borrower_nor_the_subject_leads_to_records_of_others(permitted: Policy, purpose: str):
    """Of an enterprise that is reached so, the registration is seen, and no licence beside it."""
    found = seen(permitted, purpose, "enterprise")
    assert found <= NAME | OFFICES | REGISTERED
    assert "Enterprise.name" in found


def shallow_of(type_name: str) -> Iterator[str]:
    """Yield each field of a type with its leaves, those of its list arguments aside."""
    type_ = graph().schema.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    for name, field in type_.fields.items():
        below = get_named_type(field.type)
        if is_leaf_type(below):
            yield name
        elif isinstance(below, GraphQLObjectType):
            leaves = (each for each, leaf in below.fields.items() if is_leaf_type(get_named_type(leaf.type)))
            yield f"{name} {{ {' '.join(leaves)} }}"


@pytest.mark.parametrize("purpose", PURPOSES)
async def test_a_document_reads_no_more_of_an_officer(purpose: str):
    """A document that asks an officer for everything is granted names and offices, whoever of its holders asks."""
    everything = " ".join(shallow_of("Person"))
    text = f'{{ enterprise(id: "{ENTERPRISES[0]}") {{ officers {{ person {{ {everything} }} }} }} }}'
    gateway = InMemory(small_city(3).sources())
    for kind in sorted(policy().purposes.leaves[purpose].holders):
        granted = gateway.prepared(text, purpose, kind=kind).grant.allowed
        read: set[FieldUse] = {use for use in granted if use.reached == "person" and use.use in SEEN}
        assert {use.coordinate for use in read} <= NAME | OFFICES

"""A registered operation reads something of every subject that it looks up, and leaves no variable to be no subject."""

from __future__ import annotations

import re

import pytest

from gateway.errors import RequestError
from gateway.operations.document import read_document
from gateway.operations.existence_probes import existence_probes
from gateway.operations.register import load_register
from gateway.settings import ROOT, LimitSettings
from tests.gateway.operations.test_choosing_documents import CLIENTS
from tests.support.gateway_in_memory import document_of, graph, policy
from tests.support.tested_city import TESTED_CITY

BY_ID = "query Q($id: PersonNumber!{more}) {{ person(id: $id) {body} }}"
BY_KEYS = "query Q({declared}) {{ subjects(by: {by}) {{ {body} }} }}"


@pytest.mark.parametrize(
    "text",
    [
        BY_ID.format(more="", body="{}"),
        BY_ID.format(more="", body="{ __typename }"),
        BY_ID.format(more="", body="{ a: __typename ... on Person { b: __typename } }"),
        BY_ID.format(more="", body="{ ... on CreditSubject { __typename } ...F }")
        + " fragment F on Person { __typename }",
        BY_ID.format(more="", body="{ name @skip(if: true) __typename }"),
        BY_ID.format(more=", $full: Boolean!", body="{ name @include(if: $full) __typename }"),
        BY_ID.format(more=", $a: Boolean!, $b: Boolean!", body="{ name @include(if: $a) sex @skip(if: $b) }"),
        BY_ID.format(more="", body="{ name taxArrears {} }"),
        BY_ID.format(more="", body="{ identityNumber again: identityNumber __typename }"),
        BY_ID.format(more=", $a: Boolean!", body="{ identityNumber name @include(if: $a) }"),
        "query Q($id: CreditCode!) { enterprise(id: $id) { creditCode } }",
        BY_ID.format(more="", body="{ name offices { role enterprise { __typename } } }"),
        BY_KEYS.format(declared="$k: [SubjectKey!]!", by="$k", body="... on Person { name }"),
        BY_KEYS.format(declared="$k: CreditCode!", by="[{enterprise: $k}]", body="... on Person { name }"),
        "query Q($ids: [CreditCode!]!) { catalogue { field } enterprises(ids: $ids) { __typename } }",
    ],
)
def test_a_look_at_nothing_but_existence_is_refused(text: str):
    """Whatever form it has, a subject that is looked up is read; under no condition does its existence stand alone."""
    reasons = list(existence_probes(document_of(text)))
    assert reasons
    assert all("select" in each for each in reasons)


@pytest.mark.parametrize(
    "text",
    [
        BY_ID.format(more="", body="{ name }"),
        "query Q($id: CreditCode!) { enterprise(id: $id) { creditCode officers { person { identityNumber } } } }",
        BY_ID.format(more="", body="{ __typename taxArrears(first: 1) { __typename } }"),
        BY_ID.format(more=", $a: Boolean!", body="{ name @include(if: $a) sex @skip(if: $a) }"),
        "query Q($id: PersonNumber!, $a: Boolean!) { person(id: $id) @include(if: $a) { name } }",
        BY_KEYS.format(declared="$k: PersonNumber!", by="[{person: $k}]", body="... on Person { name }"),
        "query Q($id: PersonNumber!) { standing(of: {person: $id}) { __typename } }",
    ],
)
def test_a_look_at_something_is_no_probe(text: str):
    """A document that reads a field of each subject that it can name is left alone."""
    assert not list(existence_probes(document_of(text)))


def test_no_registered_operation_is_a_probe():
    """Every operation of this installation reads what it looks up."""
    for each in load_register(ROOT / "operations", policy().purposes, CLIENTS, TESTED_CITY).values():
        assert not list(existence_probes(document_of(each.document, LimitSettings())))


@pytest.mark.parametrize(
    ("declared", "by"),
    [
        ("$p: PersonNumber", "[{person: $p}]"),
        ("$p: PersonNumber", "{person: $p}"),
        ('$p: PersonNumber = "411502197101010013"', "[{person: $p}]"),
        ("$p: CreditCode, $q: PersonNumber!", "[{person: $q}, {enterprise: $p}]"),
    ],
)
def test_a_variable_of_a_one_of_input_is_certain(declared: str, by: str):
    """A nullable variable in a @oneOf input could name no subject at all: its document is refused when it is read."""
    for text in (
        BY_KEYS.format(declared=declared, by=by, body="name"),
        f"query Q({declared}) {{ ...F }} fragment F on Query {{ subjects(by: {by}) {{ name }} }}",
    ):
        with pytest.raises(RequestError, match=r"\$p must be of a non-null type") as caught:
            read_document(graph(), text, None, LimitSettings(), introspection=False)
        assert "411502" not in str(caught.value.formatted())
        certain = re.sub(r"(PersonNumber|CreditCode)(?=[ ,)])", r"\1!", text)
        read_document(graph(), certain, None, LimitSettings(), introspection=False)

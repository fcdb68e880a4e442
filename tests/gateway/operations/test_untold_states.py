"""Whoever is shown records that do not stand is told the state of each."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gateway.authorization.grant import best_path, decide
from gateway.errors import StartRefused
from gateway.operations.register import load_register
from gateway.operations.untold_states import untold_states
from gateway.pipeline.lookup import prepare_registered
from gateway.pipeline.prepare import Preparer
from gateway.settings import ROOT, LimitSettings
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from tests.gateway.operations.test_choosing_documents import CLIENTS
from tests.support.gateway_in_memory import document_of, graph, policy
from tests.support.tested_city import TESTED_CITY

BY_ID = "query Q($id: PersonNumber!{more}) {{ person(id: $id) {{ name {body} }} }}"
UNTOLD = [
    ("", "taxArrears { since }", ["Person.taxArrears"]),
    (", $a: Boolean!", "taxArrears { since state @include(if: $a) }", ["Person.taxArrears"]),
    ("", "told: redLists { state } redLists { list }", ["Person.redLists"]),
    (
        "",
        "... on Person { offices { enterprise { taxArrears { since } } } redLists { list } }",
        ["Person.redLists"],
    ),
    ("", "adverseRecords(first: 3) { ... on TaxArrears { since } }", ["Person.adverseRecords"]),
]
TOLD = [
    ("", "taxArrears { since state }"),
    (", $a: Boolean!", "taxArrears @include(if: $a) { since standing: state }"),
    (
        "",
        "offices { role } volunteering { hours } latest: redLists { ...F }",
        " fragment F on RedListEntry { state list }",
    ),
]
"""Documents that tell the state wherever there is one."""


def reasons(text: str, purpose: str, kind: str) -> list[str]:
    """Return why a document is refused for a purpose."""
    document = document_of(text)
    grant = decide(policy(), kind, purpose, document.plan.uses(graph(), best_path(purpose)))
    return list(untold_states(document, grant.history))


@pytest.mark.rule("HN-37")
@pytest.mark.parametrize(("more", "body", "lists"), UNTOLD)
def test_a_list_with_history_and_without_the_state_is_refused(more: str, body: str, lists: list[str]):
    """Under no condition is a record that does not stand shown without its state; the reason names the list."""
    found = reasons(BY_ID.format(more=more, body=body), "subject.report", "organ")
    assert [each.partition(" ")[0] for each in found] == lists
    assert all("select their `state`" in each for each in found)


@pytest.mark.parametrize("given", TOLD)
def test_a_list_with_its_state_is_accepted(given: tuple[str, ...]):
    """The state under another name or in a fragment is told, and a record without a life has none."""
    more, body, *fragments = given
    assert reasons("".join((BY_ID.format(more=more, body=body), *fragments)), "subject.report", "organ") == []


def test_what_stands_needs_no_state():
    """A duty is shown what stands alone, so its documents need not ask for the state."""
    assert reasons(BY_ID.format(more="", body="taxArrears { since }"), "supervision.tax", "organ") == []


def test_no_gateway_starts_with_such_an_operation():
    """A registered operation that shows history without a state stops the start, by its name and the list."""
    register = load_register(ROOT / "operations", policy().purposes, CLIENTS, TESTED_CITY)
    preparer = Preparer(graph(), policy(), Loaders({}, Hooks()), Hooks())
    summary = register["report-summary"]
    assert prepare_registered(preparer, summary, CLIENTS, LimitSettings())
    untold = replace(
        summary, document=summary.document.replace("taxArrears(first: 3) { state", "taxArrears(first: 3) {")
    )
    with pytest.raises(
        StartRefused, match=r"report-summary: Person\.taxArrears lists records that do not stand"
    ):
        prepare_registered(preparer, untold, CLIENTS, LimitSettings())

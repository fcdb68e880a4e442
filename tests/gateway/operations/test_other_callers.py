"""Each kind of caller that rewards nobody has an operation of its own, and is answered what the bureaus hold."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from graphql import FieldNode, InlineFragmentNode, OperationDefinitionNode, SelectionSetNode, parse

from gateway.operations.register import Registration
from sandbox.expected.shown import stands
from sandbox.truth import datasets
from tests.support.reached_city import ReachedCity, clients_of, register_of
from tests.system.test_truth import FIELDS, ONE

CITY = "xinyang"
POPULATION = 1_500
"""So many persons, and a fifth as many enterprises, that each list has an entry that stands."""
KINDS = {
    "bidder-check": "procurement_centre",
    "supplier-check": "procurement_centre",
    "appointment-check": "personnel_organ",
    "credit-site": "publisher",
    "credit-site-lists": "publisher",
    "objection": "credit_office",
    "repair": "credit_office",
    "policy-push": "credit_office",
}
"""The kind of caller that asks each operation."""
OF_RIGHTS = ("objection", "repair")
"""The operations that show records in any state."""
FIRM = "enterprise"
KIND = {"appointment-check": "person"}
"""The subjects of an operation, where they are no enterprises."""


@cache
def reached() -> ReachedCity:
    """Return a small city."""
    return ReachedCity(CITY, POPULATION)


@pytest.mark.parametrize("name", KINDS)
async def test_an_operation_shows_what_the_bureaus_hold(name: str):
    """About each subject of the city the answer is the truth's, and some subject has a record of each list."""
    operation = register_of(CITY)[name]
    (client,) = operation.clients
    kinds, seen = {each["identifier"]: each["kind"] for each in reached().subjects}, set[str]()
    of = [each for each in reached().subjects if name in OF_RIGHTS or each["kind"] == KIND.get(name, FIRM)]
    for key, answer in (await reached().asked(operation, clients_of(CITY)[client], of)).items():
        assert set(answer) == {"data"}
        (found,) = answer["data"].values()
        shown = found[0] if isinstance(found, list) else found
        assert shown == truth(operation, key, kinds[key])
        seen |= {field for field, value in (shown or {}).items() if value}
    assert seen == {alias for alias, _ in fields(selected(operation, kinds[of[-1]["identifier"]]))}


@pytest.mark.rule("HN-61")
@pytest.mark.parametrize("name", KINDS)
def test_a_kind_of_caller_has_an_operation(name: str):
    """Procurement, appointment, publication and the credit office ask by operations of their own."""
    (client,) = register_of(CITY)[name].clients
    assert clients_of(CITY)[client].kind == KINDS[name]


def truth(operation: Registration, key: str, kind: str) -> dict[str, Any] | None:
    """Return what an operation must show of a subject; null of a minor and of the dead, unless rights are settled."""
    held = reached().held[key]
    registered = held[f"registry.{kind}"][0]
    if operation.name not in OF_RIGHTS and kind == "person" and not _is_shown(registered):
        return None
    return {
        alias: _shown(operation, held, registered, node) for alias, node in fields(selected(operation, kind))
    }


def _is_shown(registered: Any) -> bool:
    return not registered["deceased"] and registered["birth_date"] <= "2008-06-30"


def _shown(operation: Registration, held: Any, registered: Any, node: FieldNode) -> Any:
    if node.selection_set is None:
        return registered[column(node.name.value)]
    (name,) = [each for each, field in FIELDS.items() if field == node.name.value]
    rows = [each for each in held.get(name, ()) if operation.name in OF_RIGHTS or stands(each)]
    records = [_record(name, each, node.selection_set) for each in rows]
    return (records[0] if records else None) if node.name.value in ONE else records


def _record(name: str, row: Any, selection: SelectionSetNode) -> dict[str, Any]:
    item = datasets()[name][1].item
    stated = {"provider": item.provider, "legal_basis": item.legal_basis}
    return {alias: (row | stated)[column(node.name.value)] for alias, node in fields(selection)}


def selected(operation: Registration, kind: str) -> SelectionSetNode:
    """Return what an operation selects of a kind of subject."""
    (definition,) = parse(operation.document).definitions
    assert isinstance(definition, OperationDefinitionNode)
    (root,) = definition.selection_set.selections
    assert isinstance(root, FieldNode)
    assert root.selection_set is not None
    parts = [each for each in root.selection_set.selections if isinstance(each, InlineFragmentNode)]
    own = [each for each in parts if each.type_condition and each.type_condition.name.value.lower() == kind]
    return own[0].selection_set if own else root.selection_set


def fields(selection: SelectionSetNode) -> list[tuple[str, FieldNode]]:
    """Return the fields of a selection by the names of the answer."""
    found = [each for each in selection.selections if isinstance(each, FieldNode)]
    assert len(found) == len(selection.selections)
    return [((each.alias or each.name).value, each) for each in found]


def column(name: str) -> str:
    """Return the column of a field."""
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name)

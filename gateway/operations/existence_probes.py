"""Refuses documents that look a subject up and read nothing of it: their answer tells whether the subject exists.

GraphQL allows empty selection sets since September 2026, and `__typename` is no field of the schema. `person(id: $id) {}`
and `person(id: $id) { __typename }` are `{}` for a person whom the registry knows, and null for any other. An identifier by
which its own subject is looked up tells nothing else either.
"""

from collections.abc import Iterator
from itertools import product

from graphql import SelectionSetNode

from gateway.operations.document import Document
from gateway.operations.limits.shape import nodes


def existence_probes(document: Document) -> Iterator[str]:
    """Yield why a document is an existence probe under some values of its conditions, with what to do instead."""
    if any(isinstance(each, SelectionSetNode) and not each.selections for each in nodes(document.ast)):
        yield "a selection set is empty, which asks for nothing but existence: select the fields that are needed"
    found: dict[str, None] = {}
    for values in product((False, True), repeat=len(document.conditions)):
        plan = document.plan_under(dict(zip(document.conditions, values, strict=True)))
        found |= dict.fromkeys(plan.unread_subjects())
    for coordinate in found:
        yield f"{coordinate} looks a subject up and reads nothing of it: select fields of the subject, or leave it out"

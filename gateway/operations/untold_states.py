"""Refuses documents that list records with their history and do not ask for the state of each.

Whoever is shown what does not stand any more must be told so: a sealed debt without its state reads as one that is owed.
"""

from collections.abc import Collection, Iterator
from itertools import product

from gateway.operations.document import Document
from resolvers.plan.field_use import FieldPlace


def untold_states(document: Document, history: Collection[FieldPlace]) -> Iterator[str]:
    """Yield each list that shows history without the state, under some values of the conditions, with what to do instead.

    `history` has the places of the states of records of which history is shown.
    """
    found: dict[str, None] = {}
    for values in product((False, True), repeat=len(document.conditions)):
        plan = document.plan_under(dict(zip(document.conditions, values, strict=True)))
        for coordinate, state in plan.unasked_states(document.graph):
            if state in history:
                found[coordinate] = None
    for coordinate in found:
        yield f"{coordinate} lists records that do not stand as well and does not tell so: select their `state`"

"""Which fields an answer releases and withholds: what its disclosure says of them.

A grant takes fields away from everybody, and the authorisation of a borrower takes fields away from that borrower alone. A
field stands among both where it is released at one place or of one subject, and withheld at another or of another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import msgspec

from adapters.source import Key
from catalogue.identity_documents import NOBODY
from resolvers.plan.arguments import Arguments
from resolvers.plan.field_use import FieldPlace
from resolvers.plan.plan_node import Plan, PlanNode

Taken: TypeAlias = Mapping[Key, frozenset[str]]
"""The data sets that are taken away from a subject, by their full names and by its key."""


class DisclosedFields(msgspec.Struct, frozen=True):
    """Coordinates of the fields that are asked for: of those released and of those withheld, at least in one place."""

    released: tuple[str, ...]
    withheld: tuple[str, ...]


def disclosed_fields(plan: Plan, denied: Collection[FieldPlace]) -> DisclosedFields:
    """Return the fields that a grant releases of a plan, and those that it withholds: with all that is below."""
    released: set[str] = set()
    withheld: set[str] = set()
    for place, ways in plan.places_above().items():
        hidden = [place in denied or not set(above).isdisjoint(denied) for above in ways]
        if any(hidden):
            withheld.add(place[0])
        if not all(hidden):
            released.add(place[0])
    return DisclosedFields(tuple(sorted(released)), tuple(sorted(withheld)))


def disclosed_within(
    plan: Plan, denied: Collection[FieldPlace], arguments: Arguments, taken: Taken
) -> DisclosedFields:
    """Return what is disclosed where some data sets are taken away from subjects that the request names."""
    found = {
        disclosed_fields(replace(plan, roots=(root,)), frozenset(denied) | root.places_from(sources))
        for each in plan.roots
        for root, sources in _asked_of_subjects(each, arguments, taken)
    }
    return DisclosedFields(
        tuple(sorted({name for each in found for name in each.released})),
        tuple(sorted({name for each in found for name in each.withheld})),
    )


def _asked_of_subjects(
    root: PlanNode, arguments: Arguments, taken: Taken
) -> Iterator[tuple[PlanNode, frozenset[str]]]:
    """Yield what a root asks of the subjects that it names, with the data sets that are taken away from them."""
    nothing = frozenset[str]()
    named = {(name, taken.get(key, nothing)) for _, name, key in root.named_subjects(arguments)}
    if not named:
        yield root, nothing
    for type_name, sources in named:
        yield root.about(type_name), sources


def subjects_by_type(
    types: Sequence[str | None], keys: Sequence[Sequence[Key]]
) -> Mapping[str, Sequence[Key]]:
    """Return the subjects that stand at the positions of a plan, each once, by the type that stands at the position.

    The number that stands for documents of nobody is no subject.
    """
    found: dict[str, Sequence[Key]] = {}
    for type_name, named in zip(types, keys, strict=True):
        read = [key for key in named if key != NOBODY] if NOBODY in named else named
        if type_name is not None and read:
            known = found.get(type_name)
            found[type_name] = read if known is None else list(dict.fromkeys([*known, *read]))
    return found

"""Where the fields of an operation stand: whatever is above a place hides it when it is denied."""

from __future__ import annotations

from collections.abc import Iterator

from resolvers.plan.access_path import Way
from resolvers.plan.field_use import Place
from resolvers.plan.plan import Field, Meta, Plan, Refer, TypeName, children
from resolvers.plan.uses import reached_by


def places_above(plan: Plan) -> dict[Place, tuple[tuple[Place, ...], ...]]:
    """Return for each place of a plan, in its order, the places above it by each way that leads there."""
    found: dict[Place, dict[tuple[Place, ...], None]] = {}
    for root in plan.roots:
        for place, way in _places(root, "asked", ()):
            found.setdefault(place, {})[way] = None
    return {place: tuple(ways) for place, ways in found.items()}


def _places(
    field: Field, reached: Way, above: tuple[Place, ...]
) -> Iterator[tuple[Place, tuple[Place, ...]]]:
    if isinstance(field, TypeName):
        return
    place = (field.coordinate, reached)
    if isinstance(field, Meta):
        yield from _meta(field)
        return
    yield place, above
    below = reached_by(field) if isinstance(field, Refer) else reached
    for child in children(field):
        yield from _places(child, below, (*above, place))


def _meta(meta: Meta) -> Iterator[tuple[Place, tuple[Place, ...]]]:
    """What the schema answers is taken out as a whole, so that each part of it hides all others."""
    whole: tuple[Place, ...] = ((meta.coordinate, "asked"), *((each, "asked") for each in meta.coordinates))
    for place in whole:
        yield place, whole

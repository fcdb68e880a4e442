"""How deeply a document may nest, fragments expanded.

Two nestings are measured. Fields within fields make answers deep and reads many: they have the limit of the
settings. Selection sets within selection sets, those of fragments included, only make code recurse: they may
be `SETS_PER_FIELD` times as deep. Introspection has a limit of its own, since every explorer starts with a
question that is 15 fields deep.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from graphql import FieldNode

from gateway.errors import TOO_DEEP, RequestError
from gateway.operations.limits.shape import Placed, Shape, spread_name

INTROSPECTION_DEPTH: Final = 20
SETS_PER_FIELD: Final = 3


@dataclass(frozen=True, slots=True)
class Depth:
    """The deepest nesting of fields outside introspection, within it, and of selection sets."""

    fields: int = 0
    meta: int = 0
    sets: int = 0


def depths(shape: Shape) -> Depth:
    """Return the deepest nestings of all operations; each fragment is measured once."""
    known: dict[str, Depth] = {}
    for name, placed in shape.fragments.items():
        known[name] = _measure(placed, known)
    return _deepest(_measure(placed, known) for placed in shape.operations)


def check_depth(shape: Shape, limit: int) -> None:
    """Raise TOO_DEEP where an operation nests more than `limit` fields, or its fragments nest too often."""
    found = depths(shape)
    if found.fields > limit:
        raise RequestError(TOO_DEEP, f"At most {limit} levels are allowed.")
    if found.meta > INTROSPECTION_DEPTH:
        raise RequestError(TOO_DEEP, f"At most {INTROSPECTION_DEPTH} levels of introspection are allowed.")
    sets = SETS_PER_FIELD * max(limit, INTROSPECTION_DEPTH)
    if found.sets > sets:
        raise RequestError(TOO_DEEP, f"At most {sets} fragments and fields within each other are allowed.")


def _measure(placed: Iterable[Placed], known: Mapping[str, Depth]) -> Depth:
    return _deepest(_reach(one, known) for one in placed)


def _reach(one: Placed, known: Mapping[str, Depth]) -> Depth:
    """Return how deep one selection reaches, counted from its own definition."""
    spread = known.get(spread_name(one) or "", Depth())
    own = one.fields + isinstance(one.node, FieldNode)
    if one.meta:
        return Depth(0, own + max(spread.fields, spread.meta), one.sets + spread.sets)
    meta = own + spread.meta if spread.meta else 0
    return Depth(own + spread.fields, meta, one.sets + spread.sets)


def _deepest(found: Iterable[Depth]) -> Depth:
    every = list(found)
    return Depth(
        max((one.fields for one in every), default=0),
        max((one.meta for one in every), default=0),
        max((one.sets for one in every), default=0),
    )

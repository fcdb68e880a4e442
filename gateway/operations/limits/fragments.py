"""How many fields a document may have once its fragments are expanded.

Fragments that spread fragments twice each grow exponentially. They are counted, not expanded: a fragment's
number is found once from the numbers of those that it spreads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graphql import FieldNode

from gateway.errors import TOO_MANY_FRAGMENTS, RequestError
from gateway.operations.limits.shape import Placed, Shape, spread_name


def expanded_fields(shape: Shape) -> int:
    """Return the number of fields of all operations with every spread replaced by its fragment."""
    known: dict[str, int] = {}
    for name, placed in shape.fragments.items():
        known[name] = _count(placed, known)
    return sum(_count(placed, known) for placed in shape.operations)


def check_fragments(shape: Shape, limit: int) -> None:
    """Raise TOO_MANY_FRAGMENTS where the operations expand to more than `limit` fields."""
    if expanded_fields(shape) > limit:
        raise RequestError(TOO_MANY_FRAGMENTS, f"At most {limit} fields are allowed.")


def _count(placed: Iterable[Placed], known: Mapping[str, int]) -> int:
    return sum(
        1 if isinstance(one.node, FieldNode) else known.get(spread_name(one) or "", 0) for one in placed
    )

"""Which sides of the one-sided answers a sample shows. An incentive that nobody is granted, or nobody is not, is not decided."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from cli.systems_questions import Question
from gateway.operations.register import Registration
from sandbox.expected.documents import TOLD_TO_ITSELF
from sandbox.expected.selections import Asked, Field

_STANDINGS: Final = ("standing", "standings")
_SIDES: Final = {"TRUE": "TRUE", None: "null"}


def unseen_sides(operation: Registration, questions: Sequence[Question]) -> Iterator[str]:
    """Yield each incentive of an operation with the side that none of the questions must be answered by, as `pds028 TRUE`."""
    for root, field in _one_sided(operation):
        seen = {
            standing[field.called]
            for each in questions
            if not isinstance(each.expected, str)
            for standing in _standings(each.expected[root.called])
        }
        yield from (f"{field.name} {text}" for side, text in _SIDES.items() if side not in seen)


def _standings(found: object) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", found if isinstance(found, list) else [found])


def _one_sided(operation: Registration) -> Iterator[tuple[Field, Field]]:
    """Yield each one-sided answer that a document selects, behind the field that it stands below."""
    asked = Asked.of(operation.document, {})
    for root in asked.fields(asked.root, "Query"):
        if root.name in _STANDINGS and root.below is not None:
            below = asked.fields(root.below, "Standing")
            yield from ((root, each) for each in below if each.name not in TOLD_TO_ITSELF)

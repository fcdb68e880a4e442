"""What a kind of caller may do with each field for a purpose, by the policy's verdict on each use by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from catalogue.classification import Use
from gateway.authorization.engine import Question
from gateway.authorization.grant import best_path, judge
from gateway.authorization.policy import Policy
from resolvers.plan.field_use import AccessPath
from tests.support.reference_executor import LEADS

IDENTIFIERS: Final = {"Person": "Person.identityNumber", "Enterprise": "Enterprise.creditCode"}
ROOTS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("Query.person", "Query.persons", "Query.personByDocument"), ("Person",)),
    **dict.fromkeys(("Query.enterprise", "Query.enterprises"), ("Enterprise",)),
    "Query.subjects": ("Person", "Enterprise"),
    **dict.fromkeys(("Query.standing", "Query.standings"), ("Person", "Enterprise")),
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a kind of caller may do for a purpose, field by field."""

    policy: Policy
    kind: str
    purpose: str

    def may(self, coordinate: str, use: Use, reached: AccessPath) -> bool:
        """Whether the rules allow one use of one field."""
        way = best_path(self.purpose) if reached == "asked" else reached
        question = Question(self.kind, self.purpose, use.value, coordinate, way)
        return judge(self.policy, question).allowed


@dataclass(frozen=True, slots=True)
class Denied:
    """The places at which a field may not be had."""

    allowed: Allowed

    def __contains__(self, place: Any) -> bool:
        coordinate, reached = place
        return not all(self.allowed.may(*use, reached) for use in _uses(coordinate))


def _uses(coordinate: str) -> Iterator[tuple[str, Use]]:
    """Yield what a field that leads to a subject needs beside its own reading."""
    yield coordinate, Use.READ
    for type_name in ROOTS.get(coordinate, ()):
        yield IDENTIFIERS[type_name], Use.ARGUMENT
        if coordinate not in ("Query.standing", "Query.standings"):
            yield IDENTIFIERS[type_name], Use.EXISTS
    if coordinate in LEADS:
        yield IDENTIFIERS[LEADS[coordinate][0]], Use.JOIN_KEY

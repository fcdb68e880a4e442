"""Builds an answer with care: every field that is missing leaves a null and an error with its path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from adapters.bureau_errors import BureauError
from adapters.source import Key
from resolvers.eligibility.facts import Circumstances
from resolvers.fetch.reading import CursorRefused, Table
from resolvers.plan.arguments import Arguments, InvalidArgument
from resolvers.plan.field_use import PlannedPath
from resolvers.plan.masked_plan import MaskedPlan
from resolvers.plan.plan_node import Location, PlanNode

Path: TypeAlias = tuple[str | int, ...]
Why: TypeAlias = BureauError | CursorRefused | InvalidArgument


@dataclass(frozen=True, slots=True)
class FieldFailure:
    """A field that is missing: where, and why. `why` is None where the grant denies the field at the place that is
    reached by the path `reached`.
    """

    path: Path
    coordinate: str
    location: Location
    why: Why | None
    reached: PlannedPath = "asked"
    derived: bool = False
    """Whether the field is derived from data sets that it does not show."""


@dataclass(frozen=True, slots=True)
class WalkedRow:
    """The key of an entity, and the row of its level that a field stands in, with the slot of the row."""

    key: Key
    values: Any = ()
    slot: int = -1
    level: int = -1


NO_ROW: Final = WalkedRow("")
"""Where a root stands: in no row."""


@dataclass(slots=True)
class AnswerWalk:
    """One answer in the making: the data, and the failures in the order in which they were met."""

    plan: MaskedPlan
    tables: Sequence[Table]
    arguments: Arguments
    schema_values: Mapping[str, Any]
    asked: Circumstances
    failures: list[FieldFailure] = field(default_factory=list[FieldFailure])

    def data(self) -> dict[str, Any]:
        """Return the answer's data."""
        return self.object(self.plan.roots, NO_ROW, ())

    def object(self, fields: Iterable[PlanNode], row: WalkedRow, path: Path) -> dict[str, Any]:
        """Return the object of some fields of a row."""
        return {each.key: each.walk(self, row, (*path, each.key)) for each in fields}

    def invalid(self, *numbers: int | None) -> InvalidArgument | None:
        """Return the first argument among `numbers` that has no valid value."""
        for number in numbers:
            if number in self.arguments.invalid:
                return self.arguments.invalid[number]
        return None

    def missing(
        self,
        at: PlanNode,
        path: Path,
        why: Why | None,
        reached: PlannedPath = "asked",
        *,
        derived: bool = False,
    ) -> None:
        """Leave a null for a field, and say why."""
        self.failures.append(FieldFailure(path, at.coordinate, at.location, why, reached, derived))

"""A masked plan: what one document reads and answers under a grant, and what one request of it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from adapters.source import Key
from catalogue.declarations import Counting
from resolvers.fetch.reading import Fetch, Reading, View
from resolvers.plan.arguments import Argument, Arguments, Evaluation
from resolvers.plan.list_choice import Choice
from resolvers.plan.plan_node import PlanNode

Slot: TypeAlias = tuple[int, str]
"""A level and the full name of a dataset."""
Places: TypeAlias = Mapping[str, int]
"""The place of each column in a row."""
PutKeys: TypeAlias = Callable[[Any, list[Sequence[Key]]], None]
"""Puts the keys that an argument's value names to their positions."""
STANDING: Final = -1
"""The level of what one-sided answers are derived from: no other subject is asked about with its columns."""
CURSOR_PLACE: Final = "·cursor"
"""Stands among the columns of a view for the place of the cursor in its rows."""


class DuplicateSubject(Exception):
    """A request names one subject twice in one argument."""


@dataclass(frozen=True, slots=True)
class ListedView:
    """A list that its arguments choose. `filters` has the place in a row of each field that may filter it,
    `orders` that of each enum value that may order it.
    """

    view: View
    coordinate: str
    choice: Choice
    first: int | None
    filters: Places
    orders: Places
    shows_cursor: bool
    named: bool
    """Whether the request names the subject of the list; else it was reached through another one."""


@dataclass(frozen=True, slots=True)
class StatisticRead:
    """A registered statistic as it is read: its cells are released by `counting`.

    `rows` and `columns` are all labels in the order of the answer; `places` are those of a released cell.
    """

    slot: int
    source: str
    counting: Counting
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    places: Places


@dataclass(frozen=True, slots=True)
class CountedSubjects:
    """The subjects that one argument names: one, or as many as its list holds."""

    argument: int
    many: bool
    weigh: Callable[[Sequence[Any]], int]
    """Returns the most values under one subject, from the values of the arguments."""
    weight: int | None = None
    """What `weigh` returns for every request; None where a variable bounds a list."""


@dataclass(frozen=True, slots=True)
class MaskedPlan:
    """What is read and how rows become an answer, for one plan, one grant and one purpose."""

    roots: tuple[PlanNode, ...]
    arguments: tuple[Argument, ...]
    evaluation: Evaluation
    reading: Reading
    fetches: Mapping[Slot, Fetch]
    columns: tuple[Places, ...]
    """For each slot, the place of each column in a row; those of the views follow.
    Of a statistic it is the place in a released cell.
    """
    listed: Mapping[int, ListedView]
    """The list of each of the reading's views, in their order, by the number of its choice."""
    statistics: tuple[StatisticRead, ...]
    standing_slots: tuple[int, ...]
    """The slots from which one-sided answers are derived, and nothing else."""
    schema_fields: tuple[PlanNode, ...]
    """The roots that the schema itself answers."""
    denies: bool
    """Whether any field is taken out."""
    key_arguments: tuple[tuple[int, PutKeys], ...]
    counted: tuple[CountedSubjects, ...]
    fixed_weight: int
    """The most values beside those under the subjects that arguments name."""

    def size(self, arguments: Arguments) -> tuple[int, int]:
        """Return how many subjects a request names, and the most values of its answer: each object, list and leaf."""
        subjects, values = 0, self.fixed_weight
        for each in self.counted:
            if each.argument not in arguments.invalid:
                number = len(arguments.values[each.argument]) if each.many else 1
                subjects += number
                values += number * (each.weigh(arguments.values) if each.weight is None else each.weight)
        return subjects, values

    def keys(self, arguments: Arguments) -> list[Sequence[Key]]:
        """Return the keys of each position that arguments name, or raise DuplicateSubject."""
        keys: list[Sequence[Key]] = [()] * self.reading.positions
        for number, put in self.key_arguments:
            if number not in arguments.invalid:
                put(arguments.values[number], keys)
        return keys

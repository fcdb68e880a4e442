"""What the arguments of a list make of a key's rows at a request: filtered, ordered, continued, bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from adapters.source import Key, Row
from gateway.release.cursors import REACHED, Cursors, List
from resolvers.fetch.list_views import RowCondition, RowFilter, conditions_of, ordered
from resolvers.plan.arguments import Arguments
from resolvers.plan.masked_plan import ListedView, MaskedPlan
from schema.list_arguments import CHOOSING


@dataclass(frozen=True, slots=True)
class Chooser:
    """Chooses for one list of one request. `order` is the place of a value in a row and whether it descends."""

    cursors: Cursors
    purpose: str
    coordinate: str
    chosen_by: bytes
    conditions: Sequence[RowCondition]
    order: tuple[int, bool] | None
    after: str | None
    most: int | None
    shows_cursor: bool
    names_subject: bool

    def __call__(self, key: Key, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows of a key that stand in the list, or raise CursorRefused."""
        subject = key if self.names_subject else REACHED
        listed = List(self.purpose, self.coordinate, self.chosen_by, subject)
        start = 0 if self.after is None else self.cursors.open(listed, self.after)
        found = [row for row in rows if all(meets(row) for meets in self.conditions)]
        if self.order is not None:
            found = ordered(found, self.order[0], descending=self.order[1])
        found = found[start : None if self.most is None else start + self.most]
        if not self.shows_cursor:
            return found
        return [
            (*row, self.cursors.seal(listed, number)) for number, row in enumerate(found, start=start + 1)
        ]


def choosers_of(plan: MaskedPlan, arguments: Arguments, purpose: str, cursors: Cursors) -> list[RowFilter]:
    """Return one function for each view of a plan's reading."""
    return [_chooser(each, arguments, purpose, cursors) for each in plan.listed.values()]


def _chooser(listed: ListedView, arguments: Arguments, purpose: str, cursors: Cursors) -> RowFilter:
    choice = listed.choice
    numbers = (*map(choice.arguments.get, CHOOSING), listed.first)
    if not arguments.invalid.keys().isdisjoint(numbers):
        return _nothing
    where, order, after, most = [None if each is None else arguments.values[each] for each in numbers]
    return Chooser(
        cursors,
        purpose,
        listed.coordinate,
        orjson.dumps([where, order], option=orjson.OPT_SORT_KEYS),
        conditions_of(where or {}, listed.filters),
        None if order is None else (listed.orders[order["field"]], order["direction"] == "DESC"),
        after,
        most,
        listed.shows_cursor,
        listed.named,
    )


def _nothing(_key: Key, _rows: Sequence[Row]) -> Sequence[Row]:
    """Stand for a list of which an argument could not be had: its field fails."""
    return ()
